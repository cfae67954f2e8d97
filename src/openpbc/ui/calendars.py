"""Dates as iCalendar files: identifiers that never change, so that nothing doubles when read again.

An entry with a time of day starts then, in a named zone whose rules stand in the file; every other covers whole days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from openpbc.ui.exports import CREATED

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Dated:
    """One entry: an identifier that stays, its words, and the first and last day that it covers (both included).

    ``remind_days`` before the last day a calendar program rings; ``changed_at`` is when a person last touched it.
    """

    id: str
    summary: str
    description: str
    first: date
    last: date
    changed_at: datetime | None = None
    revision: int = 0
    remind_days: int | None = None
    href: str = ""
    starts: time | None = None
    zone: str = ""


def calendar_bytes(title: str, entries: Sequence[Dated]) -> bytes:
    """Print entries as one calendar; they do not block anybody's time."""
    made = Calendar()
    made.add("prodid", "-//OpenPBC//planning calendar//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    for entry in entries:
        made.add_component(_event(entry))
    if any(entry.starts for entry in entries):
        made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(entry: Dated) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@openpbc")
    event.add("dtstamp", entry.changed_at or CREATED)  # untouched entries carry no clock
    event.add("sequence", entry.revision)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    if entry.starts is None:
        event.add("dtstart", entry.first)
        event.add("dtend", entry.last + timedelta(days=1))  # an iCalendar day ends where the next one starts
    else:  # when a meeting ends is not known, and no end is invented
        event.add("dtstart", datetime.combine(entry.first, entry.starts, ZoneInfo(entry.zone)))
    event.add("transp", "TRANSPARENT")
    if entry.href:
        event.add("url", entry.href)
    if entry.remind_days is not None:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Dated) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.summary)
    alarm.add("trigger", (entry.last - entry.first) - timedelta(days=entry.remind_days or 0))
    return alarm
