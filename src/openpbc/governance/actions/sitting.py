"""Writes in the room: interests declared at an item, and votes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.locking import item_in_session, must_keep, refuse_stale, touch
from openpbc.governance.actions.matters import rule_on_interest
from openpbc.governance.models import Attendance, Ballot, Declaration, Item, Meeting
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads.interests import undeclared
from openpbc.governance.reads.items import PREFIX, papers_hash
from openpbc.governance.reads.seats import meeting_rule, officers
from openpbc.governance.reads.sitting import counted, recused
from openpbc.governance.rules.quorum import Quorum
from openpbc.governance.rules.voting import CHOICES, refusal
from openpbc.governance.rules.withholding import LEAVES, RULINGS, TAKES_PART
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet


@audit.action("governance.declare_at_item")
def declare_at_item(
    *, by: Actor, place: str, item: int, person: str, what: str, ruling: str = LEAVES, seen: int | None = None
) -> int:
    """Record that somebody declared an interest at an item, and the ruling on it.

    Everybody may declare their own, and then leaves the item; that somebody stays is recorded by who keeps the meeting.
    A vote cast before is taken out, unless the person takes part.
    """
    row, at = item_in_session(place, item)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    if ruling not in RULINGS:
        raise UserError(f"'{ruling[:20]}' is no ruling", "ruling", f"Choose one of {', '.join(RULINGS)}.")
    if by.id != person or ruling != LEAVES:
        must_keep(by, at)
    _on_roll(at, person)
    what = texts.line(what, "what was declared", 500, field="what")
    known = Declaration.objects.filter(item=row, person=person, what=what).first()
    if known is not None:
        audit.nothing_changed()
        return known.pk
    made = Declaration.objects.create(
        item=row, person=person, what=what, ruling=ruling, declared_by=by.name[:200], declared_at=timezone.now()
    )
    matter = row.matter or f"{PREFIX}/{place}/{item}"
    rule_on_interest(by=by, place=place, matter=matter, person=person, ruling=ruling, reason=what)
    void = 0 if ruling == TAKES_PART else Ballot.objects.filter(item=row, person=person).delete()[0]
    touch(row, by)
    told = {"person": person, "what": what, "ruling": ruling, "votes taken out": void}
    audit.note(subject=f"{PREFIX}/{place}/{item}", after=told)
    return made.pk


def _on_roll(at: Meeting, person: str) -> None:
    lines = Attendance.objects.filter(meeting=at)
    if not any(person in (line.person, line.deputy) for line in lines):
        raise UserError(f"{person} is not on the roll of this meeting", "person", "Choose somebody who is there.")


@audit.action("governance.declare_none_at_item")
def declare_none_at_item(*, by: Actor, place: str, item: int, seen: int | None = None) -> None:
    """Record that everybody was asked for interests in an item; none is said, it is never taken for granted."""
    row, at = item_in_session(place, item)
    must_keep(by, at)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    if row.asked_by:
        audit.nothing_changed()
        return
    row.asked_by, row.asked_at = by.name[:200], timezone.now()
    touch(row, by)
    audit.note(subject=f"{PREFIX}/{place}/{item}", after={"declarations": "asked for"})


@audit.action("governance.record_votes")
def record_votes(*, by: Actor, place: str, item: int, votes: Mapping[str, str], seen: int | None = None) -> None:
    """Record a show of hands: the votes given are all that there are, earlier ones are replaced."""
    row, at = item_in_session(place, item)
    must_keep(by, at)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    standing = _standing(row, at)
    _check(votes, row, at, standing)
    before = {each.person: each.choice for each in row.ballots.all()}
    if before == dict(votes):
        audit.nothing_changed()
        return
    row.ballots.all().delete()
    _cast(row, by, votes)
    touch(row, by)
    audit.note(subject=f"{PREFIX}/{place}/{item}", before=before, after=dict(votes))


@audit.action("governance.cast_vote")
def cast_vote(*, by: Actor, place: str, item: int, choice: str, papers: str) -> None:
    """Cast one's own vote, on the papers whose hash was shown; a vote may be changed until the item is decided."""
    row, at = item_in_session(place, item)
    if papers != papers_hash(row.papers.filter(current=True)):
        moment = moment_text(timezone.localtime(row.changed_at))
        told = f"{row.changed_by} changed the papers on {moment}, after you opened the item"
        raise Stale(told, do="Read them, then vote; you can until the item is decided.").for_the_log()
    _check({by.id: choice}, row, at, _standing(row, at))
    known = Ballot.objects.filter(item=row, person=by.id).first()
    if known is not None and known.choice == choice:
        audit.nothing_changed()
        return
    Ballot.objects.filter(item=row, person=by.id).delete()
    _cast(row, by, {by.id: choice})
    touch(row, by)
    audit.note(subject=f"{PREFIX}/{place}/{item}", after={by.id: choice})


def _standing(row: Item, at: Meeting) -> Quorum:
    """Count who may vote on an item now."""
    rule = meeting_rule(organisations.book(row.place), row.body)
    if isinstance(rule, NotSet):
        raise rule.problem
    return counted(items_read.item(row.place, row.pk), meetings_read.meeting(row.place, at.pk), rule)


def _check(votes: Mapping[str, str], row: Item, at: Meeting, standing: Quorum) -> None:
    found = items_read.item(row.place, row.pk)
    if not found.said:
        raise UserError(
            "nobody was asked for interests at this item yet", row.title, "Record what was declared, or none."
        )
    away = recused(found, meetings_read.meeting(row.place, at.pk))
    for person, choice in sorted(votes.items()):
        if choice not in CHOICES:
            raise UserError(f"'{choice[:20]}' is no vote", person, f"Choose one of {', '.join(CHOICES)}.")
        if why := refusal(person, standing, away):
            keeper = ", ".join(sorted(officers(row.place, row.body, at.held_on)))
            mend = f"It holds until the item is decided; if it is wrong, tell who keeps the meeting: {keeper}."
            raise UserError(why, row.title, mend).for_the_log()
        if why := undeclared(row.place, person, organisations.today()):
            raise UserError.whole(why, row.title).for_the_log()


def _cast(row: Item, by: Actor, votes: Mapping[str, str]) -> None:
    on, now = papers_hash(row.papers.filter(current=True)), timezone.now()
    for person, choice in sorted(votes.items()):
        Ballot.objects.create(item=row, person=person, choice=choice, papers=on, cast_by=by.name[:200], cast_at=now)
