"""A SYNTHETIC place in 2017/18, with its price lists loaded as anybody loads them."""

from __future__ import annotations

from pathlib import Path

from openpbc.activity.rules.price_lists import TABLES, csv_sheet, read_price_list
from openpbc.rulebook.laying import Origin, lay_table
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.values import Status

EXTRACT = Path(__file__).parent / "england-2017-18-extract"
PLACE = "synthetic-2017"
_PLACE = """\
id: synthetic-2017
title: SYNTHETIC place of 2017/18
year: 2017-18
commissioner: 06N
packs:
  - england/common
  - england/2017-18
  - words/integrated-care-board
"""


def later_book(overlay: Path) -> Book:
    """Make the overlay in a folder, load the four lists, and open the book."""
    own = overlay / "places" / PLACE
    own.mkdir(parents=True)
    (own / "place.yaml").write_text(_PLACE, encoding="utf-8")
    for word, table in TABLES.items():
        file = EXTRACT / f"tariff_{word}.csv"
        found = read_price_list(csv_sheet(file.read_bytes(), file.name), table)
        assert found.faults == ()
        invented = word != "apc"
        origin = Origin(
            "loaded-price-list", file.name, "SYN" if invented else "S", Status.ASSUMED, "SYNTHETIC" if invented else ""
        )
        book = open_book(PLACE, overlay=overlay)
        lay_table(book, table.subject, book.place.year, found.rows, origin, overlay)
    return open_book(PLACE, overlay=overlay)
