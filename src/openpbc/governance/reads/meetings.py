"""Meetings of a place: when, where, who was there, and what somebody agreed to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.governance import models
from openpbc.governance.reads.seats import names
from openpbc.governance.rules.meetings import CANCELLED, CLOSED, OPEN, PLANNED
from openpbc.governance.rules.quorum import Member
from openpbc.kernel.problems import UserError

__all__ = ["CANCELLED", "CLOSED", "OPEN", "PLANNED"]


@dataclass(frozen=True)
class Meeting:
    """One meeting; ``confirmed`` is the hash of its minutes once a later meeting confirmed them."""

    id: int
    place: str
    body: str
    number: int
    kind: str
    held_on: date
    starts_at: str
    venue: str
    state: str
    revision: int
    note: str
    note_version: int
    roll_version: int
    reason: str
    synthetic: bool
    changed_by: str
    changed_at: datetime
    confirmed: str
    confirmed_at: datetime | None

    @property
    def address(self) -> str:
        """The text by which other records name this one."""
        return f"meeting/{self.place}/{self.id}"


@dataclass(frozen=True)
class Line:
    """One line of a meeting's roll with the names of its holder and of a deputy."""

    member: Member
    name: str
    deputy_name: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Agreed:
    """Something that somebody will do by a day, as a meeting agreed."""

    id: int
    meeting: int
    body: str
    meeting_number: int
    item: int | None
    number: int
    text: str
    owner: str
    owner_name: str
    due: date
    done_on: date | None
    outcome: str
    chased: int
    chased_on: date | None
    version: int

    def is_late(self, today: date) -> bool:
        """Tell whether it should have been done and was not."""
        return self.done_on is None and self.due < today


def meetings(place: str, body: str = "", state: str = "") -> tuple[Meeting, ...]:
    """List a place's meetings, the latest day first; those of one body or in one state if named."""
    rows = models.Meeting.objects.filter(place=place).select_related("confirmed")
    rows = rows.filter(body=body) if body else rows
    rows = rows.filter(state=state) if state else rows
    return tuple(_meeting(row) for row in rows.order_by("-held_on", "-pk"))


def meeting(place: str, number: int) -> Meeting:
    """Give one meeting; an unknown one is a person's mistake."""
    row = models.Meeting.objects.filter(place=place, pk=number).select_related("confirmed").first()
    if row is None:
        raise UserError(f"there is no meeting {number}", where=place, do="Choose one from the list of meetings.")
    return _meeting(row)


def _meeting(row: models.Meeting) -> Meeting:
    confirmed: models.Minutes | None = getattr(row, "confirmed", None)
    return Meeting(
        id=row.pk,
        place=row.place,
        body=row.body,
        number=row.number,
        kind=row.kind,
        held_on=row.held_on,
        starts_at=row.starts_at,
        venue=row.venue,
        state=row.state,
        revision=row.revision,
        note=row.note,
        note_version=row.note_version,
        roll_version=row.roll_version,
        reason=row.reason,
        synthetic=row.synthetic,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        confirmed=confirmed.sha256 if confirmed else "",
        confirmed_at=confirmed.confirmed_at if confirmed else None,
    )


def confirmed_text(meeting: int) -> str:
    """Give the minutes of a meeting as they were confirmed; empty while they are not."""
    row = models.Minutes.objects.filter(meeting_id=meeting).first()
    return row.text if row else ""


def roll(meeting: int) -> tuple[Line, ...]:
    """Give the roll of a meeting that was opened: every seat, with who is there; empty before."""
    called = names()
    rows = models.Attendance.objects.filter(meeting_id=meeting).order_by("pk")
    return tuple(
        Line(
            Member(row.person, row.capacity, row.kind, row.of, row.votes, row.presence, row.deputy),
            called.get(row.person, row.person),
            called.get(row.deputy, row.deputy),
            row.changed_by,
            row.changed_at,
        )
        for row in rows
    )


def agreed(place: str, meeting: int | None = None, *, is_open: bool = False) -> tuple[Agreed, ...]:
    """List what meetings agreed that somebody will do, the earliest due first."""
    rows = models.MeetingAction.objects.filter(meeting__place=place).select_related("meeting")
    rows = rows.filter(meeting_id=meeting) if meeting is not None else rows
    rows = rows.filter(done_on__isnull=True) if is_open else rows
    called = names()
    return tuple(_agreed(row, called) for row in rows.order_by("due", "pk"))


def agreed_one(place: str, number: int) -> Agreed:
    """Give one action of a meeting; an unknown one is a person's mistake."""
    row = models.MeetingAction.objects.filter(meeting__place=place, pk=number).select_related("meeting").first()
    if row is None:
        raise UserError(f"there is no action {number}", where=place, do="Choose one from the list of actions.")
    return _agreed(row, names())


def _agreed(row: models.MeetingAction, called: dict[str, str]) -> Agreed:
    return Agreed(
        id=row.pk,
        meeting=row.meeting_id,
        body=row.meeting.body,
        meeting_number=row.meeting.number,
        item=row.item_id,
        number=row.number,
        text=row.text,
        owner=row.owner,
        owner_name=called.get(row.owner, row.owner),
        due=row.due,
        done_on=row.done_on,
        outcome=row.outcome,
        chased=row.chased,
        chased_on=row.chased_on,
        version=row.version,
    )
