"""Writes workbooks: text is always a string cell, a number always a number, a formula always has its value beside it.

Everything that OpenPBC hands out as a workbook goes through here, tables of pages and forms to be filled in alike, so
that no text can become a formula, nothing is cut off in silence, and equal content gives equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from openpbc.kernel.money import PPM
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import DIGITS
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.tables import number_of, text_of

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # workbooks carry no clock, so that equal figures give equal bytes
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
SHEET_NAME_LENGTH = 31
NARROWEST, WIDEST = 14, 60
# How many empty rows under the headings of a form know their lists.
SPARE_ROWS = 2_000
_INSTEAD = "Download it as CSV, which has no such limit."

PATTERNS = {
    Style.THOUSANDS: "#,##0.#####",
    Style.POUNDS: "#,##0.00",
    Style.PENCE: "#,##0.00",
    Style.COUNT: "#,##0",
    Style.PERCENT: "0.00##",
    Style.INDEX: "0.000",
}
RATE_PATTERN = "0.00##%"
_TYPED = "@"
# In the order of xlsxwriter's own arguments; whoever mends a form may add and remove lines and sort them.
_PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True}


@dataclass(frozen=True)
class Rate:
    """A rate in parts per million, written as a percentage that formulas can multiply by."""

    ppm: int


@dataclass(frozen=True)
class Fine:
    """An exact number on the way to a figure, finer than the figure itself, printed in the figure's style."""

    number: Decimal
    style: Style = Style.THOUSANDS


@dataclass(frozen=True)
class Formula:
    """A live formula without its equals sign, and the value that it has now."""

    text: str
    value: Cell | Number


class Mark(StrEnum):
    """What a cell of a form is for: to be filled in, computed, or to be mended."""

    INPUT = "#FFF9E5"
    COMPUTED = "#E8EDEE"
    WRONG = "#F8D0CC"


@dataclass(frozen=True)
class Marked:
    """A cell of a form with its mark; only computed cells are locked where a sheet is protected.

    What somebody types into a cell ``as_text`` stays as it was typed: no leading nought and no date is made of it.
    """

    cell: Cell | Number | Formula
    mark: Mark = Mark.INPUT
    as_text: bool = False


Number = Rate | Fine | Decimal
Filled = Cell | Number | Formula | Marked


class Look(StrEnum):
    """How a line of a sheet is printed."""

    TITLE = "title"
    FACT = "fact"
    NOTE = "note"
    HEAD = "head"
    PLAIN = "plain"
    TOTAL = "total"


@dataclass(frozen=True)
class Line:
    """One line of a sheet."""

    cells: Sequence[Filled] = ()
    look: Look = Look.PLAIN


@dataclass(frozen=True)
class Allowed:
    """What a column of a form takes: one of a list of words, or any number; ``hint`` is told when it is refused."""

    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class FormSheet:
    """A sheet line by line. Its first headings are printed on every page, and stay in sight where they are ``frozen``.

    ``allowed`` names what columns take below the headings; ``protected`` keeps all but the marked inputs from being
    changed by accident (there is no password).
    """

    name: str
    lines: tuple[Line, ...]
    widths: tuple[int, ...] = ()
    allowed: Mapping[int, Allowed] = field(default_factory=dict)
    protected: bool = False
    hidden_grid: bool = False
    frozen: bool = True

    @property
    def head(self) -> int | None:
        """Which line holds the headings, counted from 0."""
        return next((number for number, line in enumerate(self.lines) if line.look is Look.HEAD), None)


def form_bytes(title: str, sheets: Sequence[FormSheet]) -> bytes:
    """Write the sheets as one workbook; refuse, with a sentence, what a workbook cannot hold whole."""
    for sheet in sheets:
        if len(sheet.lines) > MOST_ROWS:
            what = f"{len(sheet.lines):,} lines are more than the {MOST_ROWS:,} that a workbook holds"
            raise UserError(what, sheet.name, _INSTEAD)
    import xlsxwriter  # loaded for a workbook, not for every start

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": _storable(title), "author": "OpenPBC", "created": CREATED})
        book.set_calc_mode("auto")
        formats, taken = _Formats(book), set[str]()
        for sheet in sheets:
            _Pen(book.add_worksheet(_sheet_name(sheet.name, taken)), formats).write(sheet)
    return out.getvalue()


def _sheet_name(wanted: str, taken: set[str]) -> str:
    name = wanted[:SHEET_NAME_LENGTH]
    while name.casefold() in taken:
        name = f"{wanted[: SHEET_NAME_LENGTH - 3]}_{len(taken)}"
    taken.add(name.casefold())
    return name


def _storable(text: str) -> str:
    """Replace what no file can hold: half a character of a broken encoding."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Formats:
    """The cell formats of one workbook, made once each."""

    _LOOKS: Mapping[Look, Mapping[str, Any]] = {
        Look.TITLE: {"bold": True, "font_size": 14},
        Look.HEAD: {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
        Look.TOTAL: {"bold": True},
        Look.FACT: {},
        Look.NOTE: {"text_wrap": True, "valign": "top"},
        Look.PLAIN: {},
    }

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool, Look, Mark | None], Format] = {}

    def of(self, pattern: str, look: Look, mark: Mark | None, *, wrap: bool = False) -> Format:
        """Give the format of a cell with that number pattern on a line with that look."""
        key = (pattern, wrap, look, mark)
        if key not in self._made:
            shown = dict(self._LOOKS[look])
            shown |= {"num_format": pattern} if pattern else {}
            shown |= {"text_wrap": True, "valign": "top"} if wrap else {}
            shown |= {"bg_color": mark.value, "locked": mark is Mark.COMPUTED, "valign": "top"} if mark else {}
            self._made[key] = self._book.add_format(shown)
        return self._made[key]


@dataclass(frozen=True)
class _Pen:
    """Writes one sheet."""

    page: Worksheet
    formats: _Formats

    def write(self, sheet: FormSheet) -> None:
        """Write every line, then what holds for the sheet as a whole."""
        for number, line in enumerate(sheet.lines):
            for place, cell in enumerate(line.cells):
                first = line.look in (Look.FACT, Look.NOTE) and place == 0
                self._write(number, place, cell, Look.TOTAL if first else line.look)
        self._widths(sheet)
        self._headings(sheet)
        self._lists(sheet)
        if sheet.hidden_grid:
            self.page.hide_gridlines(2)
        if sheet.protected:
            self.page.protect("", _PROTECTION)

    def _write(self, line: int, place: int, cell: Filled, look: Look) -> None:
        mark = cell.mark if isinstance(cell, Marked) else None
        shape = _TYPED if isinstance(cell, Marked) and cell.as_text else ""
        inner = cell.cell if isinstance(cell, Marked) else cell
        if isinstance(inner, Formula):
            self._formula(line, place, inner, look, mark)
            return
        number, pattern = _as_number(inner)
        if number is not None:
            self.page.write_number(line, place, number, self.formats.of(pattern, look, mark))
        elif text := _as_text(inner):
            self._text(line, place, text, self.formats.of(shape, look, mark, wrap=mark is not None))
        elif mark is not None:
            self.page.write_blank(line, place, None, self.formats.of(shape, look, mark))

    def _formula(self, line: int, place: int, formula: Formula, look: Look, mark: Mark | None) -> None:
        exact, pattern = _exact(formula.value)  # computed anew from the cells, so it need not be held to the last digit
        value = float(exact) if exact is not None else _storable(_as_text(formula.value))
        self.page.write_formula(line, place, f"={formula.text}", self.formats.of(pattern, look, mark), value)

    def _text(self, line: int, place: int, text: str, shown: Format) -> None:
        text = _storable(text)
        if text.startswith("<r>") and text.endswith("</r>"):
            # The writer passes such text on as markup of its own, so here it is markup: one run that holds the text.
            text = f'<r><t xml:space="preserve">{escape(text)}</t></r>'
        if self.page.write_string(line, place, text, shown):
            what = f"a text of {len(text):,} characters is longer than the {LONGEST_TEXT:,} that a cell holds"
            raise UserError(what, f"{self.page.get_name()}, line {line + 1}", _INSTEAD)

    def _widths(self, sheet: FormSheet) -> None:
        for place, width in enumerate(sheet.widths):
            self.page.set_column(place, place, min(max(width, 2), WIDEST))

    def _headings(self, sheet: FormSheet) -> None:
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer("&L&F&C&A&RPage &P of &N")
        if sheet.head is not None:
            self.page.repeat_rows(sheet.head)
            if sheet.frozen:
                self.page.freeze_panes(sheet.head + 1, 1)

    def _lists(self, sheet: FormSheet) -> None:
        first = 0 if sheet.head is None else sheet.head + 1
        last = max(len(sheet.lines), first) + SPARE_ROWS
        for place, allowed in sheet.allowed.items():
            rule: dict[str, Any] = {"error_message": allowed.hint[:255], "ignore_blank": True}
            if allowed.choices:
                rule |= {"validate": "list", "source": list(allowed.choices)}
            else:
                rule |= {"validate": "decimal", "criteria": "between", "minimum": -1e10, "maximum": 1e10}
            self.page.data_validation(first, place, last, place, rule)


def _as_text(cell: Cell | Number) -> str:
    return "" if isinstance(cell, Number) else text_of(cell)


def _as_number(cell: Cell | Number) -> tuple[float | None, str]:
    """Give a cell as the number that a workbook keeps, with its pattern; refuse what it would keep a little wrong."""
    exact, pattern = _exact(cell)
    if exact is None:
        return None, ""
    if len(exact.normalize().as_tuple().digits) > DIGITS:
        raise UserError(f"the number {exact:,} has more than the {DIGITS} digits that a workbook holds", do=_INSTEAD)
    return float(exact), pattern


def _exact(cell: Cell | Number) -> tuple[Decimal | None, str]:
    match cell:
        case Rate(ppm):
            return Decimal(ppm) / PPM, RATE_PATTERN
        case Fine(number, style):
            return number, PATTERNS[style]
        case Decimal():
            return cell, ""
        case Figure():
            return number_of(cell), PATTERNS[cell.style]
        case _:
            return number_of(cell), PATTERNS[Style.COUNT]
