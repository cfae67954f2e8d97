"""Custom groups of practices as somebody may see them: their own, and those that others share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from openpbc.finance.models import PracticeGroup
from openpbc.finance.reads.england import england_practices
from openpbc.finance.rules.practice_groups import Member, ReadMembers, overlapping, read_members
from openpbc.kernel.actor import Actor
from openpbc.kernel.findings import Finding
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

MANAGER = "finance_manager"


@dataclass(frozen=True)
class Group:
    """A custom group with all its memberships; ``owner`` is a sign-in name."""

    id: int
    place: str
    name: str
    purpose: str
    owner: str
    owner_name: str
    shared: bool
    revision: int
    changed_by: str
    changed_at: datetime
    closed_on: date | None
    closed_why: str
    members: tuple[Member, ...]

    def practices(self, on: date) -> tuple[str, ...]:
        """The practices that are members on a day; a closed group has none from its last day on."""
        if self.closed_on is not None and on >= self.closed_on:
            return ()
        return tuple(sorted({member.practice for member in self.members if member.holds_on(on)}))


def groups(place: str, viewer: str) -> list[Group]:
    """List the groups that somebody (by sign-in name) may see in a place: open ones first, by name."""
    rows = _seen(place, viewer).order_by("closed_on", "name", "pk")
    return sorted((_group(row) for row in rows), key=lambda group: (group.closed_on is not None, group.name, group.id))


def group(place: str, id: int, viewer: str) -> Group | None:
    """Give one group, or None where there is none that this person may see."""
    row = _seen(place, viewer).filter(pk=id).first()
    return None if row is None else _group(row)


def may_change(owner: str, actor: Actor) -> bool:
    """Tell whether somebody may change or close a group: its owner, and a finance manager where it is shared."""
    return actor.id == owner or actor.has(MANAGER)


def _seen(place: str, viewer: str) -> QuerySet[PracticeGroup, PracticeGroup]:
    rows = PracticeGroup.objects.filter(Q(shared=True) | Q(owner=viewer), place=place)
    return rows.prefetch_related("members")


def _group(row: PracticeGroup) -> Group:
    names = [name for name in Group.__dataclass_fields__ if name != "members"]
    members = tuple(Member(each.practice, each.valid_from, each.valid_to) for each in row.members.all())
    return Group(**{name: getattr(row, name) for name in names}, members=members)


def known_practices(book: Book) -> frozenset[str]:
    """The practices that a group may hold: those of the place's register, and those of the published file."""
    listed = england_practices(book)
    elsewhere = frozenset[str]() if isinstance(listed, NotSet) else frozenset(listed)
    return elsewhere | {practice.code for practice in organisations.practices(book.place.id)}


def read_list(book: Book, text: str, starts: date) -> ReadMembers:
    """Read a list of practices for a group of a place; a list without any practice is a person's mistake."""
    found = read_members(text, starts, known_practices(book))
    if not found.members:
        first = f" {found.findings[0].sentence}" if found.findings else ""
        raise UserError(f"no row of the list names a practice.{first}", where="members", do="Give one code a line.")
    return found


def group_findings(book: Book, viewer: str, members: tuple[Member, ...], own: int | None = None) -> tuple[Finding, ...]:
    """What to know about the members of a group: which are in other groups that this person may see."""
    others = [
        (other.name, member)
        for other in groups(book.place.id, viewer)
        if other.id != own and other.closed_on is None
        for member in other.members
    ]
    return overlapping(members, others)


def default_day(book: Book) -> date:
    """The day on which a group is looked at unless another is asked for: today, kept within the place's year."""
    return min(max(organisations.today(), book.place.year.first), book.place.year.last)
