"""How exactly a planned date is known, which days it covers, and where it stands on a given day.

A date that is known to the month, the season or the year covers that whole time: it is never given a day of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openpbc.kernel.periods import FinancialYear, Month

KINDS = ("event", "start", "deadline", "target", "milestone", "period", "horizon")
PRECISIONS = {
    "day": "to the day",
    "month-end": "to the end of a month",
    "year-end": "to the end of a calendar year",
    "mid-month": "to the middle of a month",
    "month": "to the month",
    "season": "to the season",
    "academic-year": "to the school year",
    "year": "to the financial year",
    "period": "from a first to a last month",
}
"""Precision -> what people call it."""

EXACT = frozenset({"day", "month-end", "year-end"})
"""Precisions whose date is one day."""

A_YEAR = 366
SCHOOL_YEAR_STARTS = 9


class State(StrEnum):
    """Where an entry stands on a day."""

    DONE = "done"
    COMING = "coming"
    NOW = "now"
    PAST = "past"


@dataclass(frozen=True)
class Span:
    """The days that a date covers, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Standing:
    """Where an entry stands: its state, and how many days to its last day (negative once that day is past)."""

    state: State
    days: int

    @property
    def text(self) -> str:
        """The standing in words."""
        if self.state is State.DONE:
            return "done"
        if self.days < -A_YEAR:
            return "long past"
        if self.days < 0:
            return f"{-self.days:,} days past"
        return "today" if self.days == 0 else f"in {self.days:,} days"


def span(day: date, precision: str, ends: date | None = None) -> Span:
    """Give the days that a sort date of some precision covers; ``ends`` is the last day of a period.

    A season is the sort date's month with the one before and the one after; a school year starts in September.
    """
    month = Month.of(day)
    if precision in EXACT:
        return Span(day, day)
    if precision in ("month", "mid-month"):
        return Span(month.first, month.last)
    if precision == "season":
        return Span(month.previous().first, month.next().last)
    if precision == "academic-year":
        starts = day.year - (day.month < SCHOOL_YEAR_STARTS)
        return Span(date(starts, SCHOOL_YEAR_STARTS, 1), Month(starts + 1, SCHOOL_YEAR_STARTS - 1).last)
    if precision == "year":
        year: FinancialYear = month.year_of
        return Span(year.first, year.last)
    return Span(day, max(ends or day, day))


def standing(days: Span, happened: date | None, on: date) -> Standing:
    """Tell where an entry stands on a day; what has happened is done, whenever that was."""
    left = (days.last - on).days
    if happened is not None:
        return Standing(State.DONE, left)
    if on < days.first:
        return Standing(State.COMING, left)
    return Standing(State.NOW if left >= 0 else State.PAST, left)


def reminds(days: Span, happened: date | None, remind_days: int | None, on: date) -> bool:
    """Tell whether it is time to remind: from so many days before the last day until it is done, if somebody asked."""
    if remind_days is None or happened is not None:
        return False
    return on >= days.last - timedelta(days=remind_days)
