"""The published tables of a place: every figure as printed, beside what the checks make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.reads import cells
from openpbc.finance.reads.checking import Check, checks
from openpbc.finance.rules.checks import Verdict
from openpbc.kernel.citations import Citation
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table


@dataclass(frozen=True)
class Column:
    """One column with figures. ``kind`` is money (pence) or percent (parts per million)."""

    name: str
    heading: str
    over: str
    kind: str


@dataclass(frozen=True)
class Cell:
    """One printed figure: pence or parts per million, with its printed decimals; none where nothing is printed.

    ``checks`` are all checks of this figure; the first of them is the one that derives it.
    """

    column: Column
    printed: int | None
    places: int
    checks: tuple[Check, ...]
    address: str

    @property
    def recomputed(self) -> int | None:
        """What the figure should be by the others; none where no check derives it."""
        found = self.checks[0].recomputed if self.checks else None
        return found if isinstance(found, int) else None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of the check that derives the figure."""
        return self.checks[0].verdict if self.checks else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is recorded about differences of this figure."""
        return tuple(check.note for check in self.checks if check.note and check.verdict is not Verdict.EXACT)


@dataclass(frozen=True)
class Row:
    """One row of a published table."""

    code: str
    label: str
    role: str
    note: str
    cells: tuple[Cell, ...]

    def cell(self, column: str) -> Cell:
        """Find one figure of the row by its column."""
        return next(cell for cell in self.cells if cell.column.name == column)


@dataclass(frozen=True)
class PrintedTable:
    """One published table; ``rows`` says "not set" where its pack is not filled."""

    code: str
    number: str
    title: str
    scenario: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] | NotSet
    status: str
    citation: Citation | None
    path: str

    @property
    def is_set(self) -> bool:
        """Tell whether the table has rows."""
        return not isinstance(self.rows, NotSet)

    def row(self, code: str) -> Row:
        """Find one row by its code."""
        return next(row for row in self.rows if row.code == code) if not isinstance(self.rows, NotSet) else _gone(self)


def _gone(table: PrintedTable) -> Row:
    assert isinstance(table.rows, NotSet)
    raise table.rows.problem


def tables(book: Book) -> tuple[PrintedTable, ...] | NotSet:
    """Give the published tables in their order, or the statement that the place has none."""
    listed = cells.layouts(book)
    if isinstance(listed, NotSet):
        return listed
    by_cell = _checks_by_cell(book)
    headings = _headings(book)
    return tuple(_table(book, layout, by_cell, headings) for layout in listed.values())


def _checks_by_cell(book: Book) -> Mapping[str, tuple[Check, ...]]:
    listed = checks(book)
    found: dict[str, tuple[Check, ...]] = {}
    for check in () if isinstance(listed, NotSet) else listed:
        found[check.printed_name] = (*found.get(check.printed_name, ()), check)
    return found


def _headings(book: Book) -> Mapping[tuple[str, str], tuple[str, str]]:
    listed = book.table(cells.COLUMNS)
    if isinstance(listed, NotSet):
        return {}
    return {(row["table"], row["column"]): (row["heading"], row["over"]) for row in listed}


def _table(
    book: Book,
    layout: cells.PrintedLayout,
    by_cell: Mapping[str, tuple[Check, ...]],
    headings: Mapping[tuple[str, str], tuple[str, str]],
) -> PrintedTable:
    rows = book.table(layout.rows_from)
    names = () if isinstance(rows, NotSet) else layout.columns(rows)
    columns = tuple(
        Column(name, *headings.get((layout.code, name), (name, "")), "percent" if name in layout.percent else "money")
        for name in names
    )
    return PrintedTable(
        code=layout.code,
        number=layout.number,
        title=layout.title,
        scenario=layout.scenario,
        columns=columns,
        rows=rows if isinstance(rows, NotSet) else tuple(_row(book, layout, rows, r, columns, by_cell) for r in rows),
        status=str(rows.status),
        citation=None if isinstance(rows, NotSet) else rows.citation,
        path=rows.path,
    )


def _row(
    book: Book,
    layout: cells.PrintedLayout,
    rows: Table,
    row: Mapping[str, str],
    columns: tuple[Column, ...],
    by_cell: Mapping[str, tuple[Check, ...]],
) -> Row:
    unit = book.subjects[rows.id].unit
    found = []
    for column in columns:
        text = row[column.name]
        printed = cells.scaled(text, "percent" if column.kind == "percent" else unit) if text else None
        named = by_cell.get(f"{layout.code}.{row['code']}.{column.name}", ())
        places = len(text.partition(".")[2])
        address = cells.cell_address(book, layout.code, row["code"], column.name)
        found.append(Cell(column, printed, places, named, address))
    return Row(row["code"], row[layout.label], row["role"], row.get("note", ""), tuple(found))
