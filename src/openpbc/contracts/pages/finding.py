"""What can be found of contracts: the register's entries, and agreements with partners."""

from __future__ import annotations

from collections.abc import Iterator

from openpbc.contracts.reads.agreement_register import agreements
from openpbc.contracts.reads.contract_register import register
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Way


def finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """Contracts and agreements of the place."""
    place, today = book.place.id, organisations.today()
    names = {each.code: each.name for each in organisations.providers(place)}
    for entry in register(place):
        line = f"{names.get(entry.provider, entry.provider)}, {entry.year}"
        yield Findable("Contracts", entry.title, line, (Way("contracts:register", {"place": place}),), entry.form)
    for each in agreements(book):
        at = Way("contracts:agreement", {"place": place, "code": each.code})
        line = f"{each.partner}, {each.standing(today)}"
        yield Findable("Agreements", each.title, line, (at,), f"{each.code} {each.sector} {each.holder}")
