"""When files of a month are due: the rulebook's dates, else its fallback by working days, else not set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils import timezone

from openpbc.activity.rules.calendar import (
    FALLBACK,
    NOT_SET,
    PUBLISHED,
    Clock,
    Dates,
    Progress,
    State,
    fallback,
    state_of,
)  # fmt: skip
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table, Value

__all__ = ["FALLBACK", "NOT_SET", "Dates", "Progress", "State", "state_of"]

CALENDAR, HOLIDAYS = "submissions.calendar", "calendar.bank_holidays"
CUT_OFF, FLEX_DAY, FREEZE_DAY = "submissions.cut_off", "submissions.flex_working_day", "submissions.freeze_working_day"
_COLUMNS = ("flex_inclusion", "flex_extract", "freeze_inclusion", "freeze_extract")


def clock(book: Book) -> Clock:
    """Give what working days are counted with; without a cut-off the whole day counts."""
    held, listed = book.value(CUT_OFF), book.table(HOLIDAYS)
    rows = listed.rows if isinstance(listed, Table) else ()
    return Clock(_time(held) if isinstance(held, Value) else time.max, frozenset(_day(row["date"]) for row in rows))


def _time(held: Value) -> time:
    try:
        return time.fromisoformat(held.text)
    except ValueError as error:
        raise UserError(f"'{held.text}' is no time of the day", held.path, "Write it as 17:00.") from error


def _day(text: str) -> date:
    return date.fromisoformat(text)


def dates(book: Book, month: Month) -> Dates:
    """Give the dates of a month: published, the fallback, or not set."""
    listed = book.table(CALENDAR, month.year_of)
    row = next((each for each in listed if each["month"] == str(month)), None) if isinstance(listed, Table) else None
    if row is not None:
        flex, flex_extract, freeze, freeze_extract = (_day(row[name]) if row[name] else None for name in _COLUMNS)
        return Dates(month, flex, flex_extract, freeze, freeze_extract, PUBLISHED)
    flex_day, freeze_day = book.value(FLEX_DAY), book.value(FREEZE_DAY)
    if isinstance(flex_day, NotSet) or isinstance(freeze_day, NotSet):
        return Dates(month, None, None, None, None, NOT_SET)
    return fallback(month, flex_day.int, freeze_day.int, clock(book).holidays)


def moment_of(book: Book, day: date | None) -> datetime | None:
    """Give the moment from which what arrives is too late for a day; None where there is no day."""
    if day is None:
        return None
    cut_off = clock(book).cut_off
    return datetime.combine(day, cut_off, tzinfo=timezone.get_current_timezone())


def expected(book: Book) -> Mapping[str, tuple[str, ...]]:
    """Give the data sets that each provider of the place is expected to send every month, by the provider's code."""
    kinds, listed = book.table("submissions.expected"), book.table("organisations.providers")
    if isinstance(kinds, NotSet) or isinstance(listed, NotSet):
        return {}
    wanted = {row["code"]: tuple(each["stream"] for each in kinds if each["kind"] == row["kind"]) for row in listed}
    return {code: streams for code, streams in wanted.items() if streams}
