"""Route maps: the ground rules for innovation that groups and each commissioner of a place signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.governance import models
from openpbc.governance.reads.delegation import deciders
from openpbc.governance.reads.seats import all_bodies
from openpbc.governance.rules.voting import RECOMMENDS
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import ROLES
from openpbc.rulebook.reader import Book

# Who signs for a group: whoever may answer for it elsewhere, by role and never by name.
SIGNING_ROLES = {role: ROLES[role] for role in ("gp_lead", "group_manager")}
_GROUP = "group"


@dataclass(frozen=True)
class RouteMap:
    """One signed version, with the code of the body that signed for the commissioner and each group's role."""

    commissioner: str
    number: int
    signed_on: date
    sha256: str
    file_name: str
    size: int
    for_commissioner: str
    for_groups: dict[str, str]
    note: str
    synthetic: bool
    recorded_by: str
    recorded_at: datetime


def commissioners_of(book: Book) -> dict[str, str]:
    """Give the commissioners of a place by code: its own first, then those of its practices."""
    place = book.place.id
    names = {each.code: each.name for each in organisations.commissioners(place)}
    others = sorted({each.commissioner for each in organisations.practices(place)} - {"", book.place.commissioner})
    return {code: names.get(code, code) for code in (book.place.commissioner, *others)}


def signing_bodies(book: Book) -> dict[str, str]:
    """Give who may sign for a commissioner by code: what decides in the place, but groups, and none that recommends."""
    own = all_bodies(book)
    powerless = {code for code, each in own.items() if each.power == RECOMMENDS} | {_GROUP}
    return {code: name for code, name in deciders(book).items() if code not in powerless}


def route_maps(place: str) -> tuple[RouteMap, ...]:
    """List every version of every commissioner of a place, the latest signed first."""
    rows = models.RouteMap.objects.filter(place=place).order_by("-signed_on", "-number", "commissioner")
    return tuple(_read(row) for row in rows)


def signed_maps(place: str) -> dict[str, RouteMap]:
    """Give the map of each commissioner that counts now: the latest signed."""
    return {each.commissioner: each for each in reversed(route_maps(place))}  # the latest comes last, and counts


def route_map(place: str, commissioner: str, number: int) -> RouteMap:
    """Give one version; an unknown one is a person's mistake."""
    row = models.RouteMap.objects.filter(place=place, commissioner=commissioner, number=number).first()
    if row is None:
        raise UserError(
            f"there is no version {number} of a route map with {commissioner[:30]}",
            where=place,
            do="Choose one from the list of versions.",
        )
    return _read(row)


def _read(row: models.RouteMap) -> RouteMap:
    return RouteMap(**{name: getattr(row, name) for name in RouteMap.__dataclass_fields__})
