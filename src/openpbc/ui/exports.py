"""Downloads: CSV, JSON and workbooks that print the same rows as the page, stay numeric and cannot inject formulas.

Text that a spreadsheet would take for a formula is kept as inert text: in CSV behind an apostrophe, in workbooks as a
string cell. JSON is read by programs, which run no formulas: there text is as it is. Numbers are never touched,
negative ones neither.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpbc.ui.figures import Cell
from openpbc.ui.tables import Table, control_totals, number_of, text_of
from openpbc.ui.workbooks.writing import CREATED, NARROWEST, WORKBOOK_TYPE, FormSheet, Line, Look, form_bytes

__all__ = [
    "CREATED",
    "CSV_TYPE",
    "FORMULA_STARTS",
    "JSON_TYPE",
    "WORKBOOK_TYPE",
    "Sheet",
    "csv_bytes",
    "inert",
    "json_bytes",
    "original",
    "workbook_bytes",
]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV_TYPE = "text/csv; charset=utf-8"
JSON_TYPE = "application/json"
_UNSEEN = ("Z", "C")  # spaces, control and format characters: some spreadsheets skip them before a formula


@dataclass(frozen=True)
class Sheet:
    """A table with the facts that stand above it: pairs such as place, as at, book, run."""

    table: Table
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def head(self) -> list[tuple[str, str | int | Decimal]]:
        """The rows above the table: title, facts, number of rows, and a control total for every column that sums."""
        rows = sum(not row.total for row in self.table.rows)
        totals = [(f"Control total: {column.heading}", total) for column, total in control_totals(self.table)]
        return [("Table", self.table.caption), *self.facts, ("Rows", rows), *totals]


def runs(text: str) -> bool:
    """Tell whether a spreadsheet might run text as a formula, now or after somebody takes off its apostrophes.

    Wide and small look-alikes of the signs count, and signs behind characters that nobody sees.
    """
    bare = text.lstrip("'")
    if bare.startswith(FORMULA_STARTS):
        return True
    for letter in bare:
        if letter != "'" and not unicodedata.category(letter).startswith(_UNSEEN):
            return unicodedata.normalize("NFKC", letter).startswith(FORMULA_STARTS)
    return False


def inert(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return "'" + text if runs(text) else text


def original(cell: str) -> str:
    """Give the text of which :func:`inert` made this cell."""
    return cell[1:] if cell.startswith("'") and runs(cell) else cell


def plain(number: Decimal) -> str:
    """Write an exact number with a point for decimals, without exponent, separators or trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def csv_bytes(sheet: Sheet) -> bytes:
    """Print a table as CSV (UTF-8 with byte order mark, CRLF): facts, an empty line, headings, rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for name, value in sheet.head:
        writer.writerow([inert(name), inert(value) if isinstance(value, str) else plain(Decimal(value))])
    writer.writerow([])
    writer.writerow([inert(column.heading) for column in sheet.table.columns])
    for row in sheet.table.rows:
        writer.writerow([_csv_cell(cell) for cell in row.cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _csv_cell(cell: Cell) -> str:
    number = number_of(cell)
    return inert(text_of(cell)) if number is None else plain(number)


def json_bytes(sheet: Sheet) -> bytes:
    """Print a table as one JSON object (UTF-8): ``table``, ``facts``, ``columns``, ``rows``, ``totals``.

    ``facts`` are name and value pairs, as they stand above the CSV file. Each column has its ``heading``, ``unit`` and
    whether it is ``numeric``; each row is a list of cells in the order of the columns: a number, text, or null where
    the cell is empty. What is not set or hidden is text, so it can never be taken for nought. ``totals`` are the rows
    that sum others up.
    """
    table = sheet.table
    held = {
        "table": table.caption,
        "facts": [[name, value if isinstance(value, str) else exact(Decimal(value))] for name, value in sheet.head[1:]],
        "columns": [{"heading": each.heading, "unit": each.unit, "numeric": each.numeric} for each in table.columns],
        "rows": [_json_row(row.cells) for row in table.rows if not row.total],
        "totals": [_json_row(row.cells) for row in table.rows if row.total],
    }
    return json.dumps(held, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _json_row(cells: Sequence[Cell]) -> list[int | float | str | None]:
    numbers = [number_of(cell) for cell in cells]
    return [
        exact(number) if number is not None else None if cell is None else text_of(cell)
        for cell, number in zip(cells, numbers, strict=True)
    ]


def exact(number: Decimal) -> int | float | str:
    """Give a number that JSON prints with the very digits that it has; as text if a reader could not keep them all."""
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else plain(number)


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Print tables as one workbook, a sheet a table; text is always a string cell and numbers are always numbers."""
    return form_bytes(sheets[0].table.caption, [_printed(sheet) for sheet in sheets])


def _printed(sheet: Sheet) -> FormSheet:
    table = sheet.table
    lines = [Line((name, value), Look.FACT) for name, value in sheet.head]
    lines += [Line(), Line([column.heading for column in table.columns], Look.HEAD)]
    lines += [Line(row.cells, Look.TOTAL if row.total else Look.PLAIN) for row in table.rows]
    longest = [
        max((len(text_of(row.cells[place])) for row in table.rows if not column.numeric), default=NARROWEST)
        for place, column in enumerate(table.columns)
    ]
    return FormSheet(table.id, tuple(lines), tuple(max(each, NARROWEST) for each in longest))
