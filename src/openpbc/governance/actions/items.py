"""Writes of agendas: what is put to a body, on which agenda it stands, in which order, and what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.locking import (
    locked_item,
    locked_meeting,
    must_be_officer,
    must_keep,
    refuse_decided,
    refuse_stale,
    touch,
)
from openpbc.governance.actions.papers import attach
from openpbc.governance.models import Item, Meeting
from openpbc.governance.reads.appeals import wrong_body
from openpbc.governance.reads.items import PREFIX
from openpbc.governance.reads.seats import all_bodies, find_body, officers
from openpbc.governance.rules import meetings as rule
from openpbc.governance.rules.decisions import matter_address
from openpbc.governance.rules.meetings import LISTED, OPEN, PLANNED, WAITING, WITHDRAWN
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations


@audit.action("governance.put_on_agenda")
def put_on_agenda(
    *,
    by: Actor,
    place: str,
    body: str,
    matter: str,
    title: str,
    papers: Sequence[tuple[str, bytes]] = (),
    proposing: str = "",
    private: bool = False,
    kind: str = rule.DECISION,
    synthetic: bool = False,
) -> int:
    """Put a matter to a body, with its papers as pairs of name and bytes; it waits for the next agenda.

    A matter waits for one body at a time. Putting it to the same body again gives the item that waits already.
    """
    book = organisations.book(place)
    body = find_body(book, body).code
    matter, title = matter_address(matter, place), texts.line(title or matter, "the title", field="title")
    if kind not in rule.ITEM_KINDS or kind in (rule.MINUTES, rule.RATIFICATION):
        raise UserError(f"'{kind[:20]}' is no kind of item that can be put", "kind", "Choose decision or discussion.")
    unit = organisations.unit_by_alias(place, proposing).code if proposing else ""
    facts = {"matter": matter, "title": title, "kind": kind, "private": private, "proposing": unit}
    try:
        with transaction.atomic():
            row = made_item(by, place, body, facts | {"synthetic": synthetic})
    except IntegrityError:
        return _known(place, body, matter)
    for name, content in papers:
        attach(row, by, name, content)
    audit.note(
        subject=f"{PREFIX}/{place}/{row.pk}", after=facts | {"body": body, "papers": [name for name, _ in papers]}
    )
    return row.pk


def made_item(by: Actor, place: str, body: str, facts: dict[str, Any]) -> Item:
    """Keep a new item that waits; nobody hears an appeal against their own decision."""
    if why := wrong_body(place, body, str(facts.get("matter", ""))):
        raise UserError(why, "body", "Choose another body; that holds for good.").for_the_log()
    now = timezone.now()
    made = {"put_by": by.name[:200], "put_at": now, "changed_by": by.name[:200], "changed_at": now}
    return Item.objects.create(place=place, body=body, **made, **facts)


def _known(place: str, body: str, matter: str) -> int:
    """Give the item on which the matter waits already; one that waits for another body is somebody's decision first."""
    row = Item.objects.filter(place=place, matter=matter, state__in=(WAITING, LISTED)).first()
    if row is None:
        raise Stale("somebody put this matter to a body at the same moment, and it was settled", do="Try again.")
    if row.body != body:
        other = all_bodies(organisations.book(place))[row.body].name
        at = timezone.localtime(row.put_at)
        raise Stale(
            f"{row.put_by} put this matter to the {other} on {moment_text(at)}, where it waits",
            "matter",
            "No other body decides it until its outcome is recorded, or its secretary has taken the item back.",
        ).for_the_log()
    audit.nothing_changed()
    return row.pk


@audit.action("governance.list_items")
def list_items(*, by: Actor, place: str, meeting: int, items: Sequence[int]) -> None:
    """Put items that wait for the body on the agenda of one of its meetings, in the order given."""
    at = locked_meeting(place, meeting)
    must_keep(by, at)
    _refuse_past(at)
    rows = {row.pk: row for row in Item.objects.select_for_update().filter(place=place, pk__in=items).order_by("pk")}
    last = at.items.aggregate(last=Max("number"))["last"] or 0
    for number in items:
        row = rows.get(number)
        if row is None or row.body != at.body:
            raise UserError(f"item {number} does not wait for this body", do="Choose one of those that wait.")
        if row.state != WAITING:
            raise Stale(
                f"{row.changed_by} put this item on an agenda already, or it was settled",
                row.title,
                "Look at the agendas; an item stands on one at a time.",
            )
        last += 1
        row.meeting, row.number, row.state = at, last, LISTED
        touch(row, by)
    if not items:
        audit.nothing_changed()
    audit.note(subject=f"meeting/{place}/{meeting}", after={"items": list(items)})


def _refuse_past(at: Meeting) -> None:
    if at.state not in (PLANNED, OPEN):
        raise UserError(f"the meeting is {rule.STATES[at.state].lower()}", do="Choose one that is still to come.")


@audit.action("governance.add_item")
def add_item(
    *,
    by: Actor,
    place: str,
    meeting: int,
    title: str,
    kind: str = rule.DISCUSSION,
    private: bool = False,
    proposing: str = "",
    minutes_of: int | None = None,
    synthetic: bool = False,
) -> int:
    """Put an item of the secretary's own on an agenda: a matter told by its title, or minutes to be confirmed."""
    at = locked_meeting(place, meeting)
    must_keep(by, at)
    _refuse_past(at)
    if kind not in rule.ITEM_KINDS or kind == rule.RATIFICATION:
        raise UserError(f"'{kind[:20]}' is no kind of item", "kind", "Choose one of the list.")
    earlier = _to_confirm(at, minutes_of) if kind == rule.MINUTES else None
    unit = organisations.unit_by_alias(place, proposing).code if proposing else ""
    facts = {
        "title": texts.line(title, "the title", field="title"),
        "kind": kind,
        "private": private,
        "proposing": unit,
    }
    last = at.items.aggregate(last=Max("number"))["last"] or 0
    row = made_item(
        by, place, at.body,
        facts | {"meeting": at, "number": last + 1, "state": LISTED, "minutes_of": earlier, "synthetic": synthetic},
    )  # fmt: skip
    audit.note(subject=f"{PREFIX}/{place}/{row.pk}", after=facts | {"meeting": meeting})
    return row.pk


def _to_confirm(at: Meeting, minutes_of: int | None) -> Meeting:
    found = Meeting.objects.filter(place=at.place, body=at.body, pk=minutes_of, state=rule.CLOSED).first()
    if found is None or hasattr(found, "confirmed"):
        raise UserError(
            "these minutes cannot be confirmed", "minutes_of", "Choose an earlier meeting of the body that was held."
        )
    if found.held_on > at.held_on:
        raise UserError("minutes are confirmed by a later meeting", "minutes_of", "Choose an earlier one.")
    return found


@audit.action("governance.change_item")
def change_item(
    *,
    by: Actor,
    place: str,
    item: int,
    title: str,
    private: bool,
    proposing: str = "",
    place_on_agenda: int | None = None,
    seen: int | None = None,
) -> None:
    """Change an item's words, its part of the meeting, the group that proposes it, or its place on the agenda."""
    row, at = locked_item(place, item)
    _keeps(by, row, at)
    refuse_decided(row)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    unit = organisations.unit_by_alias(place, proposing).code if proposing else ""
    told = {"title": texts.line(title, "the title", field="title"), "private": private, "proposing": unit}
    before = {name: getattr(row, name) for name in told}
    moved = at is not None and place_on_agenda is not None and place_on_agenda != row.number
    if before == told and not moved:
        audit.nothing_changed()
        return
    for name, value in told.items():
        setattr(row, name, value)
    if at is not None and place_on_agenda is not None and moved:
        _move(at, row, place_on_agenda)
    touch(row, by)
    audit.note(subject=f"{PREFIX}/{place}/{item}", before=before, after=told | {"number": row.number})


def _keeps(by: Actor, row: Item, at: Meeting | None) -> None:
    if at is not None:
        must_keep(by, at)
        return
    must_be_officer(by, row.place, row.body, officers(row.place, row.body, organisations.today()))


def _move(at: Meeting, moved: Item, to: int) -> None:
    """Number the agenda anew; decided items keep their numbers in the minutes, so nothing moves past one."""
    rows = {row.pk: row for row in at.items.all()}
    order = rule.renumbered([row.pk for row in at.items.order_by("number")], moved.pk, to)
    changed = [(pk, number) for number, pk in enumerate(order, start=1) if rows[pk].number != number]
    if any(rows[pk].state == rule.DONE for pk, _ in changed):
        raise UserError("an item that is decided keeps its number", "place_on_agenda", "Choose a later place.")
    for pk, number in changed:  # first out of the way, since two items never have one number
        Item.objects.filter(pk=pk).update(number=-number)
    for pk, number in changed:
        Item.objects.filter(pk=pk).update(number=number)
    moved.number = order.index(moved.pk) + 1


@audit.action("governance.take_back")
def take_back(
    *, by: Actor, place: str, item: int, reason: str, for_good: bool = False, seen: int | None = None
) -> None:
    """Take an item off its agenda so that it waits again, or ``for_good``, so that it waits for no body any more."""
    row, at = locked_item(place, item)
    _keeps(by, row, at)
    refuse_decided(row)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    if row.state not in (WAITING, LISTED):
        raise UserError(
            f"{row.changed_by} took this item back already", row.title, "Put the matter anew if a body is to decide it."
        )
    if row.kind == rule.RATIFICATION and for_good:
        raise UserError("an urgent action must be put to the body", row.title, "Let the next meeting refuse it.")
    row.reason = texts.line(reason, "the reason", 500, field="reason")
    before = {"state": row.state, "meeting": row.meeting_id}
    row.state, row.meeting, row.number = (WITHDRAWN if for_good else WAITING), None, None
    row.ballots.all().delete()
    touch(row, by)
    audit.note(subject=f"{PREFIX}/{place}/{item}", before=before, after={"state": row.state}, reason=row.reason)
