"""Positions in the year as tables: what there is, what was used, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse

from openpbc.finance.reads import partners_shares, whereabouts
from openpbc.kernel.periods import day_text
from openpbc.monitoring.pages.columns import cell, to_date
from openpbc.monitoring.reads import InYear, InYearRow, LockDifference, TaskFound
from openpbc.monitoring.reads.funds import FREED, Fund
from openpbc.monitoring.reads.holders import HELD
from openpbc.monitoring.rules.in_year import BY_SHARE, ENTERED, REST, STRAIGHT
from openpbc.organisations.reads import ROLES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table

COLUMNS = (
    ("budget", "Budget", "Year"),
    ("budget-to-date", "Budget", "To date"),
    ("compared", "Compared", "To date"),
    ("actual-to-date", "Actual", "To date"),
    ("variance", "Difference", "To date"),
    ("variance-rate", "Difference", "To date"),
    ("forecast", "Forecast", "Year end"),
    ("outlook", "Against budget", "Year end"),
    ("last-year", "Same months", "Last year"),
)
COMPARED = "Compared is the budget of the months that have an actual; the difference is the actual less that."
SIGNED = frozenset({"variance", "variance-rate", "outlook"})
METHOD_WORDS = {
    STRAIGHT: "Straight line",
    BY_SHARE: "By profile",
    ENTERED: "Entered by finance",
    REST: "Rest of the group",
    "": "",
}
FIRST = {"group": "unit", "practice": "practice"}
_Named = Callable[[InYearRow], Cell]


def row_name(row: InYearRow) -> Cell:
    """A row's name without a link."""
    return row.name


def position_table(book: Book, found: InYear, named: _Named = row_name, id: str = "") -> Table:
    """A position as one table: a row a group, practice or service line, and the total."""
    by_line = found.by == "line"
    first = "Service line" if by_line else capital(book.word(FIRST[found.by]))
    shown = [tables.text(first)]
    for measure, title, group in COLUMNS:
        rate = measure.endswith("-rate")
        shown.append(tables.number(title, "%" if rate else "£", additive=not rate, group=group))
    told = by_line and found.holder.kind != "pct"
    if told:
        shown.append(tables.text("How it is forecast"))
    rows = _in_order(found, [Row((*_cells(row, named(row)), *_method(row, told))) for row in found.rows])
    total = (*_cells(found.total, found.total.name), *([""] if told else []))
    caption = f"{found.name}, {to_date(found.month)}, by {first.lower() if by_line else book.word(FIRST[found.by])}"
    listed = [*rows, Row(total, total=True)]
    return tables.table(id or f"position-by-{found.by}", caption, shown, listed, notes=(COMPARED,))


def _in_order(found: InYear, rows: list[Row]) -> list[Row]:
    """The groups or their lines, what they come to, and then what is held above them: like stands with like."""
    if found.groups is None:
        return rows
    count = sum(row.holder.kind != HELD for row in found.rows)
    return [*rows[:count], Row(_cells(found.groups, found.groups.name), total=True), *rows[count:]]


def _cells(row: InYearRow, name: Cell) -> tuple[Cell, ...]:
    return (name, *(cell(row.footing[measure], signed=measure in SIGNED) for measure, _, _ in COLUMNS))


def _method(row: InYearRow, told: bool) -> tuple[Cell, ...]:
    return (METHOD_WORDS[row.method],) if told else ()


def held_table(book: Book, found: InYear) -> Table:
    """What is held apart: the risk pool, whose rules may not be set, and deposits, which come back."""
    pool = found.funds.risk_pool
    rows: list[list[Cell]] = [
        [
            "Risk pool",
            Missing(why="The ledger holds no risk pool.") if pool is None else _fund_figure(pool.pence, pool.address),
            Tag("rules not set", "red")
            if not book.value("monitoring.risk_pool_rules").is_set
            else Tag("rules set", "green"),
        ]
    ]
    rows += [[fund.title, _fund_figure(fund.pence, fund.address), Tag("returnable", "blue")] for fund in found.deposits]
    theirs = partners_shares(found.place, str(book.place.year)) if found.beside else frozenset()
    for fund in found.beside:
        rows.append([fund.title, _fund_figure(fund.pence, fund.address), _whose(book, fund, theirs)])
    columns = (tables.text("What"), tables.number("Amount", "£", additive=False), tables.text("Standing"))
    return tables.table("held-apart", "Risk pool, deposits, freed-up and pooled money", columns, rows, cards=True)


def _whose(book: Book, fund: Fund, theirs: frozenset[str]) -> Tag:
    """Whose money beside the budgets is."""
    if fund.kind == FREED:
        return Tag(f"the {book.word('group')}'s to use", "green")
    if fund.code in theirs:
        return Tag("the partner's money", "grey")
    return Tag(f"the {book.word('commissioner_short')}'s share", "blue")


def whereabouts_table(book: Book) -> Table:
    """What was received and where it stands, every kind by name: both sides come to the same sum."""
    found = whereabouts(book)
    rows = [Row((each.words, _fund_figure(each.pence, each.address), None)) for each in found.received]
    rows += [Row((each.words, None, _fund_figure(each.pence, each.address))) for each in found.stands]
    total = Figure(found.pence, Style.POUNDS)
    rows.append(Row(("Together", total, total), total=True))
    columns = (tables.text("What"), tables.number("Received", "£"), tables.number("Stands there", "£"))
    notes = ("As the ledger stands now: what was received is held, handed on or used, and nothing is left over.",)
    return tables.table("whereabouts", "Where the money received is", columns, rows, cards=True, notes=notes)


def _fund_figure(pence: int, address: str) -> Figure:
    return Figure(pence, Style.POUNDS, address)


def tasks_table(book: Book, found: InYear, agreed: Sequence[TaskFound], may: Callable[..., bool]) -> Table:
    """The actions that were agreed, open ones first."""
    titles = {line.code: line.title for line in found.found.lines}
    names = found.found.holders.groups
    columns = [tables.text(title) for title in ("What", "For", "Who", "By when", "How far")]
    rows: list[list[Cell]] = [
        [
            task_link(book, each, may),
            ", ".join(
                (names.get(each.unit, found.found.holders.short), *filter(None, [titles.get(each.service_line)]))
            ),
            ROLES[each.role],
            day_text(each.due),
            Tag("open", "blue") if each.is_open else f"{each.state}: {each.outcome}",
        ]
        for each in agreed
    ]
    return tables.table("actions", "Actions", columns, rows, cards=True)


def _about(whose: str, line: str) -> str:
    return f"{whose}, {line}" if line else whose


def task_link(book: Book, task: TaskFound, may: Callable[..., bool]) -> Cell:
    """An open action leads those who may end it to the form for it."""
    name, at = ("end-unit-action", {"unit": task.unit}) if task.unit else ("end-action", {})
    about = {"place": book.place.id, **at}
    if not task.is_open or not may(f"monitoring:{name}", **about):
        return task.text
    return Link(task.text, reverse(f"monitoring:{name}", kwargs={**about, "task": task.id}))


def differences_table(found: InYear, listed: Sequence[LockDifference]) -> Table:
    """What the last two locks of a month tell differently."""
    titles = {line.code: line.title for line in found.found.lines} | {"all": "All", "undivided": "Not divided"}
    columns = (
        tables.text("Who"),
        tables.text("Service line"),
        tables.text("Figure"),
        tables.number("Locked before", "£", additive=False),
        tables.number("Locked now", "£", additive=False),
    )
    rows = [
        (
            each.holder,
            titles.get(each.line, each.line),
            each.measure,
            _kept(each.first, each.first_address),
            _kept(each.second, each.second_address),
        )
        for each in listed
        if not each.measure.endswith("as a part of that budget")
    ]
    return tables.table(
        "lock-differences", "What changed between the last two locks", columns, rows, empty="Nothing changed."
    )


def _kept(value: int | None, address: str) -> Cell:
    return Missing(why="The figure was not set then.") if value is None else Figure(value, Style.PENCE, address)
