"""Published tables as they were printed, each figure with its explanation, and the checks beside them."""

from __future__ import annotations

from collections.abc import Iterable

from openpbc.finance.reads import Check, PrintedTable
from openpbc.finance.reads.printed import Cell as PrintedCell
from openpbc.finance.reads.printed import Row as PrintedRow
from openpbc.finance.rules.checks import Verdict
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style, Tag
from openpbc.ui.tables import Column, Row, Table

_VERDICTS = {
    Verdict.EXACT: Tag("exact", "green"),
    Verdict.ROUNDING: Tag("rounding", "blue"),
    Verdict.UNEXPLAINED: Tag("unexplained", "orange"),
}
_TOTALS = ("total", "balance")


def money(pence: int, address: str = "", *, signed: bool = False) -> Figure:
    """A published sum, in thousands of pounds."""
    return Figure(pence, Style.THOUSANDS, address, signed=signed)


def rate(ppm: int, address: str = "", places: int = 2) -> Figure:
    """A published rate."""
    return Figure(ppm, Style.PERCENT, address, places)


def verdict_tag(check: Check) -> Cell:
    """The verdict of a check in a box; a check whose figures are not set has none."""
    return _VERDICTS[check.verdict] if check.verdict else Tag("not set", "red")


def heading(table: PrintedTable) -> str:
    """The title of a published table; the number under which the source printed it is its label and not its name."""
    return f"{table.title} (printed as table {table.number})"


def as_printed(table: PrintedTable) -> Table:
    """A published table, figure by figure as printed; notes of its rows stand in a last column where there are any."""
    rows = () if isinstance(table.rows, NotSet) else table.rows
    noted = any(row.note for row in rows)
    columns: list[Column] = [tables.text("Line")]
    columns += [_column(table, position) for position in range(len(table.columns))]
    return tables.table(
        f"table-{table.number}",
        heading(table),
        [*columns, tables.text("Note")] if noted else columns,
        [_row(row, noted) for row in rows],
        empty=f"Not set. Fill in {table.path}.",
    )


def _column(table: PrintedTable, position: int) -> Column:
    column = table.columns[position]
    return tables.number(column.heading, "£000" if column.kind == "money" else "%", additive=False, group=column.over)


def _row(row: PrintedRow, noted: bool) -> Row:
    figures = tuple(_figure(cell) for cell in row.cells)
    notes = (row.note,) if noted else ()
    return Row((row.label, *figures, *notes), total=row.role in _TOTALS)


def _figure(cell: PrintedCell) -> Cell:
    if cell.printed is None:
        return None
    if cell.column.kind == "percent":
        return rate(cell.printed, cell.address, cell.places)
    return money(cell.printed, cell.address)


def checks_table(id: str, caption: str, found: Iterable[Check]) -> Table:
    """Checks one a row: printed, recomputed, difference, verdict and the recorded note."""
    columns = [
        tables.code("Check"),
        tables.text("What is compared"),
        tables.number("Printed", "£000 or %", additive=False),
        tables.number("Recomputed", "£000 or %", additive=False),
        tables.number("Difference", additive=False),
        tables.text("Verdict"),
        tables.text("Note"),
    ]
    return tables.table(id, caption, columns, [_check_row(check) for check in found], cards=True)


def _check_row(check: Check) -> list[Cell]:
    stem = check.address.rpartition("/")[0]
    return [
        check.id,
        check.what,
        _in_unit(check, check.printed, f"{stem}/printed"),
        _in_unit(check, check.recomputed, f"{stem}/recomputed"),
        None if check.difference is None else _in_unit(check, check.difference, f"{stem}/difference"),
        verdict_tag(check),
        check.note,
    ]


def _in_unit(check: Check, value: int | NotSet, address: str) -> Cell:
    if isinstance(value, NotSet):
        return Missing(value.path)
    return rate(value, address) if check.unit == "percent" else money(value, address)


def by_group(table: PrintedTable) -> bool:
    """Whether the rows of a published table are groups."""
    return not isinstance(table.rows, NotSet) and any(row.role == "group" for row in table.rows)
