"""Which file a provider sends next, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from openpbc.activity.reads.calendar import clock, dates, expected
from openpbc.activity.reads.submissions import submissions
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Due:
    """The first month of the year of which a data set did not come; ``by`` is None where no day is set."""

    stream: str
    month: Month
    by: date | None
    overdue: bool


def next_due(book: Book, provider: str, now: datetime) -> tuple[Due, ...]:
    """Give what a provider is expected to send next of each data set, what is due first at the head.

    A data set of which every month of the place's year came is not there; nor is one that nobody expects.
    """
    streams = expected(book).get(provider, ())
    came = {
        (each.stream, each.month) for each in submissions(book.place.id) if each.provider == provider and each.current
    }
    found: list[Due] = []
    moment = timezone.localtime(now)
    for stream in streams:
        month = next((each for each in book.place.year.months if (stream, str(each)) not in came), None)
        if month is not None:
            known = dates(book, month)
            found.append(Due(stream, month, known.flex, known.flex_is_over(clock(book), moment)))
    return tuple(sorted(found, key=lambda each: (each.by or date.max, streams.index(each.stream))))
