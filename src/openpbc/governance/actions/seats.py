"""Writes of a body's membership and terms of reference."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.locking import must_be_officer, refuse_stale
from openpbc.governance.actions.papers import keep
from openpbc.governance.models import Seat, Terms
from openpbc.governance.reads.seats import find_body, officers, whose_terms
from openpbc.governance.rules import seats as rule
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of

SECRETARY_ROLE = "committee_secretary"


def _may_keep(by: Actor, place: str, body: str) -> None:
    """Officers keep the list; while there is none, whoever has the role of a committee's secretary begins it."""
    held = officers(place, body, organisations.today())
    if not held and by.has(SECRETARY_ROLE):
        return
    must_be_officer(by, place, body, held)


@audit.action("governance.record_seat")
def record_seat(
    *,
    by: Actor,
    place: str,
    body: str,
    person: str,
    capacity: str,
    kind: str,
    of: str = "",
    votes: bool = True,
    valid_from: date,
    valid_to: date | None = None,
    synthetic: bool = False,
) -> int:
    """Record that a person holds a seat in a body from a day on; recording the very same again changes nothing."""
    body = find_body(organisations.book(place), body).code
    _may_keep(by, place, body)
    who = organisations.person_by_sign_in(person).sign_in
    of = texts.line(of, "whom the seat is of", field="of") if of.strip() else ""
    wanted = rule.Seat(who, capacity, kind, of, votes, valid_from, valid_to)
    accounts = accounts_of(who)
    known = list(Seat.objects.select_for_update().filter(place=place, body=body, person__in=sorted(accounts)))
    for row in known:
        if _as_rule(row) == wanted:
            audit.nothing_changed()
            return row.pk
    rule.checked(wanted, [_as_rule(row) for row in known])
    facts = {"person": who, "capacity": capacity, "kind": kind, "of": of, "votes": votes}
    days = {"valid_from": valid_from, "valid_to": valid_to}
    made = {"synthetic": synthetic, "recorded_by": by.name[:200], "recorded_at": timezone.now()}
    try:
        with transaction.atomic():
            row = Seat.objects.create(place=place, body=body, **facts, **days, **made)
    except IntegrityError as error:
        raise UserError(f"somebody gave {who} a seat at the same moment", "person", "Look at the members.") from error
    audit.note(subject=f"seat/{place}/{body}/{row.pk}", after=facts | {"from": str(valid_from), "to": str(valid_to)})
    return row.pk


def _as_rule(row: Seat) -> rule.Seat:
    return rule.Seat(row.person, row.capacity, row.kind, row.of, row.votes, row.valid_from, row.valid_to)


@audit.action("governance.end_seat")
def end_seat(*, by: Actor, place: str, seat: int, last_day: date, reason: str, seen: int | None = None) -> None:
    """Record the last day on which a seat is held; it stays in the list of those who held one."""
    row = Seat.objects.select_for_update().filter(place=place, pk=seat).first()
    if row is None:
        raise UserError(f"there is no seat {seat}", where=place, do="Choose one from the members of the body.")
    _may_keep(by, place, row.body)
    refuse_stale("this seat", seen, row.revision, row.ended_by or row.recorded_by, None)
    if row.valid_to is not None:
        raise UserError(
            f"{row.ended_by} already ended this seat on {day_text(row.valid_to)}",
            do="It stays so; record a new seat if the person sits again.",
        )
    if last_day < row.valid_from:
        raise UserError("the last day lies before the first", "last_day", "Give a later one.")
    row.valid_to, row.ended_by = last_day, by.name[:200]
    row.ended_why = texts.line(reason, "the reason", 500, field="reason")
    row.revision += 1
    row.save()
    audit.note(subject=f"seat/{place}/{row.body}/{seat}", after={"last_day": str(last_day)}, reason=row.ended_why)


@audit.action("governance.record_terms")
def record_terms(
    *,
    by: Actor,
    place: str,
    body: str,
    in_force_from: date,
    name: str,
    content: bytes,
    deputies: bool = False,
    note: str = "",
    synthetic: bool = False,
) -> int:
    """Record a version of a body's terms of reference, or a group's standing orders, from a day; give its number.

    From the first version's first day on the body decides in its meetings, and nothing it decides is typed into the
    register by hand.
    """
    body, _ = whose_terms(organisations.book(place), body)
    _may_keep(by, place, body)
    sha = keep(content, name)
    rows = Terms.objects.filter(place=place, body=body).order_by("number")
    last = rows.last()
    if last is not None and (last.sha256, last.in_force_from, last.deputies) == (sha, in_force_from, deputies):
        audit.nothing_changed()
        return last.number
    number = last.number + 1 if last else 1
    facts = {"sha256": sha, "file_name": texts.line(name, "the file's name", field="file"), "size": len(content)}
    told = {"number": number, "in_force_from": in_force_from, "deputies": deputies, "note": note[:500]}
    made = {"synthetic": synthetic, "recorded_by": by.name[:200], "recorded_at": timezone.now()}
    try:
        with transaction.atomic():
            Terms.objects.create(place=place, body=body, **facts, **told, **made)
    except IntegrityError as error:
        raise UserError(
            f"there are terms of reference in force from {day_text(in_force_from)} already",
            "in_force_from",
            "Give another day.",
        ) from error
    audit.note(subject=f"terms/{place}/{body}/{number}", after=facts | told | {"in_force_from": str(in_force_from)})
    return number
