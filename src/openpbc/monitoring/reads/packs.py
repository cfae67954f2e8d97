"""The information pack of a group: its five areas with the day of their last data, and when packs were due and sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.periods import Month, working_day
from openpbc.monitoring.reads.following import packs
from openpbc.monitoring.reads.months import months
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table, Value

DUE_DAY, HOLIDAYS = "monitoring.pack_working_day", "calendar.bank_holidays"
BUDGETS, ACTIVITY = "budgets", "activity"
AREAS = {
    "health": "Health of the people on the lists",
    "inequalities": "Inequalities",
    "benchmarks": "Benchmarks",
    BUDGETS: "Budgets and incentive schemes",
    ACTIVITY: "Hospital activity",
}


@dataclass(frozen=True)
class Area:
    """One area of a pack; ``last`` is the last day of its data, None where there is none."""

    code: str
    title: str
    last: date | None


@dataclass(frozen=True)
class PackState:
    """A month's pack: when it is due, when it was sent, and whether it was or is late.

    While the month is not closed there is nothing to send, so its pack is not late.
    """

    month: Month
    due: date | None
    sent: date | None
    late: bool
    closed: bool = True

    @property
    def state(self) -> str:
        """How far the pack is, in a word or two."""
        if self.sent is None:
            return "late" if self.late else "not sent" if self.closed else "month not closed"
        return "sent late" if self.late else "sent in time"


def pack_areas(book: Book) -> tuple[Area, ...]:
    """Give the five areas; nothing is held yet for those that no room of the system fills."""
    closed = [each.month for each in months(book.place.id) if each.published]
    last = closed[-1].last if closed else None
    return tuple(Area(code, title, last if code in (BUDGETS, ACTIVITY) else None) for code, title in AREAS.items())


def pack_states(book: Book, unit: str, today: date) -> tuple[PackState, ...]:
    """Give every month that has ended by a day, with the state of its pack."""
    return tuple(_states(book, unit, today))


def _states(book: Book, unit: str, today: date) -> Iterator[PackState]:
    sent = {row.month: row.sent_on for row in packs(book.place.id, unit)}
    for each in months(book.place.id):
        month, closed = each.month, each.published
        if month.last < today:
            due, own = due_day(book, month), sent.get(str(month))
            until = own or (today if closed else None)
            yield PackState(month, due, own, due is not None and until is not None and until > due, closed)


def due_day(book: Book, month: Month) -> date | None:
    """Give the day by which the pack of a month is due; None where no interval is set."""
    held, listed = book.value(DUE_DAY), book.table(HOLIDAYS)
    if not isinstance(held, Value):
        return None
    rows = listed.rows if isinstance(listed, Table) else ()
    return working_day(month, held.int, frozenset(date.fromisoformat(row["date"]) for row in rows))


def late_packs(states: tuple[PackState, ...]) -> int:
    """Count the packs that were or are late."""
    return sum(each.late for each in states)
