"""What is worked out from a budget set: growth, distance from fair share before and after, and other sets beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.reads import cells
from openpbc.finance.reads.budget_sets import ALL, BudgetSet, budget_set
from openpbc.finance.reads.distance import distance_report
from openpbc.finance.reads.ledger import Budget, budget_of
from openpbc.finance.reads.scenarios import FairShares, Settings, fair_shares
from openpbc.finance.rules.distance import Distance, distances
from openpbc.finance.rules.ledger import GROUP, IN_SCOPE, OUT_OF_SCOPE
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Ratio
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

PRINTED = "finance.printed_budgets"
MOVED = "moved-since"
SCOPES = (IN_SCOPE, OUT_OF_SCOPE)


@dataclass(frozen=True)
class Measured:
    """A set beside the base of its scenario and the shares; ``before`` is where the groups start from."""

    found: BudgetSet
    shares: FairShares
    weights: Mapping[str, int]
    after: Mapping[str, Distance]
    before: Mapping[str, Distance]
    before_title: str
    before_code: str

    def growth(self, unit: str) -> Ratio | None:
        """Growth in scope over the base of the scenario; none for a group without a base."""
        base = self.base(unit)
        return Ratio(self.found.pence(unit, IN_SCOPE) - base, base) if base else None

    def base(self, unit: str) -> int:
        """What the group (or all) had in scope."""
        return sum(group.base for group in self.shares.groups if unit in (ALL, group.code))

    def before_address(self, unit: str) -> str:
        """Where the distance before is explained."""
        return f"finance/{self.found.facts.place}/distance/{self.before_code}/{unit}"


@dataclass(frozen=True)
class Moved:
    """A budget as the ledger holds it now beside what the set gave; pence."""

    now: Budget
    given: int
    address: str

    @property
    def value(self) -> int:
        """How much more (or less) the ledger holds than the set gave."""
        return self.now.pence - self.given


def moved_since(book: Book, found: BudgetSet, owner: str = ALL) -> Moved | None:
    """Hold the ledger against a set, for a group or for all; none where the ledger holds no such budget."""
    now = budget_of(book, unit="" if owner == ALL else owner)
    if not isinstance(now, Budget):
        return None
    return Moved(now, found.pence(owner, GROUP), found.facts.address(owner, MOVED))


def measured(book: Book, found: BudgetSet) -> Measured | NotSet:
    """Measure a set; the first gap of the rulebook answers "not set"."""
    shares, report = fair_shares(book, Settings.parse(found.facts.settings)), distance_report(book)
    if isinstance(shares, NotSet):
        return shares
    if isinstance(report, NotSet):
        return report
    weights = {row["code"]: int(row["weight"]) for row in book.need_table("fair_shares.shares")}
    totals = {unit: pence for unit, pence in found.totals().items() if unit in weights}
    start = report.points[0]
    return Measured(
        found=found,
        shares=shares,
        weights=weights,
        after=distances(totals, sum(totals.values()), weights),
        before={group.code: group for group in start.groups},
        before_title=start.title,
        before_code=start.code,
    )


@dataclass(frozen=True)
class Beside:
    """Budgets that a set is compared with: pence and address by (group, scope)."""

    code: str
    title: str
    amounts: Mapping[tuple[str, str], tuple[int, str]]

    is_set = True

    def amount(self, unit: str, scope: str) -> int:
        """The budget of a group (or of all) in one scope."""
        return sum(pence for (code, of), (pence, _) in self.amounts.items() if of == scope and unit in (ALL, code))


def comparable(book: Book) -> dict[str, str]:
    """The published tables with which a set may be compared: code and title."""
    listed = book.table(PRINTED)
    return {} if isinstance(listed, NotSet) else {row["table"]: row["title"] for row in listed}


def beside(book: Book, year: str, code: str) -> Beside | NotSet:
    """Give another set (by number) or a published table (by code) to compare with."""
    if code.isdecimal() and len(code) < 10:
        return _other(budget_set(book.place.id, year, int(code)))
    listed = book.table(PRINTED)
    if isinstance(listed, NotSet):
        return listed
    row = next((row for row in listed if row["table"] == code), None)
    if row is None:
        raise UserError(f"there is nothing to compare with under '{code[:20]}'", do="Choose from the list on the page.")
    amounts: dict[tuple[str, str], tuple[int, str]] = {}
    for scope, name in zip(SCOPES, (row["in_scope"], row["out_of_scope"]), strict=True):
        column = cells.column_of(book, name)
        if isinstance(column, NotSet):
            return column
        table, _, heading = name.partition(".")
        for unit, pence in column.items():
            amounts[unit, scope] = (pence, cells.cell_address(book, table, unit, heading))
    return Beside(code, row["title"], amounts)


def _other(found: BudgetSet) -> Beside:
    amounts = {
        (unit, scope): (found.pence(unit, scope), found.facts.address(unit, scope))
        for unit in found.units
        for scope in SCOPES
    }
    return Beside(str(found.facts.number), f"{found.facts.name}. {found.facts.title}", amounts)
