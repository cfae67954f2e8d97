"""Whether every practice has somebody who buys care for its people, and how far each takes part itself."""

from __future__ import annotations

from datetime import date

from openpbc.organisations.reads import Membership, membership_rows, successions
from openpbc.organisations.reads.arrangements import COVER, LEVEL, LEVELS, NOBODY, arrangements, subjects
from openpbc.organisations.rules.clocks import covers
from openpbc.organisations.rules.cover import Cover, Practised
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

__all__ = ["TARGET", "Cover", "Practised", "cover", "levels"]
TARGET = "organisations.cover_target"


def levels(book: Book) -> dict[str, str] | NotSet:
    """Give the levels at which a practice may take part, by code and in their order, or that none is set."""
    found = book.table(LEVELS)
    return found if isinstance(found, NotSet) else {row["code"]: row["name"] for row in found}


def cover(book: Book, on: date, known_on: date | None = None) -> Cover:
    """Give every practice of a place on a day, as known at the end of another (None: now).

    A practice counts until the rulebook says which other one stands for it: leaving a group is no closure.
    """
    place = book.place.id
    ended = {each.predecessor for each in successions(book, known_on).listed if each.on <= on}
    belonging: dict[str, list[Membership]] = {}
    for row in membership_rows(place, known_on):
        belonging.setdefault(row.practice, []).append(row)
    held = {kind: arrangements(place, kind, on, known_on) for kind in (COVER, LEVEL)}

    def said(kind: str, code: str) -> str:
        each = held[kind].get(code)
        return "" if each is None or each.holder == NOBODY else each.holder

    found = []
    for code, name in subjects(book, COVER).items():
        if code not in ended:
            mine = belonging.get(code, [])
            unit = next((row.unit for row in mine if covers(row, on)), "")
            left = [(row.unit, row.valid_to) for row in mine if row.valid_to < on and not unit]
            joins = [(row.unit, row.valid_from) for row in mine if row.valid_from > on and not unit]
            ways = (left[-1] if left else None, joins[0] if joins else None)
            found.append(Practised(code, name, unit, said(COVER, code), said(LEVEL, code), *ways))
    return Cover(tuple(found))
