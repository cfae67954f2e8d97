"""The points of the calendar at which a month is closed: flex, freeze, or none."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from openpbc.activity import reads as activity
from openpbc.kernel.periods import Month, moment_text
from openpbc.kernel.problems import UserError
from openpbc.monitoring.models import PublishedMonth
from openpbc.rulebook.reader import Book

FLEX, FREEZE = "flex", "freeze"
POINTS = ("", FLEX, FREEZE)


def follows(earlier: str, later: str) -> bool:
    """Tell whether a month that is closed at one point goes on to the other in its course."""
    return (earlier, later) == (FLEX, FREEZE)


def moment(book: Book, month: Month, point: str, before: PublishedMonth | None) -> datetime | None:
    """Give the moment as at which files are taken: the end of flex; None takes what counts now.

    A point that has not passed yet, and going back from freeze to flex, are refused.
    """
    if point not in POINTS:
        raise UserError(f"'{point[:20]}' is no point of the calendar", do="Use flex or freeze.")
    if point == FLEX and before is not None and before.point == FREEZE:
        raise UserError(f"{month.name} was closed at the freeze, which comes after flex", where=book.place.id)
    dates = activity.dates(book, month)
    due = activity.moment_of(book, {FLEX: dates.flex, FREEZE: dates.freeze}.get(point))
    if due is not None and timezone.now() < due:
        told = moment_text(timezone.localtime(due))
        raise UserError(f"{point} of {month.name} ends on {told}", where=book.place.id, do="Close it then.")
    return due if point == FLEX else None
