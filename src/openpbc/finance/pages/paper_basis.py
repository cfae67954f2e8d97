"""What a paper of finance rests on: the scenario that somebody chose, its plan, and who has decided what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpbc.finance import reads
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import Choice, Comparison, FairShares, PlanPosition, Scenario, plan_versions
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.reads.scenarios import SCENARIOS
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Figure

ASSUMED = "finance.deposit_assumed"
_DEPOSIT, _BALANCE = "total-deposit", "total-balance"


@dataclass(frozen=True)
class Basis:
    """The choices behind a paper; each part that a place has not filled is "not set".

    ``position`` is the plan as printed, at the deposit that the scenario names or at what a what-if releases;
    ``version`` is the version of the plan that somebody chose, or the approved one.
    """

    book: Book
    choice: Choice | None
    result: FairShares | NotSet
    position: PlanPosition | NotSet
    comparison: Comparison | None
    version: Version | None = None

    @property
    def scenario(self) -> Scenario | None:
        """The scenario, if the place has any."""
        return None if isinstance(self.result, NotSet) else self.result.scenario

    @property
    def title(self) -> str:
        """The scenario by its title; a paper never names it by the number of a table."""
        return self.choice.title if self.choice else "not set"

    @property
    def plan(self) -> str:
        """Which plan the paper rests on."""
        if self.version and self.version.facts:
            return f"{self.version.name} ({self.version.facts.state}, revision {self.version.facts.revision})"
        return "not set" if isinstance(self.position, NotSet) else "as printed in the source"

    @property
    def deposit(self) -> Figure | None:
        """The deposit of the plan; none where there is no plan."""
        if self.version:
            return money(self.version.total(_DEPOSIT), self.version.address(_DEPOSIT))
        if isinstance(self.position, NotSet):
            return None
        return money(self.position.deposit, self.position.figure_address("deposit"))

    @property
    def balance(self) -> Figure | None:
        """What the plan has left; none where there is no plan."""
        if self.version:
            return money(self.version.total(_BALANCE), self.version.address(_BALANCE))
        return None if isinstance(self.position, NotSet) else money(self.position.balance, self.position.address)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands at the head of the paper, and again where its figures come from."""
        place = self.book.place
        return (
            ("Place", f"{place.title}, {place.year.label}"),
            ("As at", _as_at(self.book)),
            ("Scenario", self.title),
            ("Plan", self.plan),
            ("Rulebook", self.book.hash),
        )

    @property
    def footer(self) -> str:
        """What stands beside the page numbers."""
        return f"Rulebook {self.book.hash[:12]}"


def basis(book: Book, code: str = "", version: str = "") -> Basis:
    """Give what a paper rests on: a scenario, or that of the deposit that the budgets assume; a version of the plan."""
    return replace(_sharing(book, code), version=_version(book, version))


def _sharing(book: Book, code: str) -> Basis:
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
    return Basis(book, chosen, first.result, first.named or first.figured or reads.plan(book), comparison)


def _version(book: Book, key: str) -> Version | None:
    """The version that is named, else the approved one; the plan as printed is no version."""
    if key == plan_versions.BOOK:
        return None
    place, year = book.place.id, str(book.place.year)
    return plan_versions.version(book, key) if key else plan_versions.approved_plan(place, year)


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
