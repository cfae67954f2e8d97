"""What a paper of finance rests on: the scenario that somebody chose, its plan, and who has decided what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpbc.finance import reads
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import Choice, Comparison, FairShares, PlanPosition, Scenario, Settings, plan_versions
from openpbc.finance.reads.budget_sets import BudgetSet, budget_set, budget_set_in_force
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.reads.scenarios import SCENARIOS
from openpbc.finance.rules.budget_sets import APPROVED
from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Figure

ASSUMED = "finance.deposit_assumed"
_DEPOSIT, _BALANCE = "total-deposit", "total-balance"


@dataclass(frozen=True)
class Basis:
    """The choices behind a paper; each part that a place has not filled is "not set".

    ``position`` is the plan as printed, at the deposit that the scenario names or at what a what-if releases;
    ``version`` is the version of the plan that somebody chose, or the approved one; ``budgets`` the set of budgets that
    somebody chose, or the one in force, and ``decision`` what approved it.
    """

    book: Book
    choice: Choice | None
    result: FairShares | NotSet
    position: PlanPosition | NotSet
    comparison: Comparison | None
    version: Version | None = None
    budgets: BudgetSet | None = None
    decision: Decision | None = None

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
            *self._decided,
            ("Rulebook", self.book.hash),
        )

    @property
    def _decided(self) -> tuple[tuple[str, str], ...]:
        if self.budgets is None:
            return ()
        facts = self.budgets.facts
        named = ("Budget set", f"{facts.number}, {facts.title} ({facts.state}, revision {facts.revision})")
        if self.decision is None:
            return (named,)
        day = self.decision.when.name
        return (named, ("Decided", f"{day}, minute {self.decision.minute}"))

    @property
    def is_draft(self) -> bool:
        """Whether nobody has approved the budgets of the paper yet."""
        return self.budgets is None or self.budgets.facts.state != APPROVED

    @property
    def is_synthetic(self) -> bool:
        """Whether the decision behind the paper was invented for demonstration."""
        return self.decision is not None and self.decision.synthetic

    @property
    def footer(self) -> str:
        """What stands beside the page numbers."""
        return f"Rulebook {self.book.hash[:12]}"


def basis(book: Book, scenario: str = "", version: str = "", budgets: str = "") -> Basis:
    """Give what a paper rests on: a set of budgets with its scenario and plan, or a scenario and a version of the plan.

    What is not named is what is in force: the approved set and version; without a set, the scenario of the deposit
    that the budgets assume.
    """
    found = None if scenario and not budgets else _set(book, budgets)
    code = scenario or (settings_code(book, found.facts.settings) if found else "")
    key = version or (str(found.facts.plan_version) if found and found.facts.plan_version else "")
    decision = governance.approval(book.place.id, found.facts.matter) if found else None
    return replace(_sharing(book, code), version=_version(book, key), budgets=found, decision=decision)


def _set(book: Book, key: str) -> BudgetSet | None:
    place, year = book.place.id, str(book.place.year)
    if not key:
        return budget_set_in_force(place, year)
    if not key.isdecimal() or len(key) > 6:
        raise UserError(f"'{key[:20]}' names no set of budgets", do="Choose one from the list of budget sets.")
    return budget_set(place, year, int(key))


def settings_code(book: Book, query: str) -> str:
    """Name settings as a choice: the scenario with these very settings, else the settings themselves."""
    settings = Settings.parse(query)
    return next((each.code for each in reads.choices(book) if each.settings == settings), query)


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
