"""Writes of the joint group: who joins, who leaves, who leads, and which seats it does without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from openpbc import audit
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign import models
from openpbc.redesign.actions.holding import changed, held, short_text
from openpbc.redesign.actions.leading import refuse_both_sides
from openpbc.redesign.reads.cases import Case, is_open
from openpbc.redesign.reads.seating import seats_fault, waives_fault
from openpbc.redesign.reads.separation import is_apart
from openpbc.redesign.rules.membership import (
    BOTH,
    CLINICIAN,
    COMMISSIONER,
    COMMISSIONS,
    KINDS,
    SUB_KINDS,
    kind_name,
    side_fault,
    wanted_kinds,
)


@audit.action("redesign.add_member")
def add_member(
    *,
    by: Actor,
    place: str,
    number: int,
    revision: int,
    person: str,
    kind: str,
    sub_kind: str = "",
    organisation: str = "",
    side: str,
    leads: bool = False,
    on: date,
) -> None:
    """Take somebody into the joint group, or change the seat of one who sits there; a new lead takes over from the old.

    ``side`` says whether they are commissioner, provider or both; it has no default. A commissioner leads. Who is both
    may bid and does not speak for the commissioner: the group names somebody else beside them before any further step.
    Somebody without an account is invited first, since interests are declared by name of
    sign-in. The seat that somebody had stays on record with its last day.
    """
    known = held(by, place, number, revision)
    _works(known)
    _must(by, known, seats_fault, "Ask one of them")
    who = organisations.person_by_sign_in(person)
    if kind not in KINDS or (kind == CLINICIAN and sub_kind not in SUB_KINDS):
        field = "sub_kind" if kind == CLINICIAN else "kind"
        raise UserError("this is not one of the choices", where=field, do="Choose for which seat they sit.")
    if wrong := side_fault(kind, side):
        raise UserError(wrong, where="side", do="Say what they are in this case.")
    if leads and kind != COMMISSIONER:
        raise UserError("the lead is a clinician who commissions", where="leads", do="Choose such a member to lead.")
    may_bid = side == BOTH
    if kind == COMMISSIONER or side == COMMISSIONS:
        refuse_both_sides(known, who)
    if not may_bid:
        _refuse_lowering(by, known, who.sign_in)
    if leads:
        models.Member.objects.filter(case_id=known.id, left_on__isnull=True, leads=True).update(leads=False)
    facts = {
        "name": who.name[:200],
        "kind": kind,
        "sub_kind": sub_kind if kind == CLINICIAN else "",
        "organisation": short_text("organisation", organisation),
        "side": side,
        "may_bid": may_bid,
    }
    _seat(known, who.sign_in, facts, leads=leads, on=on)
    if may_bid or any(each.may_bid and each.person == who.sign_in for each in known.present):
        governance.note_possible_bidder(
            by=by, place=place, matter=known.matter, person=who.sign_in, may_bid=may_bid
        )  # fmt: skip
    changed(by, known)
    audit.note(subject=f"{known.matter}/member/{who.sign_in}", after=facts | {"leads": leads})


def _seat(known: Case, person: str, facts: dict[str, Any], *, leads: bool, on: date) -> None:
    """Close the seat that somebody has and give them the new one; where only the lead changes, it stays the same."""
    rows = models.Member.objects.filter(case_id=known.id, person=person, left_on__isnull=True)
    if rows.filter(**facts).update(leads=leads):
        return
    before = next((each for each in known.present if each.person == person), None)
    first = max(on, before.joined_on) if before else on
    rows.update(left_on=first, leads=False)
    models.Member.objects.create(case_id=known.id, person=person, joined_on=first, leads=leads, **facts)


def _refuse_lowering(by: Actor, known: Case, person: str) -> None:
    """Refuse who says of themselves that they do not bid after all, under whatever account."""
    own = accounts_of(person)
    said = any(each.may_bid and each.person in own for each in known.members)
    if said and own & {by.id, by.acting_for}:
        raise UserError(
            "it is on record that you may bid, and nobody takes that back for themselves",
            where="side",
            do="Somebody else of the group, or the commissioner, does so; that holds for good.",
        ).for_the_log()


@audit.action("redesign.end_member")
def end_member(*, by: Actor, place: str, number: int, revision: int, member: int, on: date) -> None:
    """Note that a member left the joint group; the record stays."""
    known = held(by, place, number, revision)
    _must(by, known, seats_fault, "Ask one of them")
    found = next((each for each in known.present if each.id == member), None)
    if found is None:
        raise UserError("there is no such member", do="Open the page of the group again.")
    if on < found.joined_on:
        raise UserError(f"{found.name} joined on {day_text(found.joined_on)}", where="on", do="Give a later day.")
    models.Member.objects.filter(pk=member).update(left_on=on, leads=False)
    changed(by, known)
    audit.note(subject=f"{known.matter}/member/{found.person}", after={"left_on": str(on)})


@audit.action("redesign.waive_seat")
def waive_seat(*, by: Actor, place: str, number: int, revision: int, kind: str, reason: str, on: date) -> None:
    """Let a joint group do without a seat, for a reason that everybody can read: the commissioner does."""
    known = held(by, place, number, revision)
    _works(known)
    _must(by, known, waives_fault, "Ask one of its functions, or the secretary")
    if kind not in wanted_kinds():
        raise UserError("this is not one of the choices", where="kind", do="Choose a seat.")
    told = short_text("reason", reason, 500, required="Say why the group can do without.")
    try:
        with transaction.atomic():
            models.Waiver.objects.create(
                case_id=known.id, kind=kind, reason=told, waived_on=on, waived_by=by.name[:200]
            )
    except IntegrityError as problem:
        raise UserError(
            f"{kind_name(kind)} is waived already",
            where="kind",
            do="Nothing is left to do; add somebody if the seat is to be filled after all.",
        ) from problem
    changed(by, known)
    audit.note(subject=f"{known.matter}/waiver/{kind}", after={"on": str(on)}, reason=told)


def _works(known: Case) -> None:
    if not is_open(known):
        raise UserError(
            f"the case is at '{known.at.title.lower()}', so its group is closed",
            do="Its people are named while the group forms and the case is drafted, or once it is back for more work.",
        )
    if is_apart(known):
        raise UserError(
            "the case is approved, so whoever sat in its joint group stays on record as they sat",
            do="That holds for good; who carries on for a group is named as the one who leads its commissioning.",
        ).for_the_log()


def _must(by: Actor, known: Case, fault: Callable[[Viewer | None, Case], str], do: str) -> None:
    if by != SYSTEM and (why := fault(organisations.viewer_by_sign_in(by.id), known)):
        raise UserError(why, do=f"{do}; that holds as long as you are none.").for_the_log()
