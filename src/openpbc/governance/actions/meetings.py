"""Writes of a meeting: calling, changing and cancelling it, opening it with its roll, who is there, and ending it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.locking import (
    locked_meeting,
    must_be_officer,
    must_keep,
    refuse_confirmed,
    refuse_stale,
)
from openpbc.governance.models import Attendance, Ballot, Item, Meeting
from openpbc.governance.reads.seats import find_body, officers, seats, terms_in_force
from openpbc.governance.rules import meetings as rule
from openpbc.governance.rules.meetings import CANCELLED, CLOSED, EXTRAORDINARY, LISTED, OPEN, PLANNED, WAITING
from openpbc.governance.rules.quorum import ABSENT, APOLOGIES, CHAIR, PRESENCES, PRESENT, SECRETARY, VICE, Member
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of

_TRIES = 5
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@audit.action("governance.call_meeting")
def call_meeting(
    *,
    by: Actor,
    place: str,
    body: str,
    held_on: date,
    starts_at: str = "",
    venue: str = "",
    kind: str = rule.ORDINARY,
    reason: str = "",
    synthetic: bool = False,
) -> int:
    """Call a meeting of a body on a day, and give the number of its record. An extraordinary one needs a reason."""
    body = find_body(organisations.book(place), body).code
    must_be_officer(by, place, body, officers(place, body, held_on))
    if kind not in rule.MEETING_KINDS:
        raise UserError(f"'{kind[:20]}' is no kind of meeting", "kind", "Choose ordinary or extraordinary.")
    if kind == EXTRAORDINARY and not reason.strip():
        raise UserError("an extraordinary meeting needs a reason", "reason", "Say why it cannot wait.")
    facts = {"held_on": held_on, "kind": kind, "reason": reason.strip()[:500], **_where(starts_at, venue)}
    now = timezone.now()
    made = {"called_by": by.name[:200], "called_at": now, "changed_by": by.name[:200], "changed_at": now}
    row = _numbered(place, body, facts | made | {"synthetic": synthetic})
    audit.note(subject=f"meeting/{place}/{row.pk}", after=facts | {"held_on": str(held_on), "number": row.number})
    return row.pk


def _where(starts_at: str, venue: str) -> dict[str, str]:
    if starts_at and not _CLOCK.fullmatch(starts_at):
        raise UserError(f"'{starts_at[:10]}' is no time of day", "starts_at", "Write it as 14:30.")
    return {"starts_at": starts_at, "venue": texts.line(venue, "the venue", field="venue") if venue.strip() else ""}


def _numbered(place: str, body: str, facts: Mapping[str, object]) -> Meeting:
    """Give the body's next number; whoever calls another meeting at the same moment gets the one after."""
    for _ in range(_TRIES):
        last = Meeting.objects.filter(place=place, body=body).aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                return Meeting.objects.create(place=place, body=body, number=last + 1, **facts)
        except IntegrityError:
            continue
    raise UserError("several people call meetings of this body just now", do="Try again in a moment.")


@audit.action("governance.change_meeting")
def change_meeting(
    *, by: Actor, place: str, meeting: int, held_on: date, starts_at: str = "", venue: str = "", seen: int | None = None
) -> None:
    """Move a planned meeting to another day, time or place."""
    row = locked_meeting(place, meeting)
    must_keep(by, row)
    refuse_stale("this meeting", seen, row.revision, row.changed_by, row.changed_at)
    if row.state != PLANNED:
        raise UserError(f"the meeting is {rule.STATES[row.state].lower()}", do="Only a planned one can be moved.")
    told = {"held_on": held_on, **_where(starts_at, venue)}
    before = {name: getattr(row, name) for name in told}
    if before == told:
        audit.nothing_changed()
        return
    for name, value in told.items():
        setattr(row, name, value)
    _changed(row, by)
    audit.note(
        subject=f"meeting/{place}/{meeting}",
        before=before | {"held_on": str(before["held_on"])},
        after=told | {"held_on": str(held_on)},
    )


def _changed(row: Meeting, by: Actor) -> None:
    row.revision += 1
    row.changed_by, row.changed_at = by.name[:200], timezone.now()
    row.save()


@audit.action("governance.cancel_meeting")
def cancel_meeting(*, by: Actor, place: str, meeting: int, reason: str, seen: int | None = None) -> None:
    """Cancel a planned meeting; what stood on its agenda waits for the next one."""
    row = locked_meeting(place, meeting)
    must_keep(by, row)
    refuse_stale("this meeting", seen, row.revision, row.changed_by, row.changed_at)
    _become(row, CANCELLED)
    row.reason = texts.line(reason, "the reason", 500, field="reason")
    _changed(row, by)
    Item.objects.filter(meeting=row, state=LISTED).update(meeting=None, number=None, state=WAITING)
    audit.note(subject=f"meeting/{place}/{meeting}", after={"state": CANCELLED}, reason=row.reason)


def _become(row: Meeting, state: str) -> None:
    if why := rule.cannot_become(row.state, state):
        raise UserError(why, do=f"{row.changed_by} changed it last.")
    row.state = state


@audit.action("governance.open_meeting")
def open_meeting(*, by: Actor, place: str, meeting: int) -> None:
    """Open a meeting: the roll is taken from the seats held on its day, and everybody is absent until marked present.

    Urgent actions of the chair that wait to be ratified come on its agenda by themselves.
    """
    row = locked_meeting(place, meeting)
    must_keep(by, row)
    _become(row, OPEN)
    if terms_in_force(place, row.body, row.held_on) is None:
        raise UserError("this body has no terms of reference in force", do="Record them at the body's page first.")
    held = seats(place, row.body, row.held_on)
    chair = next((each.person for each in held if each.capacity in (CHAIR, VICE)), "")
    secretary = next((each.person for each in held if each.capacity == SECRETARY), "")
    if why := rule.cannot_open(row.held_on, organisations.today(), secretary, chair):
        raise UserError(why, do="Look at the members of the body and the day of the meeting.")
    _changed(row, by)
    now = timezone.now()
    Attendance.objects.bulk_create(
        Attendance(
            meeting=row, person=each.person, capacity=each.capacity, kind=each.kind, of=each.of, votes=each.votes,
            presence=ABSENT, changed_by=by.name[:200], changed_at=now,
        )
        for each in held
    )  # fmt: skip
    _list_ratifications(row, by)
    audit.note(subject=f"meeting/{place}/{meeting}", after={"state": OPEN, "roll": [each.person for each in held]})


def _list_ratifications(row: Meeting, by: Actor) -> None:
    waiting = Item.objects.filter(place=row.place, body=row.body, state=WAITING, kind=rule.RATIFICATION).order_by("pk")
    last = row.items.aggregate(last=Max("number"))["last"] or 0
    for number, item in enumerate(waiting, start=last + 1):
        item.meeting, item.number, item.state = row, number, LISTED
        item.version += 1
        item.changed_by, item.changed_at = by.name[:200], timezone.now()
        item.save()


@audit.action("governance.record_attendance")
def record_attendance(
    *, by: Actor, place: str, meeting: int, there: Mapping[str, tuple[str, str]], seen: int | None = None
) -> None:
    """Record who is there: by sign-in name the presence and, where the terms of reference allow it, a deputy.

    The votes of somebody who is not there any more are taken off the items that are not decided.
    """
    row = locked_meeting(place, meeting)
    must_keep(by, row)
    refuse_stale("the attendance", seen, row.roll_version, row.changed_by, row.changed_at)
    if row.state != OPEN:
        raise UserError(
            f"the meeting is {rule.STATES[row.state].lower()}", do="Attendance is recorded while it is open."
        )
    lines = {line.person: line for line in row.roll.all()}
    told = {}
    for person, (presence, deputy) in sorted(there.items()):
        line = lines.get(person)
        if line is None:
            raise UserError(f"{person} is not on the roll of this meeting", do="Only members and officers are.")
        deputy = _deputy(row, lines, line, presence, deputy)
        if (line.presence, line.deputy) != (presence, deputy):
            told[person] = {"presence": presence, "deputy": deputy}
            line.presence, line.deputy = presence, deputy
            line.changed_by, line.changed_at = by.name[:200], timezone.now()
    if not told:
        audit.nothing_changed()
        return
    _check_one_seat_each(lines)
    for person in told:
        lines[person].save()
    row.roll_version += 1
    row.changed_by, row.changed_at = by.name[:200], timezone.now()
    row.save()
    sitting = {_member(line).sitting for line in lines.values()} - {""}
    Ballot.objects.filter(item__meeting=row, item__state=LISTED).exclude(person__in=sitting).delete()
    audit.note(subject=f"meeting/{place}/{meeting}", after=told)


def _member(line: Attendance) -> Member:
    return Member(line.person, line.capacity, line.kind, line.of, line.votes, line.presence, line.deputy)


def _deputy(row: Meeting, lines: Mapping[str, Attendance], line: Attendance, presence: str, deputy: str) -> str:
    if presence not in PRESENCES:
        raise UserError(
            f"'{presence[:20]}' says nothing of whether somebody is there",
            line.person,
            f"Choose one of {', '.join(PRESENCES)}.",
        )
    if not deputy:
        return ""
    terms = terms_in_force(row.place, row.body, row.held_on)
    if terms is None or not terms.deputies:
        raise UserError(
            "the terms of reference allow no deputies", line.person, "There are no proxies: record apologies."
        )
    if presence not in (APOLOGIES, ABSENT):
        raise UserError(
            f"{line.person} is there, so nobody sits in for them",
            line.person,
            "Leave the deputy empty, or record apologies.",
        )
    found = organisations.person_by_sign_in(deputy).sign_in
    same = accounts_of(found)
    if same & set(lines):
        raise UserError(f"{found} is on the roll already, and nobody votes twice", line.person, "Name somebody else.")
    return found


def _check_one_seat_each(lines: Mapping[str, Attendance]) -> None:
    """Nobody sits in for two, under whatever account."""
    accounts = organisations.accounts()
    taken: set[str] = set()
    for line in lines.values():
        if line.deputy:
            own = accounts_of(line.deputy, accounts)
            if own & taken:
                raise UserError(f"{line.deputy} already sits in for somebody", line.person, "Name somebody else.")
            taken |= own


@audit.action("governance.close_meeting")
def close_meeting(*, by: Actor, place: str, meeting: int) -> None:
    """End an open meeting, once every item for decision has an outcome."""
    row = locked_meeting(place, meeting)
    must_keep(by, row)
    _become(row, CLOSED)
    if not row.roll.filter(presence=PRESENT).exists():
        raise UserError("nobody was recorded as present", do="Record the attendance first.")
    listed = [rule.Listed(each.number or 0, each.title, each.kind, each.state) for each in row.items.all()]
    if why := rule.cannot_close(listed):
        raise UserError(why, do="Decide or defer each of them.")
    row.items.filter(state=LISTED).update(state=rule.TAKEN)
    _changed(row, by)
    audit.note(subject=f"meeting/{place}/{meeting}", after={"state": CLOSED})


@audit.action("governance.note_meeting")
def note_meeting(*, by: Actor, place: str, meeting: int, note: str, seen: int | None = None) -> None:
    """Write the note of a meeting into its minutes, until they are confirmed."""
    row = locked_meeting(place, meeting)
    must_keep(by, row)
    refuse_stale("the note", seen, row.note_version, row.changed_by, row.changed_at)
    refuse_confirmed(row)
    note = texts.passage(note, "the note", field="note") if note.strip() else ""
    if note == row.note:
        audit.nothing_changed()
        return
    before, row.note = row.note, note
    row.note_version += 1
    row.changed_by, row.changed_at = by.name[:200], timezone.now()
    row.save()
    audit.note(subject=f"meeting/{place}/{meeting}", before={"note": before}, after={"note": note})
