"""A SYNTHETIC place in a later year, with its price lists loaded as anybody loads them."""

from __future__ import annotations

from pathlib import Path

from openpbc.activity.rules.price_lists import TABLES, csv_sheet, read_price_list
from openpbc.rulebook.laying import Origin, laying
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.values import Status

EXTRACT = Path(__file__).parent / "england-2017-18-extract"
PLACE = "synthetic-place"
_PLACE = """\
id: synthetic-place
title: SYNTHETIC place of a later year
year: {year}
commissioner: 06N
packs:
  - england/common
  - england/{year}
  - words/integrated-care-board
"""
# What no source says, and the pack therefore leaves open.
UNSAID = {"child_below_age": ("count", "0"), "topup_base": ("text", "AFTER_SSE")}
_SAID = """\
id: payment.{name}
meaning: SYNTHETIC assumption
unit: {unit}
values:
  "{year}":
    value: "{value}"
    status: assumed
    source: {{document: synthetic-county, section: "tests", mark: SYN}}
    note: "SYNTHETIC"
"""


def later_book(overlay: Path, year: str = "2017-18") -> Book:
    """Make the overlay in a folder, load the four lists, and open the book."""
    own = overlay / "places" / PLACE
    own.mkdir(parents=True)
    (own / "place.yaml").write_text(_PLACE.format(year=year), encoding="utf-8")
    said = overlay / "england" / year / "payment"
    said.mkdir(parents=True)
    for name, (unit, value) in UNSAID.items():
        text = _SAID.format(name=name, unit=unit, year=year, value=value)
        (said / f"{name}.yaml").write_text(text, encoding="utf-8")
    for word, table in TABLES.items():
        file = EXTRACT / f"tariff_{word}.csv"
        found = read_price_list(csv_sheet(file.read_bytes(), file.name), table)
        assert found.faults == ()
        invented = word != "apc"
        origin = Origin(
            "loaded-price-list", file.name, "SYN" if invented else "S", Status.ASSUMED, "SYNTHETIC" if invented else ""
        )
        book = open_book(PLACE, overlay=overlay)
        with laying(book, table.subject, book.place.year, found.rows, origin, overlay) as made:
            made.put()
    return open_book(PLACE, overlay=overlay)
