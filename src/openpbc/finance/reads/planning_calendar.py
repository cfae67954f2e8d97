"""The planning calendar: what the documents date, what people added, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpbc.finance.models import CalendarEntry, CalendarFeed
from openpbc.finance.rules.planning_calendar import Span, Standing, reminds, span, standing
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import feeds
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

CALENDAR = "finance.calendar"
OWN = "OWN"


@dataclass(frozen=True)
class Entry:
    """One dated thing.

    ``shown`` is the date as people may read it, ``days`` are those that it covers; ``own`` entries were added by
    people, the others stand in a document. ``revision`` is 0 as long as nobody recorded anything about it.
    """

    code: str
    event: str
    owner: str
    kind: str
    sort_date: date
    precision: str
    shown: str
    days: Span
    source: str
    own: bool
    remind_days: int | None = None
    happened_on: date | None = None
    evidence: str = ""
    revision: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None

    def standing(self, on: date) -> Standing:
        """Where the entry stands on a day."""
        return standing(self.days, self.happened_on, on)

    @property
    def owners(self) -> tuple[str, ...]:
        """Each of those who act."""
        return tuple(part.strip() for part in self.owner.split(";") if part.strip())


def calendar(book: Book) -> tuple[Entry, ...]:
    """Every entry of a place, by date; a place whose rulebook dates nothing has the entries that people added."""
    recorded = {row.code: row for row in CalendarEntry.objects.filter(place=book.place.id)}
    listed = book.table(CALENDAR)
    printed = [_printed(row, recorded.get(row["code"])) for row in (listed if isinstance(listed, Table) else ())]
    added = [_added(row) for row in recorded.values() if row.event]
    return tuple(sorted([*printed, *added], key=lambda each: (each.sort_date, each.code)))


def calendar_entry(book: Book, code: str) -> Entry:
    """Give one entry; an unknown code is a person's mistake."""
    for each in calendar(book):
        if each.code == code:
            return each
    raise UserError(f"the calendar has no entry '{code[:30]}'", do="Open it from the calendar.")


def reminders(book: Book, on: date) -> tuple[Entry, ...]:
    """The entries of which somebody asked to be reminded by this day, and that are not done."""
    return tuple(each for each in calendar(book) if reminds(each.days, each.happened_on, each.remind_days, on))


def has_feed(place: str, sign_in: str) -> bool:
    """Tell whether a person has a private address of the calendar."""
    return feeds.has_feed(CalendarFeed.objects.all(), place, sign_in)


def feed_of(token: str) -> tuple[str, str] | None:
    """Give the place and the sign-in name for which a private address was made; none if there is no such address."""
    return feeds.feed_of(CalendarFeed.objects.all(), token)


def _printed(row: dict[str, str], recorded: CalendarEntry | None) -> Entry:
    day, ends = date.fromisoformat(row["sort_date"]), row["ends"]
    return Entry(
        code=row["code"],
        event=row["event"],
        owner=(recorded.owner if recorded else "") or row["owner"],
        kind=row["kind"],
        sort_date=day,
        precision=row["precision"],
        shown=row["shown"],
        days=span(day, row["precision"], date.fromisoformat(ends) if ends else None),
        source=f"{row['document']}, lines {row['lines']}",
        own=False,
        **_recorded(recorded),
    )


def _added(row: CalendarEntry) -> Entry:
    assert row.sort_date is not None, "the database holds no entry of a person without a date"
    days = span(row.sort_date, row.precision, row.ends)
    return Entry(
        code=row.code,
        event=row.event,
        owner=row.owner,
        kind=row.kind,
        sort_date=row.sort_date,
        precision=row.precision,
        shown=shown(days, row.precision),
        days=days,
        source=f"added by {row.changed_by}" if row.revision == 1 else f"added, last changed by {row.changed_by}",
        own=True,
        **_recorded(row),
    )


def _recorded(row: CalendarEntry | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("remind_days", "happened_on", "evidence", "revision", "changed_by", "changed_at")
    return {name: getattr(row, name) for name in names}


def shown(days: Span, precision: str) -> str:
    """Write a date no more exactly than it is known."""
    first, last = days.first, days.last
    if precision == "day":
        return f"{first.day} {first:%B %Y}"
    if precision == "month-end":
        return f"end of {first:%B %Y}"
    if precision == "year-end":
        return f"end of {first.year}"
    if precision in ("month", "mid-month"):
        return f"{'mid-' if precision == 'mid-month' else ''}{first:%B %Y}"
    if precision == "academic-year":
        return f"school year {first.year}/{last.year % 100:02d}"
    if precision == "year":
        return f"{first.year}/{last.year % 100:02d}"
    return f"{first:%B %Y} to {last:%B %Y}"


def owners(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Everybody who acts in any of the entries, in order."""
    return tuple(sorted({name for each in entries for name in each.owners}))
