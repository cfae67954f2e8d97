"""Sets how the year's budget of a service line is spread over the months."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring.actions.guarding import hold_open
from openpbc.monitoring.models import Profile
from openpbc.monitoring.reads.entered import profiles
from openpbc.monitoring.reads.lines import service_line as find_line
from openpbc.monitoring.rules.profiles import ENTERED, METHODS, check_points
from openpbc.organisations import reads as organisations


@audit.action("monitoring.set_profile")
def set_profile(*, by: Actor, place: str, service_line: str, method: str, seen: int, points: Sequence[int] = ()) -> int:
    """Spread a service line's budget by a method from now on; locked months keep the profile that they had.

    ``points`` are twelve shares in basis points, April first, for an entered profile. ``seen`` is the number of the
    profile that the person saw.
    """
    book = organisations.book(place)
    find_line(book, service_line)
    if method not in METHODS:
        raise UserError(f"'{method[:20]}' is no profile", where="method", do=f"Choose one of {', '.join(METHODS)}.")
    if method == ENTERED:
        check_points(points)
    hold_open(book, ())
    held = profiles(book)[service_line]
    kept = list(points) if method == ENTERED else []
    if held.number != seen:
        when = f" on {localtime(held.at):%d %B %Y}" if held.at else ""
        raise Stale(f"{held.by or 'somebody'} set another profile{when}", do="Look at it first.")
    if held.method == method and list(held.points) == kept:
        audit.nothing_changed()
        return held.number
    try:
        Profile.objects.create(
            place=place,
            year=str(book.place.year),
            service_line=service_line,
            number=held.number + 1,
            method=method,
            points=kept,
            by=by.name[:200],
            at=timezone.now(),
        )
    except IntegrityError as error:
        raise Stale("somebody else set a profile meanwhile", do="Look at it first.") from error
    audit.note(
        subject=f"profile/{place}/{book.place.year}/{service_line}",
        before={"method": held.method, "points": list(held.points)},
        after={"method": method, "points": kept},
    )
    return held.number + 1
