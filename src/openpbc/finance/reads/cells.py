"""Figures by name, as pack data writes them: ``T4.WATCOM.in08``, ``finance.deposit_asked``, ``=15083``, and sums.

The names are described in the packs' own README. A name that leads nowhere is a fault of the pack; a figure that the
place has not filled is the statement that it is not set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import scaled_from_text
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

TABLES = "finance.printed_tables"
COLUMNS = "finance.printed_columns"

# How many decimals of a printed figure make a penny, or a part per million.
_DECIMALS = {"pence": 0, "pounds": 2, "pounds_thousand": 5, "ppm": 0, "percent": 4, "rate": 6}
_VALUE_NAME = re.compile(r"[a-z_]+\.[a-z_0-9]+")


@dataclass(frozen=True)
class Named:
    """A figure that the packs hold: pence or parts per million, where it is printed, and where it is explained."""

    name: str
    label: str
    value: int
    citation: Citation
    address: str


@dataclass(frozen=True)
class PrintedLayout:
    """One published table as its pack describes it: which table holds the rows, and which columns hold figures."""

    code: str
    number: str
    title: str
    rows_from: str
    label: str
    money: tuple[str, ...]
    percent: tuple[str, ...]
    scenario: str

    def columns(self, rows: Table) -> tuple[str, ...]:
        """The columns with figures, in the order in which they are printed."""
        return tuple(name for name in rows.columns if name in (*self.money, *self.percent))


@lru_cache(maxsize=32)
def layouts(book: Book) -> Mapping[str, PrintedLayout] | NotSet:
    """Give the published tables of the place by their code."""
    listed = book.table(TABLES)
    if isinstance(listed, NotSet):
        return listed
    return {row["table"]: _layout(row) for row in listed}


def _layout(row: Mapping[str, str]) -> PrintedLayout:
    return PrintedLayout(
        code=row["table"],
        number=row["number"],
        title=row["title"],
        rows_from=row["rows_from"],
        label=row["label"],
        money=_names(row["money"]),
        percent=_names(row["percent"]),
        scenario=row["scenario"],
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())


def cell_address(book: Book, table: str, row: str, column: str) -> str:
    """Give the address at which one cell of a published table is explained."""
    return f"finance/{book.place.id}/{table}/{row}/{column}"


def scaled(text: str, unit: str) -> int:
    """Read a printed number in its unit as pence or parts per million."""
    return scaled_from_text(text, _DECIMALS[unit])


def figure(book: Book, name: str, unit: str = "pounds_thousand") -> Named | NotSet:
    """Find one figure by its name; a leading minus is not part of a name. ``unit`` is that of a bare number."""
    if name.startswith("="):
        return Named(name, "Not printed", scaled(name[1:], unit), Citation("", "printed nowhere", "D"), "")
    if _VALUE_NAME.fullmatch(name):
        return _pack_value(book, name)
    parts = name.split(".")
    if len(parts) != 3:
        raise UserError(f"'{name}' names no figure", where=book.place.path, do="Write TABLE.ROW.COLUMN.")
    return cell(book, *parts)


def _pack_value(book: Book, name: str) -> Named | NotSet:
    found = book.value(name)
    if isinstance(found, NotSet):
        return found
    value = found.pence if found.unit in ("pence", "pounds", "pounds_thousand") else found.ppm
    return Named(name, found.meaning, value, found.citation, f"finance/{book.place.id}/value/{name}/value")


def cell(book: Book, table: str, row: str, column: str) -> Named | NotSet:
    """Find one cell of a published table."""
    rows = rows_of(book, table)
    if isinstance(rows, NotSet):
        return rows
    layout = layout_of(book, table)
    keyed = rows.keyed("code")
    if row not in keyed or column not in (*layout.money, *layout.percent):
        raise UserError(f"table {table} has no cell '{row}.{column}'", where=rows.path)
    text = keyed[row][column]
    if not text:
        return NotSet(rows.id, f"{keyed[row][layout.label]}, {column}", rows.year, rows.path, "The cell is empty.")
    unit = "percent" if column in layout.percent else book.subjects[rows.id].unit
    value = scaled(text, unit)
    return Named(
        f"{table}.{row}.{column}",
        keyed[row][layout.label],
        value,
        rows.citation,
        cell_address(book, table, row, column),
    )


def layout_of(book: Book, table: str) -> PrintedLayout:
    """Give the description of one published table; an unknown one is a fault of the pack or of an address."""
    listed = layouts(book)
    if isinstance(listed, NotSet):
        raise listed.problem
    if table not in listed:
        raise UserError(
            f"there is no published table '{table}'", where=book.place.id, do=f"Choose {', '.join(listed)}."
        )
    return listed[table]


def rows_of(book: Book, table: str) -> Table | NotSet:
    """Give the rows behind one published table."""
    listed = layouts(book)
    return listed if isinstance(listed, NotSet) else book.table(layout_of(book, table).rows_from)


def column_of(book: Book, name: str) -> Mapping[str, int] | NotSet:
    """Give a whole column (``T4.in07``) by group; total rows are left out. Pence."""
    table, _, column = name.partition(".")
    rows = rows_of(book, table)
    if isinstance(rows, NotSet):
        return rows
    found = {}
    for row in rows:
        if row["role"] == "group":
            value = cell(book, table, row["code"], column)
            if isinstance(value, NotSet):
                return value
            found[row["code"]] = value.value
    return found


@dataclass(frozen=True)
class Term:
    """One signed figure of a sum."""

    sign: int
    figure: Named

    @property
    def amount(self) -> int:
        """The figure with its sign."""
        return self.sign * self.figure.value


def terms(book: Book, names: str) -> tuple[Term, ...] | NotSet:
    """Find the figures of a sum: names separated by spaces, a leading minus subtracting. The first gap stops it."""
    found = []
    for name in names.split():
        named = figure(book, name.removeprefix("-"))
        if isinstance(named, NotSet):
            return named
        found.append(Term(-1 if name.startswith("-") else 1, named))
    return tuple(found)


def total(book: Book, names: str) -> int | NotSet:
    """Add up the figures of a sum."""
    found = terms(book, names)
    return found if isinstance(found, NotSet) else sum(term.amount for term in found)
