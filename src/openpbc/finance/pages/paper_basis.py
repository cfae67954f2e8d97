"""What a paper of finance rests on: the scenario that somebody chose, its plan, and who has decided what."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance import reads
from openpbc.finance.reads import Choice, Comparison, FairShares, PlanPosition, Scenario
from openpbc.finance.reads.scenarios import SCENARIOS
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

ASSUMED = "finance.deposit_assumed"


@dataclass(frozen=True)
class Basis:
    """The choices behind a paper; each part that a place has not filled is "not set".

    ``position`` is the plan at the deposit that the scenario names, or at what a what-if releases.
    """

    book: Book
    choice: Choice | None
    result: FairShares | NotSet
    position: PlanPosition | NotSet
    comparison: Comparison | None

    @property
    def scenario(self) -> Scenario | None:
        """The scenario, if the place has any."""
        return None if isinstance(self.result, NotSet) else self.result.scenario

    @property
    def title(self) -> str:
        """The scenario by its title; a paper never names it by the number of a table."""
        return self.choice.title if self.choice else "not set"

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands at the head of the paper, and again where its figures come from."""
        place = self.book.place
        return (
            ("Place", f"{place.title}, {place.year.label}"),
            ("As at", _as_at(self.book)),
            ("Scenario", self.title),
            ("Plan", "not set" if isinstance(self.position, NotSet) else "as printed in the source"),
            ("Rulebook", self.book.hash),
        )

    @property
    def footer(self) -> str:
        """What stands beside the page numbers."""
        return f"Rulebook {self.book.hash[:12]}"


def basis(book: Book, code: str = "") -> Basis:
    """Give what a paper under a scenario rests on; without one, that of the deposit that the budgets assume."""
    offered = reads.choices(book)
    if not offered:
        gap = book.table(SCENARIOS)
        assert isinstance(gap, NotSet)
        return Basis(book, None, gap, reads.plan(book), None)
    chosen = reads.choice(book, code or _assumed(book))
    comparison = reads.compare(book, tuple(dict.fromkeys((chosen, *offered))))
    if isinstance(comparison, NotSet):
        return Basis(book, chosen, comparison, reads.plan(book), None)
    first = comparison.first
    gap = book.table(reads.PLAN)
    position = first.named or first.figured or (gap if isinstance(gap, NotSet) else reads.plan(book))
    return Basis(book, chosen, first.result, position, comparison)


def _assumed(book: Book) -> str:
    """The scenario whose deposit the budgets assume; the first of the place if none is assumed."""
    found = reads.scenarios(book)
    listed = () if isinstance(found, NotSet) else found
    return next((each.code for each in listed if each.deposit == ASSUMED), listed[0].code if listed else "")


def _as_at(book: Book) -> str:
    """The day on which the figures became known; a paper carries no clock."""
    held = book.table(SCENARIOS)
    known = None if isinstance(held, NotSet) else held.known_from
    return f"figures known from {known.day} {Month.of(known).name}" if known else "not set"
