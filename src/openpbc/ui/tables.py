"""A table is data first: the page, the CSV file and the workbook are three prints of the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpbc.ui.figures import Cell, Figure, Hidden, Link, Missing, Tag

_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Column:
    """One column: its heading, its unit (printed under the heading), and whether its cells are numbers.

    ``additive`` columns get a control total in downloads. ``group`` prints one heading over neighbouring columns.
    ``whole`` columns hold codes that may not be broken over lines.
    """

    title: str
    unit: str = ""
    numeric: bool = False
    additive: bool = False
    group: str = ""
    whole: bool = False

    @property
    def css(self) -> str:
        """The classes of the column's cells."""
        return "openpbc-num" if self.numeric else "openpbc-whole" if self.whole else ""

    @property
    def heading(self) -> str:
        """The heading as one line, for downloads."""
        name = f"{self.group}: {self.title}" if self.group else self.title
        return f"{name} ({self.unit})" if self.unit else name


def text(title: str) -> Column:
    """A column of words."""
    return Column(title)


def code(title: str) -> Column:
    """A column of codes."""
    return Column(title, whole=True)


def number(title: str, unit: str = "", *, additive: bool = True, group: str = "") -> Column:
    """A column of figures; sums make sense unless ``additive`` is false."""
    return Column(title, unit, numeric=True, additive=additive, group=group)


@dataclass(frozen=True)
class Row:
    """One row of cells; ``total`` rows are printed in bold and left out of control totals."""

    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A named table.

    ``id`` names its download. ``cards`` tables fold into one card a row on a phone; others scroll sideways in a
    region that the keyboard can reach. ``empty`` is the sentence shown when there is no row.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cards: bool = False
    empty: str = "Nothing to show yet."
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an id that could not name a file or a sheet, and a row of another width than the columns."""
        if not _ID.fullmatch(self.id):
            raise ValueError(f"a table may not be called {self.id!r}")
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.id}: a row has {len(row.cells)} cells for {len(self.columns)} columns")

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Headings over neighbouring columns with the number of columns that each spans; empty when there are none."""
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return tuple(spans) if any(name for name, _ in spans) else ()


def table(
    id: str,
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell] | Row],
    *,
    cards: bool = False,
    empty: str = "Nothing to show yet.",
    notes: Sequence[str] = (),
) -> Table:
    """Build a table from plain sequences of cells; rows given as :class:`Row` keep their mark as totals."""
    built = tuple(row if isinstance(row, Row) else Row(tuple(row)) for row in rows)
    return Table(id, caption, tuple(columns), built, cards, empty, tuple(notes))


def control_totals(shown: Table) -> tuple[tuple[Column, Decimal], ...]:
    """Sum each additive column over the rows that are not totals, exactly, in the unit that is printed.

    A column without any figure has no control total, nor has one with a hidden count: a sum that leaves some out is
    none, and one that takes them in would give them away.
    """
    totals = []
    for place, column in enumerate(shown.columns):
        cells = [row.cells[place] for row in shown.rows if not row.total]
        numbers = [value for value in map(number_of, cells) if value is not None]
        if column.additive and numbers and not any(isinstance(cell, Hidden) for cell in cells):
            totals.append((column, sum(numbers, Decimal(0))))
    return tuple(totals)


def says(shown: Table, word: str) -> bool:
    """Tell whether a word stands in any cell of a table, its caption or its notes."""
    texts = (cell if isinstance(cell, str) else getattr(cell, "text", "") for row in shown.rows for cell in row.cells)
    return any(word in text for text in (shown.caption, *shown.notes)) or any(word in text for text in texts)


def number_of(cell: Cell) -> Decimal | None:
    """Give the exact number behind a cell, or None where there is none."""
    if isinstance(cell, Figure):
        return cell.number
    return Decimal(cell) if isinstance(cell, int) else None


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
