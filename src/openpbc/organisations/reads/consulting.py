"""Whom the commissioner consults, and who may be asked: networks, representative bodies and groups of the register."""

from __future__ import annotations

from openpbc.organisations import models
from openpbc.organisations.reads import bodies, known, standing_day, units
from openpbc.organisations.reads.partners import own_commissioners
from openpbc.organisations.rules.clocks import Belief, covers
from openpbc.organisations.rules.links import CONSULTS
from openpbc.rulebook.reader import Book

_ASKED = (
    "network", "representative body", "joint team", "specialised commissioner", "council body", "patient body",
    "partnership",
)  # fmt: skip


def consulted(book: Book, subject: str) -> dict[str, str]:
    """Give the name of each body that the commissioners of the area consult on a subject, by code."""
    place, on = book.place.id, standing_day(book)
    rows = models.Link.objects.filter(
        known(None), place_id=place, kind=CONSULTS, about=subject, member__in=tuple(own_commissioners(book))
    ).order_by("holder")
    found = [row.holder for row in rows if covers(Belief(row.holder, row.valid_from, row.valid_to), on)]
    called = bodies.names(place, on) if found else {}
    return {code: called.get(code, code) for code in dict.fromkeys(found)}


def consultable(book: Book) -> dict[str, str]:
    """Give the name of each body that may be asked, by code: groups first, then networks and representative bodies."""
    groups = {each.code: each.name for each in units(book.place.id)}
    told = bodies.bodies(book.place.id, standing_day(book))
    return groups | {each.code: each.name for each in told if each.kind in _ASKED and each.code not in groups}
