"""Financial years, their months, and working days."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openpbc.kernel.problems import UserError

_NAMES = "January February March April May June July August September October November December".split()
_YEAR = re.compile(r"([0-9]{4})[-/]([0-9]{2})")
LAST_YEAR = 9999  # the calendar ends with it, so no month of it has a next one
# What people write down happened, or will happen, in these years; anything else is a slip of the keyboard.
NEAR_YEARS = range(1900, 2201)
NEAR_DAYS = f"Give a day from {NEAR_YEARS[0]} to {NEAR_YEARS[-1]}."
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, order=True)
class FinancialYear:
    """The year from 1 April to 31 March, named by the calendar year in which it starts."""

    starts_in: int

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """Read ``2008-09`` or ``2008/09``; anything else is a person's mistake."""
        match = _YEAR.fullmatch(text.strip())
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise UserError(f"'{text[:20]}' is not a financial year", do="Write it as YYYY-YY, such as 2008-09.")
        return cls(int(match[1]))

    def __str__(self) -> str:
        """Give the form used in files and addresses: ``2008-09``."""
        return f"{self.starts_in}-{(self.starts_in + 1) % 100:02d}"

    @property
    def label(self) -> str:
        """The form that people read: ``2008/09``."""
        return str(self).replace("-", "/")

    @property
    def first(self) -> date:
        """1 April."""
        return date(self.starts_in, 4, 1)

    @property
    def last(self) -> date:
        """31 March."""
        return date(self.starts_in + 1, 3, 31)

    @property
    def previous(self) -> FinancialYear:
        """The year before."""
        return FinancialYear(self.starts_in - 1)

    @property
    def next(self) -> FinancialYear:
        """The year after."""
        return FinancialYear(self.starts_in + 1)

    @property
    def months(self) -> tuple[Month, ...]:
        """April to March."""
        return tuple(Month(self.starts_in + (month < 4), month) for month in (*range(4, 13), 1, 2, 3))


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month, which knows its place in the financial year."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``2008-04``; anything else is a person's mistake."""
        match = _MONTH.fullmatch(text.strip())
        if not match or not 1 <= int(match[2]) <= 12 or not 1 < int(match[1]) < LAST_YEAR:
            raise UserError(f"'{text[:20]}' is not a month", do="Write it as YYYY-MM, such as 2008-04.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Give the month in which a day lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        """Give the form used in files and addresses: ``2008-04``."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def name(self) -> str:
        """The form that people read: ``April 2008``."""
        return f"{_NAMES[self.month - 1]} {self.year}"

    @property
    def year_of(self) -> FinancialYear:
        """The financial year in which the month lies."""
        return FinancialYear(self.year - (self.month < 4))

    @property
    def number(self) -> int:
        """1 for April to 12 for March."""
        return (self.month - 4) % 12 + 1

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.next().first - timedelta(days=1)

    def next(self) -> Month:
        """Give the month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def previous(self) -> Month:
        """Give the month before."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    def through(self, last: Month) -> Iterator[Month]:
        """Give this month and each one after it, up to and including ``last``."""
        month = self
        while month <= last:
            yield month
            month = month.next()

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in the month."""
        return (day.year, day.month) == (self.year, self.month)


def months_after(day: date, months: int) -> date:
    """Give the same day of a month that many months later, or the last day of it where that month is shorter."""
    whole = day.year * 12 + day.month - 1 + months
    month = Month(whole // 12, whole % 12 + 1)
    return min(date(month.year, month.month, min(day.day, 28)) + timedelta(days=max(day.day - 28, 0)), month.last)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Tell whether a day is Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in holidays


def working_days(month: Month, holidays: Collection[date]) -> int:
    """Count the working days of a month."""
    days = (month.last - month.first).days + 1
    return sum(is_working_day(month.first + timedelta(days=offset), holidays) for offset in range(days))


def working_day(activity_month: Month, n: int, holidays: Collection[date]) -> date:
    """Give the nth working day of the month that follows the activity month (n from 1; may run into later months)."""
    if n < 1:
        raise ValueError("working days count from 1")
    day = activity_month.next().first
    while True:
        n -= is_working_day(day, holidays)
        if n == 0:
            return day
        day += timedelta(days=1)


def working_day_index(activity_month: Month, day: date, holidays: Collection[date]) -> int:
    """Tell on which working day after the activity month a day falls; a weekend or holiday counts as the next one.

    Days before the month's end give 0: the file came early.
    """
    start = activity_month.next().first
    if day < start:
        return 0
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return sum(is_working_day(start + timedelta(days=offset), holidays) for offset in range((day - start).days + 1))


def day_text(day: date) -> str:
    """Give the form in which people read a day: ``4 September 2007``."""
    return f"{day.day} {Month.of(day).name}"


def moment_text(at: datetime) -> str:
    """Give the form in which people read a moment in a sentence: ``4 September 2007 at 14:05``."""
    return f"{day_text(at)} at {at:%H:%M}"


def moment_cell(at: datetime) -> str:
    """Give the form in which people read a moment in a table: ``4 September 2007, 14:05``."""
    return f"{day_text(at)}, {at:%H:%M}"
