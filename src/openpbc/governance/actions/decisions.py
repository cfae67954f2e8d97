"""Recording what a body decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.governance import reads
from openpbc.governance.models import Decider, Decision, Item
from openpbc.governance.reads.appeals import wrong_body
from openpbc.governance.reads.delegation import delegates
from openpbc.governance.reads.seats import all_bodies, names, seats, terms_in_force
from openpbc.governance.rules.decisions import Stated, approves_case, checked
from openpbc.governance.rules.delegation import DIRECTOR, GROUP
from openpbc.governance.rules.meetings import LISTED, WAITING
from openpbc.governance.rules.quorum import DIRECTOR as KIND_DIRECTOR
from openpbc.governance.rules.voting import RECOMMENDS
from openpbc.kernel.actor import Actor
from openpbc.kernel.dated import Dated
from openpbc.kernel.periods import day_text, moment_text
from openpbc.kernel.problems import UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of


@audit.action("governance.record_decision")
def record_decision(
    *,
    by: Actor,
    place: str,
    body: str,
    taken_on: date | Dated,
    minute: str,
    outcome: str,
    text: str,
    matter: str = "",
    title: str = "",
    replaces: int | None = None,
    synthetic: bool = False,
    took_part: Collection[str] = (),
    left: Collection[str] = (),
) -> int:
    """Record what a body decided on a matter, for good, and give the record's number.

    Those who took part, and those who left for an interest, are named by sign-in name or name. A mistake is corrected
    by a record that names in ``replaces`` the one that it corrects. Recording the very same decision again changes
    nothing.
    """
    when = taken_on if isinstance(taken_on, Dated) else Dated(taken_on)
    said = Stated(place, body, when.last, minute, matter, title, outcome, text, replaces, when.to_month)
    stated = checked(said, reads.deciders(organisations.book(place)), timezone.localdate())
    if why := wrong_body(place, stated.body, stated.matter):
        raise UserError(why, "body", "Choose the body that heard the appeal; that holds for good.").for_the_log()
    if why := reads.withheld(by.id, place, stated.matter):
        raise Withheld(f"a decision is recorded by somebody without an interest in it. {why}")
    _check_correction(stated)
    _refuse_undelegated(stated)
    _refuse_past_meetings(stated)
    people = _people(stated, took_part, left)
    known = _same_minute(stated)
    if known is None:
        try:
            return _kept(by, stated, synthetic, people)
        except IntegrityError:
            known = _same_minute(stated)  # somebody was faster by a moment
            if known is None:
                raise
    _refuse_other(known, stated, people)
    audit.nothing_changed()
    return known.pk


def _kept(by: Actor, stated: Stated, synthetic: bool, people: list[dict[str, Any]]) -> int:
    kept = asdict(stated) | {"synthetic": synthetic}
    kept["replaces_id"] = kept.pop("replaces")
    with transaction.atomic():
        row = Decision.objects.create(recorded_by=by.name[:200], recorded_at=timezone.now(), **kept)
        Decider.objects.bulk_create(Decider(decision=row, **each) for each in people)
    told = kept | {"taken_on": str(Dated.kept(stated.taken_on, stated.to_month)), "people": people}
    audit.note(subject=f"{reads.PREFIX}/{stated.place}/{row.pk}", after=told)
    return row.pk


def _people(stated: Stated, took_part: Collection[str], left: Collection[str]) -> list[dict[str, Any]]:
    """Give who took part and who left; somebody with an interest in the matter is not counted by hand either."""
    known = names()
    there, away = ({_person(each, known) for each in some if each.strip()} for some in (took_part, left))
    if both := there & away:
        raise UserError(f"{', '.join(sorted(both))} cannot have taken part and left", "left", "Name each once.")
    if stated.outcome == reads.WITHDRAWN:
        return []
    if not there and stated.body in delegates(organisations.book(stated.place)):
        raise UserError("it is not said who decided", "took_part", "Name who did, one a line.")
    _refuse_strangers(stated, there, known)
    days = Dated.kept(stated.taken_on, stated.to_month).first, timezone.localdate()
    stands = reads.standings_between(stated.place, stated.matter, *days) if stated.matter and there else {}
    wrong = sorted(known.get(each, each) for each in there if each in stands and not stands[each].votes)
    if wrong:
        raise UserError(
            f"{', '.join(wrong)} has an interest in this matter and is named as taking part",
            "took_part",
            "Name them as having left; what they did take part in is no decision until the body decides again.",
        ).for_the_log()
    return [{"person": each, "left": each in away} for each in sorted(there | away)]


def _refuse_strangers(stated: Stated, there: Collection[str], known: Mapping[str, str]) -> None:
    """Refuse an approval by people of whom nobody can tell whether they have an interest, or may decide at all."""
    if stated.outcome != reads.APPROVED or not stated.matter:
        return
    if strangers := sorted(set(there) - known.keys()):
        raise UserError(
            f"{', '.join(strangers)} is nobody who is known here, so nobody can tell of an interest",
            "took_part",
            "Name everybody by sign-in name; an administrator adds who has none, and until then the approval waits.",
        ).for_the_log()
    kept = reads.level_kept(stated.place, stated.matter)
    if stated.body not in delegates(organisations.book(stated.place)) or kept is None:
        return
    may = _may_decide(kept, Dated.kept(stated.taken_on, stated.to_month).last)
    if others := sorted(known[each] for each in there if not may(each)):
        who = _WHO_DECIDES[kept.level.code]
        raise UserError(
            f"{', '.join(others)} was not {who} on {day_text(stated.taken_on)}, so does not decide this",
            "took_part",
            f"Name who decided: only {who} does. That holds until the role or the seat is theirs on that day.",
        ).for_the_log()


_WHO_DECIDES = {
    GROUP: "a lead or the manager of the group",
    DIRECTOR: "a director of the commissioner with a seat in one of its bodies",
}


def _may_decide(kept: reads.MatterLevel, on: date) -> Callable[[str], bool]:
    """Who decides at a level below the committee: those who speak for the group, or the directors with a seat."""
    if kept.level.code == DIRECTOR:
        held = {each.person for each in seats(kept.matter.split("/")[1], on=on) if each.kind == KIND_DIRECTOR}
        return lambda person: bool(accounts_of(person) & held)
    place, unit = kept.matter.split("/")[1], kept.unit

    def speaks(person: str) -> bool:
        held = organisations.viewer(organisations.person_by_sign_in(person).id, on)
        return any(held.owns(role, place, "unit", unit) for role in ("gp_lead", "group_manager"))

    return speaks


def _person(text: str, known: Mapping[str, str]) -> str:
    """Give the sign-in name of somebody who is named by it or by name; of anybody else, the name as written."""
    text = " ".join(text.split())[:150]
    if text.lower() in known:
        return text.lower()
    same = [sign_in for sign_in, name in known.items() if name.casefold() == text.casefold()]
    return same[0] if len(same) == 1 else text


def _refuse_undelegated(stated: Stated) -> None:
    """Refuse what a group or a director decides that the scheme of delegation does not leave to them."""
    name = delegates(organisations.book(stated.place)).get(stated.body)
    if name is None:
        return
    kept = reads.level_kept(stated.place, stated.matter) if stated.matter else None
    if kept is None or kept.level.body != stated.body:
        raise UserError(
            f"the scheme of delegation does not leave this to the {name}",
            "body",
            "The page of the case names the body that decides, and says why; that holds until its level changes.",
        ).for_the_log()
    if stated.outcome not in (reads.APPROVED, reads.RETURNED, reads.REFUSED, reads.WITHDRAWN):
        raise UserError(f"the {name} approves, returns or refuses", "outcome", "Choose one of these.")


def _refuse_past_meetings(stated: Stated) -> None:
    """Refuse to write into the register what a body decides in meetings that are kept here, with quorum and votes.

    What was decided in one may be withdrawn as a mistake; what holds instead is decided at a meeting again.
    """
    body = all_bodies(organisations.book(stated.place)).get(stated.body)
    if body and stated.outcome == reads.APPROVED and body.power == RECOMMENDS:
        raise UserError(f"the {body.name} has no power to approve", "outcome", "Record what it agreed.")
    if stated.outcome == reads.URGENT:
        raise UserError("an urgent action is recorded by the chair", "outcome", "Open the body, then 'Act as urgent'.")
    if stated.outcome == reads.WITHDRAWN:
        return
    decides = (
        "Who keeps the meetings of the body opens the meeting and decides the item there, so that interests, quorum and"
        " votes are recorded; that holds for good."
    )
    terms = terms_in_force(stated.place, stated.body, stated.taken_on)
    if body and terms is not None:
        raise UserError(
            f"since {day_text(terms.in_force_from)} what the {body.name} decides is recorded in its meetings",
            "taken_on",
            decides,
        ).for_the_log()
    if body and approves_case(stated):
        raise UserError(
            f"the {body.name} approves a case in its meetings alone, where members, interests and quorum are counted",
            "outcome",
            "Its secretary records its terms of reference and its members, then the case is decided in a meeting. The"
            " case waits until then.",
        ).for_the_log()
    put = Item.objects.filter(place=stated.place, matter=stated.matter).exclude(matter="")
    if put.filter(Q(body=stated.body) | Q(state__in=(WAITING, LISTED))).exists():
        raise UserError("this matter was put on the agenda of a meeting", "matter", decides).for_the_log()


def _check_correction(stated: Stated) -> None:
    if stated.replaces is None:
        return
    wrong = reads.decision(stated.replaces, stated.place)
    if wrong.matter != stated.matter:
        raise UserError(
            "a correction is on the same matter as the record that it replaces",
            where=wrong.address,
            do="Open that record and correct it from there.",
        )
    if wrong.replaced_by is not None:
        later = reads.decision(wrong.replaced_by)
        if _says_the_same(later, stated):
            return
        raise UserError(
            f"{later.recorded_by} corrected this record on {moment_text(localtime(later.recorded_at))}",
            where=wrong.address,
            do=f"Look at record {later.id}, and correct that one if it is wrong.",
        )


def _same_minute(stated: Stated) -> Decision | None:
    """Find the record of the same minute on the same matter, or the one that already corrects the same record."""
    if stated.replaces is not None:
        return Decision.objects.filter(replaces_id=stated.replaces).first()
    on = {"matter": stated.matter} if stated.matter else {"matter": "", "title": stated.title}
    same = {"place": stated.place, "body": stated.body, "taken_on": stated.taken_on, "minute": stated.minute}
    return Decision.objects.filter(replaces__isnull=True, **same, **on).first()


def _says_the_same(known: reads.Decision, stated: Stated) -> bool:
    return all(getattr(known, name) == value for name, value in asdict(stated).items())


def _refuse_other(row: Decision, stated: Stated, people: list[dict[str, Any]]) -> None:
    known = reads.decision(row.pk)
    named = [{"person": each.person, "left": each.left} for each in row.people.order_by("person")]
    if not _says_the_same(known, stated) or (people and people != named):
        raise UserError(
            f"{known.recorded_by} already recorded this minute on {moment_text(localtime(known.recorded_at))},"
            f" as {known.outcome}",
            where="minute",
            do=f"If record {known.id} is wrong, open it and correct it.",
        )
