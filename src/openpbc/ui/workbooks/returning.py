"""A workbook goes back to whom it came from: the sheet as it was, what is wrong marked, and a column that says why.

Rows, columns and cells stay where they were, so that what is said of G7 is in G7. What was read as an error or a date
stands there as text; of formulas only our own remain, those of others become their values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpbc.kernel.money import PPM
from openpbc.kernel.sheets import Kind, ReadSheet, SheetCell
from openpbc.ui.workbooks.writing import Allowed, Filled, FormSheet, Formula, Line, Look, Mark, Marked, Rate

_WIDTH = 18
_SENTENCES = 60
Cell = tuple[int, int]


@dataclass(frozen=True)
class ToMend:
    """What is wrong in a sheet: the row of its headings, sentences by row, and wrong and own cells as (row, column)."""

    head: int
    heading: str
    sentences: Mapping[int, str]
    wrong: Collection[Cell]
    own_formulas: Collection[Cell] = ()


def returned(sheet: ReadSheet, mend: ToMend, allowed: Mapping[int, Allowed] | None = None) -> FormSheet:
    """Give a sheet with its sentences in a last column of that heading (or in the one that is there already)."""
    by_number = {row.number: row for row in sheet.rows}
    place = _place(sheet, mend)
    lines = []
    for number in range(1, max(by_number, default=0) + 1):
        row = by_number.get(number)
        cells: list[Filled] = [_cell(cell, (number, at), mend) for at, cell in enumerate(row.cells)] if row else []
        if number == mend.head or number in mend.sentences:
            cells += [None] * (place + 1 - len(cells))
            text = mend.heading if number == mend.head else mend.sentences[number]
            cells[place] = text if number == mend.head else Marked(text, Mark.WRONG)
        elif len(cells) > place > 0 and number > mend.head:
            cells[place] = None  # what was said last time is mended
        lines.append(Line(cells, Look.HEAD if number == mend.head else Look.PLAIN))
    widths = (*[_WIDTH] * place, _SENTENCES)
    return FormSheet(sheet.name, tuple(lines), widths, allowed or {})


def copied(sheet: ReadSheet) -> FormSheet:
    """Give a sheet of names and facts as it was."""
    by_number = {row.number: row for row in sheet.rows}
    lines = []
    for number in range(1, max(by_number, default=0) + 1):
        row = by_number.get(number)
        lines.append(Line([_value(cell) for cell in row.cells] if row else (), Look.NOTE))
    return FormSheet(sheet.name, tuple(lines), (24, 60), hidden_grid=True)


def _place(sheet: ReadSheet, mend: ToMend) -> int:
    head = next((row for row in sheet.rows if row.number == mend.head), None)
    named = [cell.words for cell in head.cells] if head else []
    if mend.heading in named:
        return named.index(mend.heading)
    return max((len(row.cells) for row in sheet.rows if row.number >= mend.head), default=0)


def _cell(cell: SheetCell, at: Cell, mend: ToMend) -> Filled:
    if at in mend.own_formulas:
        return Marked(Formula(cell.formula, cell.number or 0), Mark.COMPUTED)
    value = _value(cell)
    if at[0] <= mend.head:
        return value
    return Marked(value, Mark.WRONG if at in mend.wrong else Mark.INPUT)


def _value(cell: SheetCell) -> str | Decimal | Rate | None:
    if cell.kind is not Kind.NUMBER or cell.number is None:
        return cell.text or (f"={cell.formula}" if cell.formula else None)
    ppm = cell.number * PPM
    return Rate(int(ppm)) if cell.percent and ppm == ppm.to_integral_value() else cell.number
