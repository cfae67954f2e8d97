"""Reads a published price list, a tab of a workbook or a CSV file, into the rows that a table of the rulebook holds.

Columns are found by their headings, wherever they stand. Every cell that is not what its column wants is a fault that
names the cell; nothing is guessed, and a dash stays a dash.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpbc.activity.rules import tariff
from openpbc.kernel.csv_rows import csv_text
from openpbc.kernel.money import PPM
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import BLANK, Kind, ReadSheet, SheetCell, SheetRow, cell_name

ROWS_BEFORE_HEADINGS = 30
MOST_FAULTS = 200
LONGEST_NAME = 200


@dataclass(frozen=True)
class PriceTable:
    """A table of prices: its subject, what each column holds, the columns that may be absent, and its key."""

    subject: str
    title: str
    columns: Mapping[str, str]
    optional: frozenset[str]
    key: tuple[str, ...]


def _table(name: str, title: str, key: str, optional: str = "", **columns: str) -> PriceTable:
    return PriceTable(f"payment.tariff_{name}", title, columns, frozenset(optional.split()), tuple(key.split()))


TABLES: Mapping[str, PriceTable] = {
    "apc": _table(
        "apc", "Admitted care and out-patient procedures", "hrg_code",
        "dc_price el_price bpt_level bpt_area bpt_where sus_automates_bpt bpt_flag",
        hrg_code="code", hrg_name="name", op_procedure_price="money", combined_dc_el_price="money", dc_price="money",
        el_price="money", el_trim="days", nel_price="money", nel_trim="days", per_day_long_stay="money",
        sse_applies="yes", sse_pct="share", sse_price="money", bpt_level="name", bpt_area="name", bpt_where="name",
        sus_automates_bpt="name", bpt_flag="name",
    ),
    "op": _table(
        "op", "Out-patient attendances", "tfc attendance professionals age", "tfc_name", tfc="code", tfc_name="name",
        attendance="contact", professionals="professions", age="age", price="money",
    ),
    "ae": _table("ae", "A&E attendances", "hrg_code", "hrg_name", hrg_code="code", hrg_name="name", band="name",
                 price="money"),
    "unbundled": _table("unbundled", "Unbundled elements", "hrg_code", "hrg_name", hrg_code="code", hrg_name="name",
                        price="money"),
}  # fmt: skip
"""The tables of a price list by the word that names each."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "contact": ("FIRST", "FOLLOW_UP", "TELE_FIRST", "TELE_FOLLOW_UP"),
    "professions": ("SINGLE", "MULTI"),
    "age": ("ADULT", "CHILD"),
}


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell, or with a column."""

    cell: str
    sentence: str


@dataclass(frozen=True)
class PriceList:
    """What was read: rows by column, faults, and the headings that the table has no use for."""

    rows: tuple[dict[str, str], ...]
    faults: tuple[CellFault, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class PriceChange:
    """One price list against another: a key, its column, and the text of both (empty key columns: the row is new)."""

    key: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What a new price list changes: keys that come and go, cells that differ, and the rows that stay."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    cells: tuple[PriceChange, ...]
    same: int


def read_price_list(sheet: ReadSheet, table: PriceTable) -> PriceList:
    """Read one sheet; a sheet without the table's headings is a person's mistake, a wrong cell is a fault."""
    head = _head(sheet, table)
    places, unused = _places(head, table, sheet.name)
    rows, faults = [], []
    seen: dict[tuple[str, ...], int] = {}
    for row in sheet.rows:
        if row.number <= head.number or all(row.at(place).blank for place in places.values()):
            continue
        cells, wrong = _row(row, places, table)
        faults += wrong
        key = tuple(cells[name] for name in table.key)
        if key in seen:
            told = f"{' '.join(key)} also stands in row {seen[key]}; a price list has one row for each."
            faults.append(CellFault(cell_name(row.number, places[table.key[0]]), told))
        seen.setdefault(key, row.number)
        rows.append(cells)
    if not rows:
        raise UserError("there is no row under the headings", where=sheet.name, do="Choose the sheet with the prices.")
    return PriceList(tuple(rows), tuple(faults[:MOST_FAULTS]), unused)


def _head(sheet: ReadSheet, table: PriceTable) -> SheetRow:
    """Find the row of headings: the one near the top that names most of the table's columns."""
    early = [row for row in sheet.rows if row.number <= ROWS_BEFORE_HEADINGS]
    scored = [(len({tariff.heading(cell.words) for cell in row.cells} & set(table.columns)), row) for row in early]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    if best[1] is None or best[0] < 2:
        wanted = ", ".join(name for name in table.columns if name not in table.optional)
        raise UserError(
            f"no row near the top names the columns of {table.title[:1].lower()}{table.title[1:]}",
            where=sheet.name,
            do=f"Choose the right sheet, or head the columns {wanted} as the price workbook does.",
        )
    return best[1]


def _places(head: SheetRow, table: PriceTable, name: str) -> tuple[dict[str, int], tuple[str, ...]]:
    found: dict[str, int] = {}
    unused = []
    for place, cell in enumerate(head.cells):
        column = tariff.heading(cell.words)
        if column not in table.columns:
            unused += [cell.words[:LONGEST_NAME]] if cell.words else []
        elif column in found:
            told = f"the column {column} stands twice, in {cell_name(head.number, found[column])} and "
            raise UserError(told + cell_name(head.number, place), where=name, do="Keep one of them.")
        else:
            found[column] = place
    missing = [column for column in table.columns if column not in found and column not in table.optional]
    if missing:
        raise UserError(
            f"the column {missing[0]} is missing", where=f"{name}, row {head.number}",
            do="Keep the headings of the price workbook; columns may stand in any order.",
        )  # fmt: skip
    return found, tuple(unused)


def csv_sheet(content: bytes, name: str) -> ReadSheet:
    """Read the bytes of a CSV file as a sheet of text; a byte-order mark is passed over."""
    text = csv_text(content, name, "Save it as CSV, or send the workbook itself.")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [
            SheetRow(number, tuple(SheetCell(Kind.TEXT, cell) if cell.strip() else BLANK for cell in cells))
            for number, cells in enumerate(lines, start=1)
        ]
    except csv.Error as error:
        raise UserError(f"the file is not CSV ({error})", where=f"{name}, line {lines.line_num}") from error
    return ReadSheet(name, tuple(rows))


def _row(row: SheetRow, places: Mapping[str, int], table: PriceTable) -> tuple[dict[str, str], list[CellFault]]:
    cells, faults = {}, []
    for column, kind in table.columns.items():
        if column not in places:
            continue
        place = places[column]
        try:
            cells[column] = _READERS[kind](row.at(place), kind)
        except UserError as error:
            cells[column] = row.at(place).words
            faults.append(CellFault(cell_name(row.number, place), f"{column}: {error.sentence}"))
    return cells, faults


def _words_of(cell: SheetCell) -> str:
    """The text of a cell as the rulebook writes it: numbers in full, percentages with their sign."""
    if cell.kind is Kind.ERROR or cell.kind is Kind.DATE:
        raise UserError(f"'{cell.words[:20]}' is {cell.kind.value}", do="Type the value anew.")
    if cell.kind is Kind.NUMBER and cell.number is not None:
        return f"{cell.number:f}"
    return cell.words


def _code(cell: SheetCell, kind: str) -> str:
    text = _words_of(cell)
    if not text or " " in text or len(text) > 12:
        raise UserError(f"'{text[:20]}' is not a code", do="Remove notes from under the table.")
    return text


def _name(cell: SheetCell, kind: str) -> str:
    return " ".join(_words_of(cell).split())[:LONGEST_NAME]


def _priced(read: Callable[[str], int | None]) -> Callable[[SheetCell, str], str]:
    def reader(cell: SheetCell, kind: str) -> str:
        text = _words_of(cell)
        amount = read(text)
        if amount is not None and amount < 0:
            raise UserError(f"'{text[:20]}' is below nothing", do="A price list has no such prices.")
        return "-" if amount is None else text.replace(",", "").removeprefix("£")

    return reader


def _share(cell: SheetCell, kind: str) -> str:
    text = _words_of(cell)
    ppm = tariff.share(text)
    return "-" if ppm is None else f"{ppm // PPM}.{ppm % PPM:06d}"


def _yes(cell: SheetCell, kind: str) -> str:
    if cell.kind is Kind.TRUTH:
        return "Yes" if cell.words.casefold() == "true" else "No"
    return "Yes" if tariff.yes(_words_of(cell)) else "No"


def _choice(cell: SheetCell, kind: str) -> str:
    text = _words_of(cell).upper().replace(" ", "_").replace("-", "_")
    if text not in _WORDS[kind]:
        raise UserError(f"'{cell.words[:20]}' is not a choice", do=f"Use {', '.join(_WORDS[kind])}.")
    return text


_READERS: Mapping[str, Callable[[SheetCell, str], str]] = {
    "code": _code, "name": _name, "money": _priced(tariff.money), "days": _priced(tariff.days), "share": _share,
    "yes": _yes, **dict.fromkeys(_WORDS, _choice),
}  # fmt: skip


def compare(before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]], table: PriceTable) -> Changes:
    """Tell what a new price list changes against the one in force; two writings of one amount are no change."""
    old, new = ({_key(row, table): row for row in rows} for rows in (before, after))
    cells = tuple(
        PriceChange(key, column, old[key].get(column, ""), new[key].get(column, ""))
        for key in sorted(old.keys() & new.keys())
        for column, kind in table.columns.items()
        if _value(old[key].get(column, ""), kind) != _value(new[key].get(column, ""), kind)
    )
    differing = Counter(change.key for change in cells)
    return Changes(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        cells,
        len(old.keys() & new.keys()) - len(differing),
    )


def _key(row: Mapping[str, str], table: PriceTable) -> str:
    return " ".join(row[name] for name in table.key)


def _value(text: str, kind: str) -> Any:
    reader = {"money": tariff.money, "days": tariff.days, "share": tariff.share, "yes": tariff.yes}.get(kind)
    if reader is not None:
        return reader(text)
    return "" if text in tariff.NO_PRICE else " ".join(text.split())
