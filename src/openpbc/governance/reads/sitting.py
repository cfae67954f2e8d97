"""Who may take part in an item: who has an interest in it, who counts, who may vote, and who may see it at all.

Interests come from two sides: worked out from the register for the item's matter, and said in the room. The stricter
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.utils import timezone

from openpbc.governance.reads import meetings as held
from openpbc.governance.reads.appeals import kept_out
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.matters import sealed_matters, standings_between, withheld
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.seats import meeting_rule, seats
from openpbc.governance.rules.meetings import LISTED, WAITING
from openpbc.governance.rules.quorum import Member, Quorum, QuorumRule, leaving, one_each, quorum
from openpbc.governance.rules.withholding import LEAVES, TAKES_PART
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.persons import accounts_of
from openpbc.rulebook.values import NotSet

PRIVATE = "This item is in the private part of the meeting, which only the members of the body see."


def recused(item: Item, meeting: Meeting) -> dict[str, str]:
    """Give who may not vote on an item and does not count, with the reason, from the register and from the room.

    An interest on any day counts, from the day of the meeting to the one on which the item is decided: a meeting may
    be dated back, or stay open for days. Whatever is decided or cast asks here, and names no day of its own.
    """
    found: dict[str, str] = {}
    first, last = _days(item, meeting)
    for matter in (each for each in (item.matter, item.address) if each):
        stands = standings_between(item.place, matter, first, last)
        found |= {person: each.because for person, each in stands.items() if not each.votes}
    found |= kept_out(item.matter)
    said = [each for each in item.declared if each.ruling != TAKES_PART]
    every = organisations.accounts() if said else {}
    for each in said:
        for account in accounts_of(each.person, every):
            found.setdefault(account, f"declared at this item: {each.what}")
    return dict(sorted(found.items()))


def _days(item: Item, meeting: Meeting) -> tuple[date, date]:
    """The days on which an interest counts: the meeting's, up to today, or to when the item got its outcome."""
    last = timezone.localdate(item.changed_at) if item.state not in (LISTED, WAITING) else organisations.today()
    return meeting.held_on, max(meeting.held_on, last)


def expected_roll(meeting: Meeting) -> tuple[Member, ...]:
    """Give the roll of a meeting: as opened, or before that everybody who would sit there on its day.

    Whose seat was ended since, with a last day before the meeting, is no member and has no vote. All accounts of one
    person are one person, also those that were joined after both were given a seat.
    """
    held_then = seats(meeting.place, meeting.body, meeting.held_on)
    roll = [Member(each.person, each.capacity, each.kind, each.of, each.votes) for each in held_then]
    if known := held.roll(meeting.id):
        voting = {each.person for each in held_then if each.votes}
        roll = [replace(each.member, votes=each.member.votes and each.member.person in voting) for each in known]
    return one_each(roll, organisations.accounts())


def counted(item: Item, meeting: Meeting, rule: QuorumRule) -> Quorum:
    """Count the quorum of an item as it stands now; before the meeting as it would be if everybody came."""
    return quorum(expected_roll(meeting), recused(item, meeting), rule, item.proposing)


def counted_or_not_set(item: Item, meeting: Meeting) -> Quorum | NotSet:
    """Count the quorum of an item, or say that the body's is not set."""
    rule = meeting_rule(organisations.book(item.place), item.body)
    return rule if isinstance(rule, NotSet) else counted(item, meeting, rule)


def left(item: Item, meeting: Meeting) -> tuple[str, ...]:
    """Who leaves an item, deputies of those with an interest included."""
    return leaving(expected_roll(meeting), recused(item, meeting))


def barred(viewer_or_person: Viewer | str, item: Item, sealed: Mapping[str, str] | None = None) -> str:
    """Say why a person may not see an item and its papers; empty when they may. Every channel asks this of an item.

    Who asks of many items gives ``sealed``: what is withheld from the person, asked once.
    """
    person = viewer_or_person if isinstance(viewer_or_person, str) else viewer_or_person.actor.id
    if sealed is None:
        why = withheld(viewer_or_person, item.place, item.matter or item.address, item.address)
    else:
        why = sealed.get(item.matter, "") or sealed.get(item.address, "")
    if why:
        return why
    if any(each.person == person and each.ruling == LEAVES for each in item.declared):
        return "You declared an interest in this item and left it."
    return PRIVATE if item.private and not _sits(person, item) else ""


def barred_items(viewer_or_person: Viewer | str, place: str, found: Iterable[Item]) -> dict[int, str]:
    """Give which of many items of a place a person may not see, by number, with the sentence why."""
    asked = tuple(found)
    sealed = sealed_matters(viewer_or_person, place) if asked else {}
    return {each.id: why for each in asked if (why := barred(viewer_or_person, each, sealed))}


def barred_outside(viewer: Viewer, item: Item, sealed: Mapping[str, str] | None = None) -> str:
    """Say why an item is left out of what goes to people outside the body; whoever makes it sees no more by that."""
    return PRIVATE if item.private else barred(viewer, item, sealed)


def _sits(person: str, item: Item) -> bool:
    """Whether a person has or had a seat in the item's body: nothing in a private part opens to anybody else."""
    day = held.meeting(item.place, item.meeting).held_on if item.meeting else organisations.today()
    deputies = {each.member.deputy for each in held.roll(item.meeting)} if item.meeting else set()
    return person in deputies or any(each.person == person for each in seats(item.place, item.body, day))
