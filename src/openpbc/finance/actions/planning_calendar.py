"""Writes of the planning calendar: adding an entry, recording what became of one, reminders, private feeds."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from itertools import count

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance import reads
from openpbc.finance.models import CalendarEntry, CalendarFeed
from openpbc.finance.reads.planning_calendar import OWN, Entry
from openpbc.finance.rules.planning_calendar import KINDS, PRECISIONS
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations

LONGEST_REMINDER = 366
_LENGTHS = {"event": 300, "owner": 200, "evidence": 500}


@audit.action("finance.add_calendar_entry")
def add_calendar_entry(
    *, by: Actor, place: str, event: str, owner: str, kind: str, sort_date: date, precision: str,
    ends: date | None = None, remind_days: int | None = None,
) -> str:  # fmt: skip
    """Add an entry of one's own and give its code; an entry without words, owner or date is refused."""
    facts = {"event": _text("event", event), "owner": _text("owner", owner)}
    _one_of("kind", kind, KINDS)
    _one_of("precision", precision, tuple(PRECISIONS))
    if precision == "period" and (ends is None or ends < sort_date):
        raise UserError("a period ends on or after its first day", where="ends", do="Give its last day.")
    dated = {"kind": kind, "precision": precision, "sort_date": sort_date, "remind_days": _reminder(remind_days)}
    dated["ends"] = ends if precision == "period" else None
    code = _added(place, facts | dated | _signed(by) | {"revision": 1})
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
    told = _text("evidence", evidence) if evidence.strip() else ""
    _record(by, place, code, revision, {"happened_on": happened_on, "evidence": told})


@audit.action("finance.set_calendar_reminder")
def set_calendar_reminder(
    *, by: Actor, place: str, code: str, revision: int, owner: str, remind_days: int | None
) -> None:
    """Say who acts, and how many days before its last day the entry should come up as work; none for never."""
    _record(by, place, code, revision, {"owner": _text("owner", owner), "remind_days": _reminder(remind_days)})


@audit.action("finance.open_calendar_feed")
def open_calendar_feed(*, by: Actor, place: str) -> str:
    """Make a private address of the calendar for the one who asks, and give its token once; an earlier one ends."""
    token = secrets.token_urlsafe(24)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    facts = {"token_hash": hashed, "made_at": timezone.now()}
    CalendarFeed.objects.update_or_create(place=place, sign_in=by.id, defaults=facts)
    audit.note(subject=f"calendar-feed/{place}/{by.id}", after={"open": True})
    return token


@audit.action("finance.close_calendar_feed")
def close_calendar_feed(*, by: Actor, place: str) -> None:
    """End one's private address of the calendar."""
    if not CalendarFeed.objects.filter(place=place, sign_in=by.id).delete()[0]:
        audit.nothing_changed()
    audit.note(subject=f"calendar-feed/{place}/{by.id}", after={"open": False})


def _added(place: str, facts: dict[str, object]) -> str:
    """Store the entry under the next free number; two who add at once get two numbers."""
    for number in count(CalendarEntry.objects.filter(place=place).exclude(event="").count() + 1):
        code = f"{OWN}-{number:02d}"
        try:
            with transaction.atomic():
                CalendarEntry.objects.create(place=place, code=code, **facts)
        except IntegrityError:
            continue
        return code
    raise AssertionError("numbers do not end")


def _record(by: Actor, place: str, code: str, revision: int, changes: dict[str, object]) -> None:
    before = reads.calendar_entry(organisations.book(place), code)
    if before.revision != revision:
        raise _changed_meanwhile(before)
    facts = changes | _signed(by)
    if before.revision == 0:
        # Two who record at once meet the unique constraint here, and the second is told.
        _, new = CalendarEntry.objects.get_or_create(place=place, code=code, defaults=facts | {"revision": 1})
        done = int(new)
    else:
        row = CalendarEntry.objects.filter(place=place, code=code, revision=revision)
        done = row.update(**facts, revision=revision + 1)
    if not done:
        raise _changed_meanwhile(reads.calendar_entry(organisations.book(place), code))
    names = {name: getattr(before, name) for name in changes}
    audit.note(subject=f"calendar/{place}/{code}", before=names, after=changes)


def _changed_meanwhile(now: Entry) -> UserError:
    when = f"{now.changed_at:%d %B %Y, %H:%M}" if now.changed_at else "a moment ago"
    return UserError(f"{now.changed_by or 'somebody'} changed {now.code} on {when}", do="Look at it and try again.")


def _signed(by: Actor) -> dict[str, object]:
    return {"changed_by": by.name[:200], "changed_at": timezone.now()}


def _text(name: str, raw: str) -> str:
    text = " ".join(raw.split())
    if not text:
        raise UserError("nothing is written here", where=name, do="Write a few words.")
    if len(text) > _LENGTHS[name]:
        raise UserError(f"this is longer than {_LENGTHS[name]} characters", where=name, do="Shorten it.")
    return text


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UserError(f"'{value[:30]}' is not one of the choices", where=name, do=f"Choose {', '.join(known)}.")


def _reminder(days: int | None) -> int | None:
    if days is not None and not 0 <= days <= LONGEST_REMINDER:
        raise UserError("that is no number of days", where="remind_days", do=f"Give 0 to {LONGEST_REMINDER}.")
    return days
