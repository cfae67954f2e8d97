"""How wide the columns of a table on paper are: numbers never break, and words share what is left.

Both printers use the same widths. They are counted in characters, which is exact enough for a table and does not need
a font, so that a paper looks alike wherever it is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.kernel.money import share_out
from openpbc.ui.documents.model import cell_text
from openpbc.ui.tables import Column, Table

# Sizes of print in quarter points, largest first, and the width of a sheet in points without its margins.
SIZES = (38, 34, 32, 28, 26)
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 487, 734
# A character takes about this part of the size of print, in per mille: digits and lower case, and a little to spare.
_CHARACTER = 540
_PADDING = 2
# A table whose words want more than about one and a half times the sheet is set in smaller print.
SMALLER = 32
_LONGEST_UNBROKEN = 24


@dataclass(frozen=True)
class Layout:
    """The size of print in quarter points, and the widths of the columns in per mille of the sheet's."""

    size: int
    widths: tuple[int, ...]

    @property
    def points(self) -> str:
        """The size of print in points, as a decimal number."""
        whole, quarters = divmod(self.size, 4)
        return f"{whole}.{quarters * 25:02d}"


def layout(table: Table, *, landscape: bool = False) -> Layout:
    """Give the largest print in which no number has to break, and each column's width."""
    least = [_least(table, place) for place in range(len(table.columns))]
    wanted = [max(least[place], _longest(table, place)) for place in range(len(table.columns))]
    sheet = LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH
    for size in SIZES:
        room = sheet * 4 * 1000 // (size * _CHARACTER)
        if sum(least) <= room and (sum(wanted) * 2 <= room * 3 or size <= SMALLER):
            break
    return Layout(size, _widths(least, wanted, max(room, sum(least))))


def _widths(least: list[int], wanted: list[int], room: int) -> tuple[int, ...]:
    """Give each column its least, then words what they want; what is left after that widens every column alike."""
    spare = room - sum(least)
    more = {str(place): want - low for place, (low, want) in enumerate(zip(least, wanted, strict=True)) if want > low}
    extra = share_out(min(spare, sum(more.values())), more) if more else {}
    wide = {str(place): low + extra.get(str(place), 0) for place, low in enumerate(least)}
    shared = share_out(1000, wide)
    return tuple(shared[str(place)] for place in range(len(least)))


def _least(table: Table, place: int) -> int:
    """The width below which a number or an ordinary word would break."""
    column = table.columns[place]
    heading = max((len(word) for word in _heading(column).split()), default=1)
    cells = (cell_text(row.cells[place]) for row in table.rows)
    if column.numeric or column.whole:
        body = max(map(len, cells), default=1)
    else:
        body = min(max((len(word) for text in cells for word in text.split()), default=1), _LONGEST_UNBROKEN)
    return max(heading, body) + _PADDING


def _longest(table: Table, place: int) -> int:
    column = table.columns[place]
    if column.numeric or column.whole:
        return 0
    return min(max((len(cell_text(row.cells[place])) for row in table.rows), default=1), 90) + _PADDING


def _heading(column: Column) -> str:
    return f"{column.title} {column.unit}".strip()
