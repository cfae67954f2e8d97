"""The allocation bridge, the plan under each deposit, the funding of groups, and the budgets that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.reads import cells
from openpbc.finance.reads.scenarios import FairShares, GroupShare, Scenario, Settings, fair_shares, scenario, scenarios
from openpbc.finance.rules import allocation as bridge_rule
from openpbc.finance.rules import funding as funding_rule
from openpbc.finance.rules import plan as plan_rule
from openpbc.finance.rules.adding_up import Line
from openpbc.finance.rules.allocation import Bridge
from openpbc.finance.rules.funding import Funding
from openpbc.finance.rules.plan import Plan
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import thousands
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

ALLOCATION = "finance.allocation_lines"
PLAN = "finance.plan_lines"
FUNDING = "finance.funding_for_groups"
LEAST_UNDERSPEND = "finance.minimum_planned_underspend"


@dataclass(frozen=True)
class PlanPosition:
    """The plan under one deposit, with what is to be said about it. Money in pence."""

    title: str
    scenario: Scenario | None
    plan: Plan
    findings: tuple[Finding, ...]
    status: str
    address: str

    is_set = True

    def figure_address(self, figure: str) -> str:
        """Give the address of a figure: allocation, committed, uncommitted, deposit or balance."""
        start, _, end = self.address.rpartition("/balance/")
        return f"{start}/{figure}/{end}"

    @property
    def deposit(self) -> int:
        """What leaves the plan."""
        return self.plan.deposit

    @property
    def balance(self) -> int:
        """What is left."""
        return self.plan.balance


def allocation(book: Book) -> Bridge | NotSet:
    """Give the bridge from last year's allocation to this year's."""
    rows = book.table(ALLOCATION)
    if isinstance(rows, NotSet):
        return rows
    lines = tuple(
        bridge_rule.BridgeLine(
            _line(book, rows, row, "amount"), row["recurrence"], row["provisional"] == "yes", row["note"]
        )
        for row in rows
        if row["role"] == "line"
    )
    return bridge_rule.bridge(lines, _printed(book, rows, "role", "total", "amount"))


def _line(book: Book, rows: Table, row: Mapping[str, str], column: str) -> Line:
    table = _table_code(book, rows.id)
    address = cells.cell_address(book, table, row["code"], column) if table else ""
    return Line(row["code"], row["line"], _amount(book, rows, row, column), rows.citation, address)


def _amount(book: Book, rows: Table, row: Mapping[str, str], column: str) -> int:
    return cells.scaled(row[column], book.subjects[rows.id].unit)


def _table_code(book: Book, rows_from: str) -> str:
    """Under which code a pack table is published, if it is."""
    listed = cells.layouts(book)
    if isinstance(listed, NotSet):
        return ""
    return next((layout.code for layout in listed.values() if layout.rows_from == rows_from), "")


def _printed(book: Book, rows: Table, by: str, wanted: str, column: str) -> int | None:
    """Give the printed result in the one row that has it; none where nothing is printed."""
    found = [row for row in rows if row[by] == wanted and row[column]]
    return _amount(book, rows, found[0], column) if found else None


def plan(book: Book, scenario_code: str = "", deposit: int | None = None) -> PlanPosition | NotSet:
    """Give the plan under a scenario's deposit, or under a what-if deposit in pence."""
    rows = book.table(PLAN)
    if isinstance(rows, NotSet):
        return rows
    if deposit is not None:
        title = f"Deposit of £{thousands(deposit)} thousand"
        return _position(book, rows, deposit, title, f"deposit={deposit}", None)
    chosen = scenario(book, scenario_code)
    if isinstance(chosen, NotSet):
        return chosen
    found = cells.total(book, chosen.deposit)
    return found if isinstance(found, NotSet) else _position(book, rows, found, chosen.title, chosen.code, chosen)


def _position(book: Book, rows: Table, deposit: int, title: str, column: str, chosen: Scenario | None) -> PlanPosition:
    laid_out = plan_rule.Plan(
        funding=tuple(_line(book, rows, row, "amount") for row in rows if row["role"] == "funding"),
        spending=tuple(_line(book, rows, row, "amount") for row in rows if row["role"] == "spend"),
        printed=plan_rule.PrintedResults(
            _printed(book, rows, "code", "committed", "amount"), _printed(book, rows, "code", "uncommitted", "amount")
        ),
        deposit=deposit,
    )
    address = cells.cell_address(book, "plan", "balance", column)
    return PlanPosition(title, chosen, laid_out, _underspend_findings(book, deposit), str(rows.status), address)


def _underspend_findings(book: Book, deposit: int) -> tuple[Finding, ...]:
    least = book.value(LEAST_UNDERSPEND)
    if isinstance(least, NotSet) or deposit >= least.pence:
        return ()
    sentence = (
        f"A deposit of £{thousands(deposit)} thousand is less than the £{thousands(least.pence)} thousand by which "
        "spending power falls in later years."
    )
    return (Finding("PL-01", Level.WARNING, Place(field="deposit"), sentence),)


def plan_scenarios(book: Book) -> tuple[PlanPosition, ...] | NotSet:
    """Give the plan under every scenario of the place, the balance re-computed for each deposit."""
    listed = scenarios(book)
    if isinstance(listed, NotSet):
        return listed
    positions = []
    for one in listed:
        position = plan(book, one.code)
        if isinstance(position, NotSet):
            return position
        positions.append(position)
    return tuple(positions)


def funding(book: Book) -> Funding | NotSet:
    """Give how much of the allocation reaches the groups, year by year."""
    rows, listed = book.table(FUNDING), cells.layouts(book)
    if isinstance(rows, NotSet):
        return rows
    if isinstance(listed, NotSet):
        return listed
    columns = cells.layout_of(book, _table_code(book, FUNDING)).money
    return Funding(tuple(_year(book, rows, column) for column in columns))


def _year(book: Book, rows: Table, column: str) -> funding_rule.YearFunding:
    lines = tuple(_line(book, rows, row, column) for row in rows if row["role"] != "total")
    return funding_rule.year_funding(column, lines, _printed(book, rows, "role", "total", column))


@dataclass(frozen=True)
class GroupBudgets:
    """The year's budgets of all groups under one scenario; money in pence."""

    scenario: Scenario
    groups: tuple[GroupShare, ...]
    statuses: tuple[str, ...]

    is_set = True

    @property
    def by_code(self) -> Mapping[str, GroupShare]:
        """The budgets by group."""
        return {group.code: group for group in self.groups}

    @property
    def total(self) -> int:
        """All groups together, in scope and out of scope."""
        return sum(group.total for group in self.groups)


def group_budgets(book: Book, scenario_code: str = "") -> GroupBudgets | NotSet:
    """Give each group's budget of the year, as the rule computes it under a scenario."""
    result: FairShares | NotSet = fair_shares(book, Settings(scenario=scenario_code))
    if isinstance(result, NotSet):
        return result
    return GroupBudgets(result.scenario, result.groups, result.statuses)
