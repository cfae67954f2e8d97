"""Budget sets as they stand: their lines, their sums, their history, and which one counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openpbc.finance import models
from openpbc.finance.reads.budget_set_drafts import Part
from openpbc.finance.rules.budget_sets import APPROVED, OPEN, Sums, sums
from openpbc.finance.rules.ledger import DEPOSIT, GROUP, HELD, AccountName, account_name
from openpbc.kernel.problems import UserError

PREFIX = "budget-set"
ALL = "all"


@dataclass(frozen=True)
class BudgetSetFacts:
    """A set without its lines; ``superseded_by`` is the number of the set that came into force after it."""

    place: str
    year: str
    number: int
    title: str
    scenario: str
    settings: str
    plan_version: int | None
    allocation: int
    allocation_address: str
    note: str
    state: str
    revision: int
    decision: int | None
    supersedes: int | None
    made_by: str
    made_at: datetime
    proposed_at: datetime | None
    approved_at: datetime | None

    @property
    def matter(self) -> str:
        """The address by which a decision names the set."""
        return f"{PREFIX}/{self.place}/{self.year}/{self.number}"

    @property
    def source(self) -> str:
        """The text by which the ledger's journals name the set."""
        return f"{PREFIX}/{self.number}"

    @property
    def name(self) -> str:
        """What people call it."""
        return f"Budget set {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it is still a draft or waits for its decision."""
        return self.state in OPEN

    def address(self, unit: str, figure: str) -> str:
        """The address at which a figure of the set is explained."""
        return f"{PREFIX}/{self.place}/{self.number}/{unit}/{figure}"


@dataclass(frozen=True)
class BudgetLine:
    """One line of a set; ``parts`` are what the draft was made of."""

    account: AccountName
    title: str
    pence: int
    drafted: int
    parts: tuple[Part, ...]

    @property
    def owner(self) -> str:
        """The group, or ``held``: the third part of the line's address."""
        return self.account.unit or HELD

    @property
    def figure(self) -> str:
        """What the line is of its owner: the scope, ``deposit``, or the name under which money is held."""
        if self.account.kind == DEPOSIT:
            return DEPOSIT
        return "-".join(part for part in (self.account.scope, self.account.service_line) if part) or self.account.name


@dataclass(frozen=True)
class Change:
    """One step of a set's history."""

    revision: int
    what: str
    account: str
    before: int | None
    after: int | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class BudgetSet:
    """A set with its lines and its history, the latest change last."""

    facts: BudgetSetFacts
    lines: tuple[BudgetLine, ...]
    changes: tuple[Change, ...]

    @property
    def sums(self) -> Sums:
        """The set added up."""
        return sums(self.facts.allocation, self.amounts)

    @property
    def amounts(self) -> dict[str, int]:
        """Pence by account."""
        return {line.account.code: line.pence for line in self.lines}

    @property
    def units(self) -> dict[str, str]:
        """The groups with lines, by code."""
        return {line.account.unit: line.title for line in self.lines if line.account.unit}

    def of(self, owner: str, *kinds: str) -> tuple[BudgetLine, ...]:
        """The lines of a group (or ``held``, or all groups), of the kinds or scopes named if any is."""
        return tuple(
            line
            for line in self.lines
            if owner in (ALL, line.owner) and (not kinds or {line.account.kind, line.account.scope} & set(kinds))
        )

    def pence(self, owner: str, *kinds: str) -> int:
        """What those lines add up to."""
        return sum(line.pence for line in self.of(owner, *kinds))

    def totals(self) -> dict[str, int]:
        """Each group's budget, in scope and out of scope."""
        return {unit: self.pence(unit, GROUP) for unit in self.units}

    def edits(self, lines: Iterable[BudgetLine]) -> tuple[Change, ...]:
        """The changes of amounts of these lines, in order."""
        codes = {line.account.code for line in lines}
        return tuple(change for change in self.changes if change.account in codes)


def budget_sets(place: str, year: str) -> tuple[BudgetSetFacts, ...]:
    """List the sets of a year, the newest first."""
    return tuple(_facts(row) for row in models.BudgetSet.objects.filter(place=place, year=year).order_by("-number"))


def budget_set(place: str, year: str, number: int) -> BudgetSet:
    """Give one set; an unknown one is a person's mistake."""
    row = models.BudgetSet.objects.filter(place=place, year=year, number=number).first()
    if row is None:
        raise UserError(f"there is no budget set {number} of {year}", do="Choose one from the list of budget sets.")
    lines = tuple(
        BudgetLine(account_name(line.account), line.title, line.pence, line.drafted, tuple(map(tuple, line.parts)))
        for line in row.lines.order_by("position", "account")
    )
    names = Change.__dataclass_fields__
    changes = tuple(Change(**each) for each in row.changes.order_by("revision").values(*names))
    return BudgetSet(_facts(row), lines, changes)


def budget_set_in_force(place: str, year: str) -> BudgetSet | None:
    """Give the set that counts, or none while no set of the year is approved."""
    row = models.BudgetSet.objects.filter(place=place, year=year, state=APPROVED).first()
    return budget_set(place, year, row.number) if row else None


def _facts(row: models.BudgetSet) -> BudgetSetFacts:
    return BudgetSetFacts(**{name: getattr(row, name) for name in BudgetSetFacts.__dataclass_fields__})
