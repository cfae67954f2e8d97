"""Downloads: CSV files and workbooks that print the same rows as the page, stay numeric and cannot inject formulas.

Text that a spreadsheet would take for a formula (it starts with = + - @, a tab or a carriage return) is kept as inert
text: in CSV behind an apostrophe, in workbooks as a string cell. Numbers are never touched, negative ones neither.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter

from openpbc.ui.figures import Cell, Figure, Hidden, Link, Missing, Style, Tag
from openpbc.ui.tables import Table, control_totals, number_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV_TYPE = "text/csv; charset=utf-8"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # workbooks carry no clock, so that equal figures give equal bytes
SHEET_NAME_LENGTH = 31
WIDEST_COLUMN = 60

_FORMATS = {
    Style.THOUSANDS: "#,##0.#####",
    Style.POUNDS: "#,##0.00",
    Style.PENCE: "#,##0.00",
    Style.COUNT: "#,##0",
    Style.PERCENT: "0.00##",
    Style.INDEX: "0.000",
}


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


def text_of(cell: Cell) -> str:
    """Give a cell that is not a number as words; empty cells give empty text."""
    match cell:
        case None:
            return ""
        case Link(text, _) | Tag(text, _):
            return text
        case Missing():
            return "not set"
        case Hidden():
            return cell.mark
        case _:
            return str(cell)


def inert(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


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
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    number = number_of(cell)
    return inert(text_of(cell)) if number is None else plain(number)


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Print tables as one workbook, a sheet a table; text is always a string cell and numbers are always numbers."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": sheets[0].table.caption, "author": "OpenPBC", "created": CREATED})
        formats = _Formats(book)
        names: set[str] = set()
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.table.id, names)), sheet, formats)
    return out.getvalue()


class _Formats:
    """The cell formats of one workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.plain = book.add_format()
        self._numbers = {
            (style, total): book.add_format({"num_format": pattern, "bold": total})
            for style, pattern in _FORMATS.items()
            for total in (False, True)
        }

    def of(self, cell: Cell, total: bool) -> xlsxwriter.format.Format:
        """The format of a number."""
        return self._numbers[cell.style if isinstance(cell, Figure) else Style.COUNT, total]


def _sheet_name(id: str, taken: set[str]) -> str:
    name = id[:SHEET_NAME_LENGTH]
    while name.lower() in taken:
        name = f"{id[: SHEET_NAME_LENGTH - 3]}_{len(taken)}"
    taken.add(name.lower())
    return name


def _write_sheet(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, formats: _Formats) -> None:
    line = 0
    for name, value in sheet.head:
        page.write_string(line, 0, name, formats.bold)
        if isinstance(value, str):
            page.write_string(line, 1, value)
        else:
            page.write_number(line, 1, float(value))
        line += 1
    line += 1
    for place, column in enumerate(sheet.table.columns):
        page.write_string(line, place, column.heading, formats.head)
    page.freeze_panes(line + 1, 1)
    for row in sheet.table.rows:
        line += 1
        for place, cell in enumerate(row.cells):
            _write_cell(page, line, place, cell, row.total, formats)
    for place, column in enumerate(sheet.table.columns):
        longest = max((len(text_of(row.cells[place])) for row in sheet.table.rows if not column.numeric), default=14)
        page.set_column(place, place, min(max(longest, 14), WIDEST_COLUMN))


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, line: int, place: int, cell: Cell, total: bool, formats: _Formats
) -> None:
    number = number_of(cell)
    if number is not None:
        page.write_number(line, place, float(number), formats.of(cell, total))
    elif text := text_of(cell):
        page.write_string(line, place, text, formats.bold if total else formats.plain)
