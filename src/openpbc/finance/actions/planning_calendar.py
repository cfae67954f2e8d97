"""Writes of the planning calendar: adding an entry, recording what became of one, reminders, private feeds."""

from __future__ import annotations

from datetime import date

from openpbc import audit
from openpbc.finance import reads
from openpbc.finance.actions.revisions import added, change, overtaken, signed, written
from openpbc.finance.models import CalendarEntry, CalendarFeed
from openpbc.finance.reads.planning_calendar import OWN
from openpbc.finance.rules.planning_calendar import KINDS, PRECISIONS
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import NEAR_DAYS, NEAR_YEARS
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations
from openpbc.organisations.actions import feeds

LONGEST_REMINDER = 366
_FEED = "calendar-feed"


@audit.action("finance.add_calendar_entry")
def add_calendar_entry(
    *, by: Actor, place: str, event: str, owner: str, kind: str, sort_date: date, precision: str,
    ends: date | None = None, remind_days: int | None = None,
) -> str:  # fmt: skip
    """Add an entry of one's own and give its code; an entry without words, owner or date is refused."""
    facts = {"event": written("event", event), "owner": written("owner", owner)}
    one_of("kind", kind, KINDS)
    one_of("precision", precision, tuple(PRECISIONS))
    for name, each in (("sort_date", sort_date), ("ends", ends)):
        if each is not None and each.year not in NEAR_YEARS:
            raise UserError("this day is too far away", where=name, do=NEAR_DAYS)
    if precision == "period" and (ends is None or ends < sort_date):
        raise UserError("a period ends on or after its first day", where="ends", do="Give its last day.")
    dated = {"kind": kind, "precision": precision, "sort_date": sort_date, "remind_days": _reminder(remind_days)}
    dated["ends"] = ends if precision == "period" else None
    rows = CalendarEntry.objects.filter(place=place)
    own = rows.exclude(event="").count()
    code = added(rows, f"{OWN}-", own, place=place, revision=1, **facts, **dated, **signed(by))
    audit.note(subject=f"calendar/{place}/{code}", after=facts | {"date": str(sort_date), "precision": precision})
    return code


@audit.action("finance.record_calendar_outcome")
def record_calendar_outcome(
    *, by: Actor, place: str, code: str, revision: int, happened_on: date | None, evidence: str
) -> None:
    """Record when something happened, and what shows it; without a date an earlier record is taken back."""
    if happened_on is not None and not evidence.strip():
        raise UserError("say what shows that it happened", where="evidence", do="Name a minute, a paper or a letter.")
    if happened_on is not None and happened_on > organisations.today():
        raise UserError("it cannot have happened on a day to come", where="happened_on", do="Give a day up to today.")
    told = written("evidence", evidence) if evidence.strip() else ""
    _record(by, place, code, revision, {"happened_on": happened_on, "evidence": told})


@audit.action("finance.set_calendar_reminder")
def set_calendar_reminder(
    *, by: Actor, place: str, code: str, revision: int, owner: str, remind_days: int | None
) -> None:
    """Say who acts, and how many days before its last day the entry should come up as work; none for never."""
    _record(by, place, code, revision, {"owner": written("owner", owner), "remind_days": _reminder(remind_days)})


@audit.action("finance.open_calendar_feed")
def open_calendar_feed(*, by: Actor, place: str) -> str:
    """Make a private address of the calendar for the one who asks, and give its token once; an earlier one ends."""
    return feeds.open_feed(CalendarFeed.objects.all(), _FEED, place, by.id)


@audit.action("finance.close_calendar_feed")
def close_calendar_feed(*, by: Actor, place: str) -> None:
    """End one's private address of the calendar."""
    feeds.end_feed(CalendarFeed.objects.all(), _FEED, place, by.id)


@audit.action("finance.end_calendar_feed")
def end_calendar_feed(*, by: Actor, place: str, person: str) -> None:
    """End the private address of somebody who holds no role any more for which it could be read."""
    feeds.end_feed(CalendarFeed.objects.all(), _FEED, place, person)


def _record(by: Actor, place: str, code: str, revision: int, changes: dict[str, object]) -> None:
    before = reads.calendar_entry(organisations.book(place), code)
    rows = CalendarEntry.objects.filter(place=place, code=code)
    if before.revision:
        change(rows, code, by=by, revision=revision, **changes)
    else:
        # Two who record at once meet the unique constraint here, and the second is told.
        row, new = rows.get_or_create(place=place, code=code, defaults=changes | signed(by) | {"revision": 1})
        if not new:
            raise overtaken(code, row.changed_by, row.changed_at)
    names = {name: getattr(before, name) for name in changes}
    audit.note(subject=f"calendar/{place}/{code}", before=names, after=changes)


def _reminder(days: int | None) -> int | None:
    if days is not None and not 0 <= days <= LONGEST_REMINDER:
        raise UserError("that is no number of days", where="remind_days", do=f"Give 0 to {LONGEST_REMINDER}.")
    return days
