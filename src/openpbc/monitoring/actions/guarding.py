"""Holds the book of a place's periods while somebody enters or locks, so that one of two wins and the other is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import localtime

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.models import PeriodBook, PeriodEvent
from openpbc.rulebook.reader import Book

WHO_REOPENS = "A finance manager can reopen it, with a reason"


def take_book(book: Book) -> PeriodBook:
    """Take the row of the place's year until the transaction ends; it is made when it is not there yet."""
    key = {"place": book.place.id, "year": str(book.place.year)}
    PeriodBook.objects.bulk_create([PeriodBook(**key, locked_through="", revision=0)], ignore_conflicts=True)
    return PeriodBook.objects.select_for_update().get(**key)


def hold_open(book: Book, months: Iterable[Month]) -> None:
    """Refuse an entry for a month whose position, or that of a later month, is locked.

    An entry for a month of the year before changes the comparison of the same month of this year.
    """
    row = take_book(book)
    refuse_locked(book, Month.parse(row.locked_through) if row.locked_through else None, months)


def refuse_locked(book: Book, locked: Month | None, months: Iterable[Month]) -> None:
    """Raise the sentence for the first month that may not be entered, and say who can reopen it."""
    if locked is None:
        return
    for month in sorted(months):
        own = month if month.year_of == book.place.year else Month(month.year + 1, month.month)
        if own <= locked:
            last = PeriodEvent.objects.filter(place=book.place.id, month=str(locked)).order_by("-number").first()
            by = f" by {last.by} on {localtime(last.at):%d %B %Y}" if last else ""
            raise UserError(
                f"the position of {locked.name} is locked{by}, and an entry for {month.name} would change it",
                where="month",
                do=f"{WHO_REOPENS}; or enter the amount in {locked.next().name}.",
            )
