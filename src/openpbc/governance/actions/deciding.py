"""The one way in which a meeting decides: everything is counted again, written down, and fixed, or nothing is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.items import made_item
from openpbc.governance.actions.locking import item_in_session, must_keep, refuse_stale
from openpbc.governance.models import Decision, DecisionRecord, Item, Meeting, Minutes, Paper
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import marks
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads.criteria import ASKED_OF, criteria
from openpbc.governance.reads.decisions import PREFIX, bodies
from openpbc.governance.reads.minutes import held_of
from openpbc.governance.reads.seats import all_bodies, meeting_rule, officers
from openpbc.governance.reads.sitting import counted, expected_roll, recused
from openpbc.governance.rules import meetings as rule
from openpbc.governance.rules import minutes as minutes_rule
from openpbc.governance.rules.decisions import Stated, checked
from openpbc.governance.rules.quorum import Quorum
from openpbc.governance.rules.voting import DEFERRED, NOTED, Tally, may_decide, tally
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet

NO_QUORUM = Quorum(0, 0, (), (), "", ("the quorum of this body is not set",))


@audit.action("governance.decide_item")
def decide_item(
    *,
    by: Actor,
    place: str,
    item: int,
    outcome: str,
    reasons: str,
    casting: str = "",
    notes: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> int:
    """Record the outcome of an item for good, and give the number of the decision in the register.

    ``notes`` hold a word on each test that the rulebook asks of such a matter, by its code.

    Interests, the roll, the quorum and the votes are looked at again at this moment. Whatever counts somebody who may
    not be counted, or has no quorum, is refused; only deferring needs neither. A deferred matter waits for the next
    meeting by itself.
    """
    row, at = item_in_session(place, item)
    must_keep(by, at)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    if row.kind == rule.MINUTES:
        raise UserError("minutes are confirmed, not decided", row.title, "Use 'Confirm the minutes'.")
    found = items_read.item(place, item)
    away = recused(found, meetings_read.meeting(place, at.pk))
    _refuse_unsaid(found, by, at, away)
    reasons = texts.passage(reasons, "the reasons", field="reasons")
    standing = _standing(found, at, outcome)
    votes = {} if outcome == DEFERRED else dict(found.votes)
    _refuse_other_papers(row, found, votes)
    result = tally(votes, standing, away, _casting(found, casting))
    power = all_bodies(organisations.book(place))[row.body].power
    if why := may_decide(outcome, standing, result, power):
        mend = "The secretary chooses what the record says, or defers the item; that holds until it says otherwise."
        raise UserError(why, "outcome", mend).for_the_log()
    facts = _facts(found, at, standing, result, votes, away) | {"outcome": outcome, "reasons": reasons}
    facts["criteria"] = _noted(found, outcome, notes or {})
    taken = _kept(by, row, at, facts)
    if outcome == DEFERRED:
        _wait_again(by, row)
    audit.note(subject=f"{PREFIX}/{place}/{taken.pk}", after=facts, reason=reasons)
    return taken.pk


@audit.action("governance.confirm_minutes")
def confirm_minutes(*, by: Actor, place: str, item: int, seen: int | None = None) -> int:
    """Confirm the minutes of an earlier meeting at the item that is for them; they are fixed from then on.

    A later meeting of the same body does it, with a quorum. Give the number of the decision.
    """
    row, at = item_in_session(place, item)
    must_keep(by, at)
    refuse_stale("this item", seen, row.version, row.changed_by, row.changed_at)
    if row.minutes_of is None:
        raise UserError("this item is not for minutes", row.title, "Decide it, or defer it.")
    found = items_read.item(place, item)
    away = recused(found, meetings_read.meeting(place, at.pk))
    _refuse_unsaid(found, by, at, away)
    earlier = Meeting.objects.select_for_update().get(pk=row.minutes_of_id)
    if hasattr(earlier, "confirmed"):
        raise Stale(
            f"{earlier.confirmed.confirmed_by} confirmed these minutes already",
            row.title,
            "They are fixed for good; a later meeting records what should be said otherwise.",
        )
    record = held_of(place, earlier.pk)
    if missing := minutes_rule.unfit(record):
        raise UserError(missing[0], row.title, "Complete the record of that meeting first.")
    standing = _standing(found, at, NOTED)
    if not standing.holds:
        raise UserError(standing.sentence, row.title, "Leave the minutes to the next meeting.")
    text, sha = minutes_rule.fixed(minutes_rule.written(record))
    told = f"The minutes of meeting {earlier.number} were confirmed as a correct record (SHA-256 {sha})."
    facts = _facts(found, at, standing, Tally(0, 0, 0), {}, away) | {"outcome": NOTED, "reasons": told}
    Minutes.objects.create(
        meeting=earlier, at=at, text=text, sha256=sha, confirmed_by=by.name[:200], confirmed_at=timezone.now()
    )
    taken = _kept(by, row, at, facts)
    audit.note(subject=f"meeting/{place}/{earlier.pk}", after={"confirmed": sha, "decision": taken.pk})
    return taken.pk


def _refuse_unsaid(found: items_read.Item, by: Actor, at: Meeting, away: Mapping[str, str]) -> None:
    if not found.said:
        raise UserError(
            "nobody was asked for interests at this item yet",
            found.title,
            "Record what was declared, or that none was.",
        )
    if by.id in away:
        keeper = ", ".join(sorted(officers(found.place, found.body, at.held_on)))
        said = "you have left this item, so somebody else records its outcome"
        raise UserError(said, found.title, f"One of {keeper} does; that holds until it is decided.").for_the_log()


def _standing(found: items_read.Item, at: Meeting, outcome: str) -> Quorum:
    needs = meeting_rule(organisations.book(found.place), found.body)
    if isinstance(needs, NotSet):
        if outcome != DEFERRED:
            raise needs.problem
        return NO_QUORUM
    return counted(found, meetings_read.meeting(found.place, at.pk), needs)


def _refuse_other_papers(row: Item, found: items_read.Item, votes: Mapping[str, str]) -> None:
    other = [each.person for each in row.ballots.all() if each.person in votes and each.papers != found.papers_hash]
    if other:
        mend = "The secretary takes the vote again; until then the item cannot be decided."
        raise UserError(f"{', '.join(other)} voted on other papers", row.title, mend).for_the_log()


def _noted(found: items_read.Item, outcome: str, notes: Mapping[str, str]) -> list[list[str]]:
    """What was said on each test that is asked of such a matter: none is left out, so that all are judged alike."""
    told = []
    for each in criteria(organisations.book(found.place), found.body, found.matter) if outcome in ASKED_OF else ():
        if not notes.get(each.code, "").strip():
            mend = "Write a short note on each test; every group's case is asked the same."
            raise UserError(f"nothing is said on the test '{each.title.lower()}'", each.code, mend)
        told.append([each.title, texts.passage(notes[each.code], f"the note on '{each.title.lower()}'")])
    return told


def _casting(found: items_read.Item, casting: str) -> str:
    if not casting:
        return ""
    needs = meeting_rule(organisations.book(found.place), found.body)
    if isinstance(needs, NotSet) or not needs.casting:
        raise UserError("the rules of this body give nobody a casting vote", "casting", "Leave it empty.")
    return casting


def _facts(
    found: items_read.Item,
    at: Meeting,
    standing: Quorum,
    result: Tally,
    votes: Mapping[str, str],
    away: Mapping[str, str],
) -> dict[str, Any]:
    """All that the decision is kept with, as it stands at this moment."""
    roll = expected_roll(meetings_read.meeting(found.place, at.pk))
    return {
        "meeting": at.pk,
        "item": found.id,
        "present": sorted(each.sitting for each in roll if each.sitting),
        "deputies": {each.deputy: each.person for each in roll if each.deputy and each.sitting == each.deputy},
        "declared": [[each.person, each.what, each.ruling] for each in found.declared],
        "asked": found.asked_by,
        "recused": {person: why for person, why in away.items() if person in {each.sitting for each in roll}},
        "left": list(standing.recused),
        "members": standing.members,
        "needed": standing.needed,
        "counted": list(standing.counted),
        "quorum": standing.sentence,
        "held": standing.holds,
        "chair": standing.chair,
        "votes": dict(sorted(votes.items())),
        "casting": result.casting,
        "vote": result.sentence,
        "papers": [[each.name, each.version, each.sha256] for each in found.current_papers],
        "papers_hash": found.papers_hash,
        "private": found.private,
        "mark": marks.mark(found),
    }


def _kept(by: Actor, row: Item, at: Meeting, facts: Mapping[str, Any]) -> Decision:
    """Write the decision, its record and the end of the item; a second decision of it collides in the database."""
    stated = Stated(
        row.place, row.body, at.held_on, rule.minute(at.number, row.number or 0), row.matter, row.title,
        facts["outcome"], facts["reasons"],
    )  # fmt: skip
    names = bodies(organisations.book(row.place))
    kept = checked(stated, names, organisations.today())
    now = timezone.now()
    columns = ("place", "body", "taken_on", "minute", "matter", "title", "outcome", "text")
    taken = Decision.objects.create(
        recorded_by=by.name[:200],
        recorded_at=now,
        synthetic=row.synthetic or at.synthetic,
        **{name: getattr(kept, name) for name in columns},
    )
    told = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    sha = hashlib.sha256(told.encode()).hexdigest()
    DecisionRecord.objects.create(item=row, decision=taken, facts=facts, sha256=sha, recorded_at=now)
    row.state, row.decision = rule.DONE, taken
    row.version += 1
    row.changed_by, row.changed_at = by.name[:200], now
    row.save()
    return taken


def _wait_again(by: Actor, row: Item) -> None:
    """Let a deferred matter wait for the next meeting, with the papers that counted."""
    names = ("matter", "title", "kind", "private", "proposing", "synthetic")
    again = made_item(by, row.place, row.body, {name: getattr(row, name) for name in names})
    for each in row.papers.filter(current=True):
        Paper.objects.create(
            item=again, name=each.name, sha256=each.sha256, size=each.size, added_by=each.added_by,
            added_at=each.added_at,
        )  # fmt: skip
    if row.urgent_id:  # the urgent action is ratified where it waits now
        urgent, row.urgent = row.urgent, None
        row.save()
        again.urgent = urgent
        again.save()
