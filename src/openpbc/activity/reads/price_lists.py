"""Price lists: which are in force, what one HRG costs, and what another list would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.activity.rules import tariff
from openpbc.activity.rules.price_lists import TABLES, Changes, PriceList, PriceTable, compare, read_price_list
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import ReadSheet
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet, Table

SETTINGS: Mapping[str, tuple[str, str]] = {
    "day_case_price": ("Day case", "combined or day case price"),
    "elective_price": ("Elective", "combined or elective price"),
    "non_elective": ("Non-elective", "non-elective price"),
    "op_procedure": ("Out-patient procedure", "out-patient procedure price"),
}
"""The settings in which a group may have a price, by the name that ``AdmittedPrice`` has for it."""
PREFIX = "listed-price"
LISTED = {name: words for name, (_, words) in SETTINGS.items()} | {"per_day": "price of a day beyond the trim point"}


@dataclass(frozen=True)
class Weighed:
    """A price list that was read and held against the one in force; ``source`` names file and sheet."""

    table: PriceTable
    found: PriceList
    changes: Changes


@dataclass(frozen=True)
class PriceTableInForce:
    """One table of prices of the place's year, or the statement that it is not set."""

    word: str
    title: str
    held: Table | NotSet
    rows: int
    without_price: int


def tables_in_force(place: str) -> tuple[PriceTableInForce, ...]:
    """List the tables of prices of the place's year, with how many rows each has and how many are without a price."""
    book = organisations.book(place)
    found = []
    for word, table in TABLES.items():
        held = book.table(table.subject)
        rows = [] if isinstance(held, NotSet) else plain_rows(held)
        priced = [name for name, kind in table.columns.items() if kind == "money" and name != "per_day_long_stay"]
        bare = sum(all(tariff.money(row.get(name, "")) is None for name in priced) for row in rows)
        found.append(PriceTableInForce(word, table.title, held, len(rows), bare))
    return tuple(found)


def plain_rows(held: Table) -> list[dict[str, str]]:
    """Give a table's rows by the columns of the rulebook, whatever headings its file has."""
    return [{tariff.heading(name): cell for name, cell in row.items()} for row in held]


def table_named(word: str) -> PriceTable:
    """Find a table of prices by its word."""
    if word not in TABLES:
        raise UserError(f"there is no table of prices '{word[:20]}'", do=f"Use {', '.join(TABLES)}.")
    return TABLES[word]


def weigh(place: str, word: str, sheet: ReadSheet) -> Weighed:
    """Read a price list and tell what it would change; nothing is kept."""
    table = table_named(word)
    found = read_price_list(sheet, table)
    held = organisations.book(place).table(table.subject)
    before = [] if isinstance(held, NotSet) else plain_rows(held)
    return Weighed(table, found, compare(before, [] if found.faults else found.rows, table))


def admitted_prices(place: str) -> dict[str, tariff.AdmittedPrice] | NotSet:
    """Give the prices of admitted care and out-patient procedures by resource group, or say that they are not set."""
    held = organisations.book(place).table(TABLES["apc"].subject)
    return held if isinstance(held, NotSet) else tariff.read_admitted(held, held.path)


def price_address(place: str, hrg: str, setting: str) -> str:
    """Give the address of one price of admitted care."""
    return "/".join((PREFIX, place, hrg, setting))


def explain_listed(address: str) -> Explanation:
    """Explain ``listed-price/<place>/<hrg>/<setting>``: what the list says, and where the list comes from."""
    parts = address.split("/")
    place, hrg, setting = parts[1:] if len(parts) == 4 else ("", "", "")
    known = admitted_prices(place) if place else {}
    row = known.get(hrg) if isinstance(known, dict) else None
    amount = getattr(row, setting, None) if setting in LISTED else None
    if row is None or amount is None:
        raise UserError(f"'{address[:80]}' names no price", do="Open the figure from its page again.")
    book = organisations.book(place)
    held = book.need_table(TABLES["apc"].subject)
    inputs = (("group", hrg), ("year", book.place.year.label), ("column", LISTED[setting]))
    return Explanation(
        address=address,
        title=f"{LISTED[setting].capitalize()} of {hrg} {row.name}".strip(),
        value=amount,
        unit="pence",
        formula="as the price list of the year says, before the market forces factor",
        steps=(Step("price.listed", "Price list", amount, inputs, held.citation),),
        citations=(held.citation,),
        evidence=(("place", place), ("book", book.hash), ("file", held.path)),
        notes=(held.note,) if held.note else (),
        statuses=(str(held.status),),
    )
