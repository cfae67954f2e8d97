"""Recording a signed route map: the ground rules for innovation that groups agreed with a commissioner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.governance import models
from openpbc.governance.actions.papers import keep
from openpbc.governance.reads.route_maps import (
    SIGNING_ROLES,
    RouteMap,
    commissioners_of,
    route_maps,
    signing_bodies,
)
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

_FILE = "SYNTHETIC route map, invented for demonstration: {}\n"


@audit.action("governance.record_route_map")
def record_route_map(
    *,
    by: Actor,
    place: str,
    commissioner: str,
    signed_on: date,
    name: str,
    content: bytes,
    for_commissioner: str,
    for_groups: Mapping[str, str],
    note: str = "",
    seen: int | None = None,
    synthetic: bool = False,
) -> int:
    """Record a route map as it was signed, with the body and the groups' roles that signed; give its number.

    ``seen`` is how many maps of the place were recorded when it was looked at. The document is public from then on.
    """
    book = organisations.book(place)
    signed = _signed(book, commissioner, for_commissioner, for_groups)
    if signed_on > organisations.today():
        raise UserError("the day lies ahead", "signed_on", "Record the map once it is signed.")
    facts = {
        "signed_on": signed_on, "sha256": keep(content, name), "for_commissioner": for_commissioner,
        "for_groups": signed, "note": texts.line(note, "the note", 500) if note.strip() else "",
    }  # fmt: skip
    every = route_maps(place)
    own = [each for each in every if each.commissioner == commissioner]
    known = next((each for each in own if all(getattr(each, key) == value for key, value in facts.items())), None)
    if known is not None:
        audit.nothing_changed()
        return known.number
    _refuse_unseen(every, seen)
    number = max((each.number for each in own), default=0) + 1
    file = {"file_name": texts.line(name, "the file's name"), "size": len(content)}
    made = {"synthetic": synthetic, "recorded_by": by.name[:200], "recorded_at": timezone.now(), **facts, **file}
    try:
        with transaction.atomic():
            models.RouteMap.objects.create(place=place, commissioner=commissioner, number=number, **made)
    except IntegrityError as problem:
        raise Stale("somebody recorded a route map at this very moment", do="Look at it first.") from problem
    after = facts | file | {"signed_on": str(signed_on)}
    audit.note(subject=f"route-map/{place}/{commissioner}/{number}", after=after)
    return number


def _refuse_unseen(every: Sequence[RouteMap], seen: int | None) -> None:
    if seen is not None and seen != len(every):
        last = max(every, key=lambda each: each.recorded_at)
        at = moment_text(timezone.localtime(last.recorded_at))
        told = f"{last.recorded_by} recorded a route map on {at}, after you opened this page"
        raise Stale(told, do="Look at it first.")


def _signed(book: Book, commissioner: str, body: str, groups: Mapping[str, str]) -> dict[str, str]:
    """Refuse sides that are none of the place's; both have to have signed."""
    if commissioner not in commissioners_of(book):
        known = ", ".join(commissioners_of(book))
        raise UserError(f"'{commissioner[:30]}' commissions nothing here", "commissioner", f"Choose one of {known}.")
    if body not in signing_bodies(book):
        known = ", ".join(signing_bodies(book))
        raise UserError(f"'{body[:40]}' cannot sign for it", "for_commissioner", f"Choose one of {known}.")
    signed: dict[str, str] = {}
    for unit, role in groups.items():
        if role not in SIGNING_ROLES:
            raise UserError(f"'{role[:40]}' cannot sign for a group", do=f"Give one of {', '.join(SIGNING_ROLES)}.")
        signed[organisations.unit_by_alias(book.place.id, unit).code] = role
    if not signed:
        raise UserError("no group signed", do="Say for at least one who signed for it.")
    return dict(sorted(signed.items()))


@audit.action("governance.demonstrate_route_map")
def demonstrate_route_map(*, by: Actor, place: str) -> None:
    """Record two SYNTHETIC versions, the later with one more group; a second run changes nothing."""
    book, units = organisations.book(place), [each.code for each in organisations.units(place)]
    bodies = tuple(signing_bodies(book))
    if route_maps(place) or len(units) < 2 or not bodies:
        audit.nothing_changed()
        return
    first = book.place.year.first
    versions = ((first, units[1:], "the first version"), (first.replace(month=9), units, "all groups have signed"))
    for signed_on, who, said in versions:
        record_route_map(
            by=by, place=place, commissioner=book.place.commissioner, signed_on=signed_on, name="route-map.txt",
            content=_FILE.format(said).encode(), for_commissioner=bodies[0],
            for_groups=dict.fromkeys(who, "gp_lead"), note=f"SYNTHETIC: {said}", synthetic=True,
        )  # fmt: skip
    audit.note(subject=f"place/{place}", after={"route_maps": 2}, reason="SYNTHETIC: recorded for demonstration")
