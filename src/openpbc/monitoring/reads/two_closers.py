"""Months whose close waits for a second person, and whether closing takes two."""

from __future__ import annotations

from openpbc.kernel.periods import Month
from openpbc.organisations.reads import second
from openpbc.organisations.reads.second import Asked
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

ACT, BY_TWO = "close-month", "monitoring.close_by_two"


def close_by_two(book: Book) -> Value | NotSet:
    """Give whether two people close a month, or say that it is not set."""
    return book.value(BY_TWO)


def takes_two(book: Book) -> bool:
    """Tell whether two people close a month; one does while it is not set."""
    asked = close_by_two(book)
    return not isinstance(asked, NotSet) and asked.flag


def waiting_closes(place: str) -> dict[Month, Asked]:
    """Give the close that waits for a second person, by month."""
    return {Month.parse(each.facts["month"]): each for each in second.waiting(place, ACT)}
