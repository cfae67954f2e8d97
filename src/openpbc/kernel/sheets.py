"""A sheet as it was read from a workbook: what stands in each cell, and how it becomes money or a rate.

A workbook keeps numbers as doubles, and spreadsheets show and compare fifteen digits of them. A number is therefore
read as those fifteen digits, so every amount of fewer than fifteen digits comes back to the penny.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openpbc.kernel.money import PPM
from openpbc.kernel.problems import UserError

DIGITS = 15
_SHOWN = 40


class Kind(StrEnum):
    """What stands in a cell."""

    EMPTY = "nothing"
    TEXT = "text"
    NUMBER = "a number"
    DATE = "a date"
    TRUTH = "yes or no"
    ERROR = "an error"


@dataclass(frozen=True)
class SheetCell:
    """One cell: ``text`` as people see it, ``number`` exact where it is one, ``formula`` without its equals sign.

    ``percent`` says that the cell is shown as a percentage. A formula whose value was never kept is ``EMPTY``.
    """

    kind: Kind = Kind.EMPTY
    text: str = ""
    number: Decimal | None = None
    formula: str = ""
    percent: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the cell, not even spaces."""
        return not self.formula and (self.kind is Kind.EMPTY or (self.kind is Kind.TEXT and not self.text.strip()))

    @property
    def words(self) -> str:
        """The text with the spaces around it taken off."""
        return self.text.strip()


BLANK = SheetCell()


@dataclass(frozen=True)
class SheetRow:
    """A row that is not blank, with its number as the spreadsheet counts it."""

    number: int
    cells: tuple[SheetCell, ...]

    def at(self, column: int) -> SheetCell:
        """Give the cell of a column, counted from 0; beyond the last cell nothing stands."""
        return self.cells[column] if column < len(self.cells) else BLANK


@dataclass(frozen=True)
class ReadSheet:
    """A sheet's rows in order, blank ones left out."""

    name: str
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class ReadWorkbook:
    """Every sheet of a workbook that was read."""

    sheets: tuple[ReadSheet, ...]

    def sheet(self, name: str) -> ReadSheet | None:
        """Find a sheet by name; capitals and spaces around it are of no account."""
        wanted = name.strip().casefold()
        return next((each for each in self.sheets if each.name.strip().casefold() == wanted), None)


def letters(column: int) -> str:
    """Give a column's letters, counted from 0: 0 is A, 26 is AA."""
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def cell_name(row: int, column: int) -> str:
    """Give a cell's name, such as G7, from its row (from 1) and column (from 0)."""
    return f"{letters(column)}{row}"


def pence_of(cell: SheetCell, decimals: int = 2) -> int:
    """Read money as pence from a number in units of 10**``decimals`` pence: 2 for pounds, 5 for thousands of pounds."""
    return _scaled(cell, decimals, "money", f"more decimals than pence allow ({decimals})")


def ppm_of(cell: SheetCell) -> int:
    """Read a rate as parts per million from a fraction, which a spreadsheet shows as a percentage."""
    ppm = _scaled(cell, 6, "a percentage", "more than four decimals of a per cent")
    if abs(ppm) > PPM and not cell.percent:
        raise UserError(f"{cell.text} is {cell.text} times the base", do=f"Write it with its sign, {cell.text}%.")
    return ppm


def truth_of(cell: SheetCell) -> bool:
    """Read yes or no; nothing means no."""
    word = cell.words.casefold()
    if cell.kind is Kind.TRUTH:
        return word == "true"
    if cell.blank or word == "no":
        return False
    if cell.kind is Kind.TEXT and word == "yes":
        return True
    raise UserError(f"{_told(cell)} where yes or no belongs", do="Write yes or no.")


def text_of(cell: SheetCell) -> str:
    """Read words; a whole number typed as a code counts as its digits, an error or a date does not."""
    if any(letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cs") for letter in cell.words):
        raise UserError("the text holds a character that cannot be seen", do="Type it anew.")
    if cell.kind in (Kind.TEXT, Kind.EMPTY) or (cell.kind is Kind.NUMBER and not cell.percent):
        return cell.words
    raise UserError(f"{_told(cell)} where words belong", do="Write it as text.")


def _scaled(cell: SheetCell, decimals: int, what: str, too_fine: str) -> int:
    if cell.kind is not Kind.NUMBER or cell.number is None:
        raise UserError(f"{_told(cell)} where {what} belongs", do="Write a number, in digits alone.")
    scaled = cell.number.scaleb(decimals)
    if abs(scaled) >= 10**DIGITS:
        raise UserError(f"{cell.text} is more than a workbook holds exactly", do="Check its decimals and its unit.")
    if scaled != scaled.to_integral_value():
        raise UserError(f"{cell.text} has {too_fine}", do="Round it as it should count.")
    return int(scaled)


def _told(cell: SheetCell) -> str:
    if cell.kind is Kind.EMPTY:
        return "a formula without a value" if cell.formula else "nothing"
    if cell.kind is Kind.ERROR:
        return f"the error {cell.text[:_SHOWN]} of a formula"
    return f"{cell.kind} ('{cell.words[:_SHOWN]}')"
