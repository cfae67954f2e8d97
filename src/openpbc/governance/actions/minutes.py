"""Writes around a meeting: notes for its minutes, what people agreed to do, and the chair's urgent actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.items import made_item
from openpbc.governance.actions.locking import (
    locked_item,
    locked_meeting,
    must_be_officer,
    must_chair,
    must_keep,
    refuse_confirmed,
    refuse_stale,
    touch,
)
from openpbc.governance.models import Decision, Item, Meeting, MeetingAction
from openpbc.governance.reads.decisions import bodies, count
from openpbc.governance.reads.items import PREFIX
from openpbc.governance.reads.matters import standings_between
from openpbc.governance.reads.seats import find_body, officers, seats, terms_in_force
from openpbc.governance.rules.decisions import URGENT, Stated, checked
from openpbc.governance.rules.meetings import LISTED, OPEN, RATIFICATION, WAITING
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of


@audit.action("governance.note_item")
def note_item(*, by: Actor, place: str, item: int, note: str, seen: int | None = None) -> None:
    """Write the note of an item into the minutes, until they are confirmed; what was recorded is not touched."""
    row, at = locked_item(place, item)
    if at is None:
        raise UserError("this item is on no agenda", row.title, "Put it on the agenda of a meeting first.")
    must_keep(by, at)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    refuse_confirmed(at)
    note = texts.passage(note, "the note", field="note") if note.strip() else ""
    if note == row.note:
        audit.nothing_changed()
        return
    before, row.note = row.note, note
    touch(row, by)
    audit.note(subject=f"{PREFIX}/{place}/{item}", before={"note": before}, after={"note": note})


@audit.action("governance.agree_action")
def agree_action(
    *, by: Actor, place: str, meeting: int, text: str, owner: str, due: date, item: int | None = None
) -> int:
    """Record what somebody will do by a day, as a meeting agreed."""
    at = locked_meeting(place, meeting)
    must_keep(by, at)
    refuse_confirmed(at)
    who = organisations.person_by_sign_in(owner).sign_in
    if item is not None and not at.items.filter(pk=item).exists():
        raise UserError("this item is not on the agenda of the meeting", "item", "Choose one of its items.")
    if due < at.held_on:
        raise UserError("the day lies before the meeting", "due", "Give a later one.")
    number = (at.actions.aggregate(last=Max("number"))["last"] or 0) + 1
    facts = {
        "text": texts.line(text, "what is to be done", 500, field="text"),
        "owner": who,
        "due": due,
        "item_id": item,
    }
    made = {"changed_by": by.name[:200], "changed_at": timezone.now()}
    row = MeetingAction.objects.create(meeting=at, number=number, **facts, **made)
    audit.note(subject=f"meeting-action/{place}/{row.pk}", after=facts | {"due": str(due), "meeting": meeting})
    return row.pk


@audit.action("governance.finish_action")
def finish_action(*, by: Actor, place: str, action: int, outcome: str, on: date, seen: int | None = None) -> None:
    """Record that what was agreed is done, by its owner or who keeps the meetings."""
    row = _action(place, action, seen)
    if by.id != row.owner:
        _keeps(by, row)
    if row.done_on is not None:
        raise UserError(
            f"{row.changed_by} recorded on {day_text(row.done_on)} that this is done",
            do="Nothing is left to do; record a new action if there is.",
        )
    row.done_on, row.outcome = on, texts.line(outcome, "what became of it", 500, field="outcome")
    _changed(row, by)
    audit.note(subject=f"meeting-action/{place}/{action}", after={"done_on": str(on), "outcome": row.outcome})


@audit.action("governance.chase_action")
def chase_action(*, by: Actor, place: str, action: int, seen: int | None = None) -> None:
    """Record that the owner was reminded; it stands on their list of work until it is done."""
    row = _action(place, action, seen)
    _keeps(by, row)
    if row.done_on is not None:
        raise UserError(
            f"this was done on {day_text(row.done_on)}", do="It stays done; record a new action if more is to be done."
        )
    row.chased += 1
    row.chased_on = organisations.today()
    _changed(row, by)
    audit.note(subject=f"meeting-action/{place}/{action}", after={"chased": row.chased})


def _action(place: str, number: int, seen: int | None) -> MeetingAction:
    rows = MeetingAction.objects.select_for_update(of=("self",)).select_related("meeting")
    row = rows.filter(meeting__place=place, pk=number).first()
    if row is None:
        raise UserError(f"there is no action {number}", where=place, do="Choose one from the list of actions.")
    refuse_stale("this action", seen, row.version, row.changed_by, row.changed_at)
    return row


def _keeps(by: Actor, row: MeetingAction) -> None:
    at: Meeting = row.meeting
    must_be_officer(by, at.place, at.body, officers(at.place, at.body, organisations.today()))


def _changed(row: MeetingAction, by: Actor) -> None:
    row.version += 1
    row.changed_by, row.changed_at = by.name[:200], timezone.now()
    row.save()


@audit.action("governance.act_urgently")
def act_urgently(
    *,
    by: Actor,
    place: str,
    body: str,
    title: str,
    reasons: str,
    consulted: Sequence[str],
    on: date,
    matter: str = "",
    proposing: str = "",
    synthetic: bool = False,
) -> int:
    """Record what a chair did between meetings because it could not wait; give the number of the item to ratify it.

    It counts as approved by nobody until the body has ratified it: the item comes on the next agenda by itself. At
    least one voting member without an interest is asked before.
    """
    book = organisations.book(place)
    body = find_body(book, body).code
    must_chair(by, place, body, officers(place, body, on))
    if terms_in_force(place, body, on) is None:
        raise UserError("this body has no terms of reference in force", do="Record them at the body's page first.")
    asked = _consulted(by, place, body, matter, consulted, on)
    number = count(place, body, URGENT) + 1
    told = f"{texts.passage(reasons, 'the reasons', 3500, field='reasons')}\nConsulted: {', '.join(asked)}."
    said = Stated(place, body, on, f"urgent {number}", matter, title, URGENT, told)
    stated = checked(said, bodies(book), organisations.today())
    unit = organisations.unit_by_alias(place, proposing).code if proposing else ""
    columns = ("place", "body", "taken_on", "minute", "matter", "title", "outcome", "text")
    facts = {name: getattr(stated, name) for name in columns}
    try:
        with transaction.atomic():
            taken = Decision.objects.create(
                recorded_by=by.name[:200], recorded_at=timezone.now(), synthetic=synthetic, **facts
            )
            item = _to_ratify(by, taken, unit)
    except IntegrityError as error:
        raise UserError(
            "somebody acted on this matter, or put it to a body, at the same moment", "matter", "Look at the agendas."
        ) from error
    audit.note(subject=f"decision/{place}/{taken.pk}", after=facts | {"taken_on": str(on)}, reason=told)
    return item.pk


def _consulted(by: Actor, place: str, body: str, matter: str, consulted: Sequence[str], on: date) -> tuple[str, ...]:
    stands = standings_between(place, matter, on, max(on, organisations.today())) if matter else {}
    away = {person for person, each in stands.items() if not each.votes}
    if by.id in away:
        raise UserError("you have an interest in this matter", do="The vice chair may act, or the body may be called.")
    voting = {each.person for each in seats(place, body, on) if each.votes}
    asked = tuple(sorted({each.strip().lower() for each in consulted if each.strip()} - accounts_of(by.id)))
    if wrong := [each for each in asked if each not in voting or each in away]:
        raise UserError(
            f"{', '.join(wrong)} cannot be consulted: no voting member, or with an interest", "consulted",
            "Name members who may vote on it.",
        )  # fmt: skip
    if not asked:
        raise UserError("nobody was consulted", "consulted", "Name at least one other voting member.")
    return asked


def _to_ratify(by: Actor, taken: Decision, unit: str) -> Item:
    """The item by which the body ratifies: a new one, or the one on which the matter waits already."""
    waiting = Item.objects.select_for_update().filter(place=taken.place, matter=taken.matter).exclude(matter="")
    row = waiting.filter(state__in=(WAITING, LISTED)).first()
    if row is None:
        facts = {"matter": taken.matter, "title": taken.title, "proposing": unit, "synthetic": taken.synthetic}
        return made_item(by, taken.place, taken.body, facts | {"kind": RATIFICATION, "urgent": taken})
    if row.body != taken.body or (row.meeting is not None and row.meeting.state == OPEN):
        raise UserError("this matter is before a meeting now", "matter", "Let the meeting decide it.")
    row.kind, row.urgent = RATIFICATION, taken
    touch(row, by)
    return row
