"""Reads a workbook that somebody sent: every cell as what it is, formulas beside the values that were kept for them."""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import BLANK, DIGITS, Kind, ReadSheet, ReadWorkbook, SheetCell, SheetRow
from openpbc.ui.workbooks.opening import MOST_COLUMNS, MOST_ROWS, refuse_unless_safe

MOST_SHEETS = 50
# An empty row that a spreadsheet has coloured still stands in the file; that many are passed over.
MOST_EMPTY_ROWS = 200_000
# What the reader raises about a part that is not as the format wants it; it has no one error of its own.
_BROKEN = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    SyntaxError,  # XML that is not well formed
    RecursionError,
    NotImplementedError,
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
    InvalidFileException,
)


def read_workbook(content: bytes, name: str) -> ReadWorkbook:
    """Read every sheet of a workbook; one that cannot be read, or is not safe to, is refused with a sentence."""
    refuse_unless_safe(content, name)
    try:
        return ReadWorkbook(tuple(_sheets(content, name)))
    except _BROKEN as error:
        what = "a part of the workbook cannot be read"
        raise UserError(what, name, "Open it in a spreadsheet, save it anew as .xlsx, and send that.") from error


class _Reader(ExcelReader):
    """Reads texts exactly: the library's own way takes away the escape that tells ``_x000D_`` from a line end."""

    def read_strings(self) -> None:
        """Read the table of texts as it is written."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def _opened(content: bytes, *, values: bool) -> Any:
    reader = _Reader(io.BytesIO(content), read_only=True, keep_links=False, data_only=values)
    reader.read()
    return reader.wb


def _sheets(content: bytes, name: str) -> Iterator[ReadSheet]:
    written, kept = _opened(content, values=False), _opened(content, values=True)
    if len(written.worksheets) > MOST_SHEETS:
        raise UserError(f"it has {len(written.worksheets)} sheets", name, f"Keep to {MOST_SHEETS} at most.")
    if not written.worksheets:
        raise UserError("it holds no sheet", name, "Choose the workbook itself.")
    for formulas, values in zip(written.worksheets, kept.worksheets, strict=True):
        for sheet in (formulas, values):
            sheet.reset_dimensions()  # what a file says of its size is not to be trusted
        yield ReadSheet(formulas.title, tuple(_rows(formulas, values, name)))


def _rows(formulas: Any, values: Any, name: str) -> Iterator[SheetRow]:
    count = empty = 0
    where = f"{name}, sheet {formulas.title}"
    for number, (row, kept) in enumerate(zip(formulas.iter_rows(), values.iter_rows(), strict=True), start=1):
        if len(row) > MOST_COLUMNS and not all(cell.value is None for cell in row[MOST_COLUMNS:]):
            raise UserError(f"row {number:,} has {len(row):,} columns", where, f"Keep to {MOST_COLUMNS} at most.")
        width = min(len(row), MOST_COLUMNS)
        cells = [_cell(cell, value) for cell, value in itertools.islice(zip(row, kept, strict=True), width)]
        while cells and cells[-1].blank:
            cells.pop()
        if cells:
            count += 1
            yield SheetRow(number, tuple(cells))
        else:
            empty += 1
        if count > MOST_ROWS:
            raise UserError(f"it has more than {MOST_ROWS:,} rows", where, "Take out what does not belong to it.")
        if empty > MOST_EMPTY_ROWS:
            do = "Delete the empty rows below the last line, not only their content."
            raise UserError(f"it has more than {MOST_EMPTY_ROWS:,} empty rows", where, do)


def _cell(written: Any, kept: Any) -> SheetCell:
    if written.value is None:
        return BLANK
    formula = _formula(written.value) if written.data_type == "f" else ""
    value, type_ = (kept.value, kept.data_type) if formula else (written.value, written.data_type)
    kind, text, number = _read(value, type_)
    percent = number is not None and "%" in str(written.number_format)
    return SheetCell(kind, text, number, formula, percent)


def _formula(value: object) -> str:
    if isinstance(value, ArrayFormula):
        value = value.text or ""
    if isinstance(value, DataTableFormula):
        return "TABLE()"
    return str(value).removeprefix("=") or "?"


def _read(value: object, type_: str) -> tuple[Kind, str, Decimal | None]:
    match value:
        case None:
            return Kind.EMPTY, "", None
        case bool():
            return Kind.TRUTH, str(value).upper(), None
        case int() | float():
            return _number(value)
        case datetime() | date() | time() | timedelta():
            return Kind.DATE, str(value).removesuffix(" 00:00:00"), None
        case _ if type_ == "e":
            return Kind.ERROR, str(value), None
        case _:
            return Kind.TEXT, unescape(str(value)), None


def _number(value: float) -> tuple[Kind, str, Decimal | None]:
    exact = Decimal(f"{value:.{DIGITS}g}")
    if not exact.is_finite():
        return Kind.ERROR, str(value), None
    exact = exact.normalize() + 0
    return Kind.NUMBER, f"{exact:f}", exact
