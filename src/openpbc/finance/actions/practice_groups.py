"""Making, changing and closing custom groups of practices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance.models import PracticeGroup, PracticeGroupMember
from openpbc.finance.reads.practice_groups import groups, may_change
from openpbc.finance.rules.practice_groups import Member, written
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations

SHOWN = "SYNTHETIC neighbours"
MOST_SHOWN = 5


@audit.action("finance.make_group")
def make_group(
    *, by: Actor, place: str, name: str, members: Sequence[Member], purpose: str = "", shared: bool = False
) -> int:
    """Put a group of practices together; its owner is who does so. Give its number."""
    _check(members)
    row = PracticeGroup(
        place=place, name=name, purpose=purpose, shared=shared, owner=by.id, owner_name=by.name,
        changed_by=by.name, changed_at=timezone.now(),
    )  # fmt: skip
    _save(row)
    _write(row, members)
    audit.note(subject=f"practice-group/{place}/{row.pk}", after=_said(row, members))
    return int(row.pk)


@audit.action("finance.change_group")
def change_group(
    *,
    by: Actor,
    place: str,
    group: int,
    revision: int,
    name: str,
    members: Sequence[Member],
    purpose: str = "",
    shared: bool = False,
) -> None:
    """Change a group as it was seen at a revision; whoever changed it first wins, and the other is told."""
    _check(members)
    row = _locked(by, place, group, revision)
    old = [Member(each.practice, each.valid_from, each.valid_to) for each in row.members.all()]
    before = _said(row, old)
    row.name, row.purpose, row.shared = name, purpose, shared
    if _said(row, members) == before:
        audit.nothing_changed()
        return
    row.revision, row.changed_by, row.changed_at = row.revision + 1, by.name, timezone.now()
    _save(row)
    row.members.all().delete()
    _write(row, members)
    audit.note(subject=f"practice-group/{place}/{group}", before=before, after=_said(row, members))


@audit.action("finance.close_group")
def close_group(*, by: Actor, place: str, group: int, revision: int, on: date, reason: str) -> None:
    """Close a group from a day on; it stays readable and cannot be changed any more."""
    if not reason.strip():
        raise UserError("closing a group needs a reason", where="reason")
    row = _locked(by, place, group, revision)
    row.closed_on, row.closed_why = on, reason
    row.revision, row.changed_by, row.changed_at = row.revision + 1, by.name, timezone.now()
    row.save()
    audit.note(subject=f"practice-group/{place}/{group}", after={"closed_on": on.isoformat()}, reason=reason)


@audit.action("finance.show_groups")
def show_groups(*, by: Actor, place: str) -> None:
    """Put a SYNTHETIC example of a group together for a demonstration; a second call changes nothing."""
    practices = organisations.practices(place)[:MOST_SHOWN]
    if not practices or any(each.name == SHOWN for each in groups(place, by.id)):
        audit.nothing_changed()
        return
    first = organisations.book(place).place.year.first
    members = [Member(practice.code, first) for practice in practices]
    make_group(by=by, place=place, name=SHOWN, members=members, purpose="Practices that plan together", shared=True)


def _locked(by: Actor, place: str, group: int, revision: int) -> PracticeGroup:
    """Give the group, held back from every other writer, if it still is what the person saw and theirs to change."""
    row = PracticeGroup.objects.select_for_update().filter(pk=group, place=place).first()
    if row is None or not (row.shared or row.owner == by.id):
        raise UserError(f"there is no group {group} in {place}", do="Choose one from the list of groups.")
    if not may_change(row.owner, by):
        raise UserError(f"the group belongs to {row.owner_name}", do="Ask its owner, or make a group of your own.")
    if row.revision != revision:
        when = timezone.localtime(row.changed_at)
        what = "closed it" if row.closed_on else f"changed it (it is at revision {row.revision})"
        raise Stale(
            f"somebody was faster: {row.changed_by} {what} on {when:%d %B %Y at %H:%M}",
            do="Open the group again and make your change on what it is now.",
        )
    if row.closed_on:
        raise UserError(f"the group was closed on {row.closed_on.isoformat()}", do="Make a new one.")
    return row


def _check(members: Sequence[Member]) -> None:
    if not members:
        raise UserError("a group has at least one practice", where="members", do="Give one code a line.")
    ordered = sorted(members)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.practice == other.practice and one.meets(other):
            raise UserError(f"practice {one.practice} stands twice for the same days", where="members")
    wrong = [member for member in members if member.valid_to is not None and member.valid_to < member.valid_from]
    if wrong:
        raise UserError(f"the last day of {wrong[0].practice} lies before its first", where="members")


def _save(row: PracticeGroup) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise UserError(f"you have a group '{row.name}' already", where="name", do="Choose another name.") from problem


def _write(row: PracticeGroup, members: Sequence[Member]) -> None:
    PracticeGroupMember.objects.bulk_create(
        PracticeGroupMember(group=row, practice=each.practice, valid_from=each.valid_from, valid_to=each.valid_to)
        for each in members
    )


def _said(row: PracticeGroup, members: Sequence[Member]) -> dict[str, Any]:
    facts = {"name": row.name, "purpose": row.purpose, "shared": row.shared}
    return facts | {"members": written(members).splitlines()}
