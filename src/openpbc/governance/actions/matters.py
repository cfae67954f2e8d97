"""Listing whom a matter concerns, ruling on a person, and keeping who opened what."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.governance import models, reads
from openpbc.governance.rules import withholding
from openpbc.governance.rules.decisions import matter_address
from openpbc.governance.rules.interests import PARTS, Party
from openpbc.governance.rules.withholding import LEAVES, MAY_BID, RULINGS, TAKES_PART, WITHOUT_VOTE
from openpbc.kernel import texts, two_people
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError, Withheld
from openpbc.organisations import reads as organisations

_LONGEST = 200


@audit.action("governance.set_parties")
def set_parties(*, by: Actor, place: str, matter: str, parties: Sequence[Party], seen: int | None = None) -> None:
    """List the organisations that a matter concerns, in place of the list before; ``seen`` is that list's number.

    From then on everybody with a material interest in one of them is kept out. Somebody who is kept out cannot change
    the list.
    """
    where = _address(matter, place)
    _refuse_sealed(by, place, where, "the list of those whom this matter concerns is kept")
    wanted = sorted({(reads.organisation_code(place, each.organisation), each.part) for each in parties})
    unknown = next((part for _, part in wanted if part not in PARTS), None)
    if unknown is not None:
        raise UserError(f"'{unknown[:30]}' is no part in a matter", do=f"Choose one of {', '.join(PARTS)}.")
    rows = [
        {"organisation": texts.line(name, "the organisation", field="parties"), "part": part} for name, part in wanted
    ]
    found = reads.listed(place, where)
    before, number = (found[0].parties, found[0].number) if found else ((), 0)
    if [(each.organisation, each.part) for each in before] == wanted:
        audit.nothing_changed()
        return
    if seen is not None and seen != number:
        raise _changed(place, where)
    try:
        with transaction.atomic():
            models.MatterParties.objects.create(
                place=place, matter=where, number=number + 1, parties=rows, at=timezone.now(), by=by.name[:200]
            )
    except IntegrityError as problem:
        raise _changed(place, where) from problem
    told = [f"{each.organisation}: {each.part}" for each in before]
    audit.note(subject=where, before=told, after=[f"{name}: {part}" for name, part in wanted])


def _changed(place: str, matter: str) -> Stale:
    now = reads.listed(place, matter)[0]
    at = timezone.localtime(now.at) if now.at else None
    said = f"{now.by} changed the list on {moment_text(at)}" if at else "the list was changed"
    return Stale(said, do="Look at it as it is now.")


@audit.action("governance.rule_on_interest")
def rule_on_interest(
    *, by: Actor, place: str, matter: str, person: str, ruling: str, reason: str, seen: int | None = None
) -> None:
    """Rule how a person with an interest takes part in a matter; anybody may declare of themselves that they leave.

    Nobody rules on themselves under any account, nobody who is kept out rules, and nobody can be let in whose interest
    is material.
    """
    where, someone = _address(matter, place), organisations.person_by_sign_in(person).sign_in
    if ruling not in RULINGS:
        raise UserError(f"'{ruling[:30]}' is no ruling", "ruling", f"Choose one of {', '.join(RULINGS)}.")
    why = texts.passage(reason, "the reason", field="reason")
    accounts = organisations.accounts()
    if ruling != LEAVES:
        who_can = "The chair rules, or the vice-chair where the chair has an interest; that holds for good."
        two_people.must_be_another(by, (someone,), accounts, "an interest is ruled on", who_can=who_can)
    if not two_people.same(by.id, someone, accounts):
        _refuse_sealed(by, place, where, "an interest is ruled on")
    refused = withholding.may_rule(ruling, reads.conflicts(place, where).get(someone, ()))
    if refused:
        raise UserError(
            refused, "ruling", "Nobody can until the interest has ended; its holder or the secretary says when it has."
        ).for_the_log()
    known = next((each for each in reads.rulings(place, where) if each.person == someone), None)
    number = known.number if known else 0
    if known is not None and (known.ruling, known.reason) == (ruling, why):
        audit.nothing_changed()
        return
    if seen is not None and seen != number:
        raise _ruled(place, where, someone)
    _put_ruling(by, place, where, someone, ruling, why, known)


@audit.action("governance.note_possible_bidder")
def note_possible_bidder(*, by: Actor, place: str, matter: str, person: str, may_bid: bool) -> None:
    """Keep somebody of whom it is on record that they may bid from voting in a matter, or let them vote again.

    They still see its papers, since the redesign needs them. What the chair ruled, or they declared, stays as it is.
    """
    where, someone = _address(matter, place), organisations.person_by_sign_in(person).sign_in
    known = next((each for each in reads.rulings(place, where) if each.person == someone), None)
    noted = known is not None and (known.ruling, known.reason) == (WITHOUT_VOTE, MAY_BID)
    if may_bid and (known is None or known.ruling == TAKES_PART):
        _put_ruling(by, place, where, someone, WITHOUT_VOTE, MAY_BID, known)
    elif noted and not may_bid:
        said = "It is not on record any more that they may bid."
        _put_ruling(by, place, where, someone, TAKES_PART, said, known)
    else:
        audit.nothing_changed()


def _put_ruling(
    by: Actor, place: str, where: str, someone: str, ruling: str, why: str, known: reads.Ruled | None
) -> None:
    try:
        with transaction.atomic():
            models.Ruling.objects.create(
                place=place, matter=where, person=someone, number=(known.number if known else 0) + 1, ruling=ruling,
                reason=why, at=timezone.now(), by=by.name[:200],
            )  # fmt: skip
    except IntegrityError as problem:
        raise _ruled(place, where, someone) from problem
    before = {"ruling": known.ruling} if known else None
    audit.note(subject=where, before=before, after={"person": someone, "ruling": ruling}, reason=why)


def _ruled(place: str, matter: str, person: str) -> Stale:
    now = next(each for each in reads.rulings(place, matter) if each.person == person)
    at = timezone.localtime(now.at)
    told = f"{now.by} ruled on {moment_text(at)} that this person {RULINGS[now.ruling]}"
    return Stale(told, do="Look at it as it is now.")


@audit.action("governance.open_paper")
def open_paper(*, by: Actor, place: str, matter: str, what: str) -> bool:
    """Keep that a person opened something of a matter (once a day), so that an interest told late shows what was seen.

    It says whether this was the first time of the day. Somebody from whom it is withheld is refused with the sentence
    why.
    """
    where = _address(matter, place)
    sealed = reads.withheld(by.id, place, where)
    if sealed:
        raise Withheld(sealed)
    today = organisations.today()
    facts = {"place": place, "matter": where, "person": by.id, "what": what[:_LONGEST], "day": today}
    _, made = models.Opening.objects.get_or_create(**facts, defaults={"at": timezone.now()})
    if made:
        audit.note(subject=where, after={"opened": what[:_LONGEST]})
    else:
        audit.nothing_changed()
    return made


@audit.action("governance.open_pack")
def open_pack(*, by: Actor, place: str, of: str, opened: Sequence[tuple[str, str]]) -> None:
    """Keep that a person took several papers with them at once, each by its matter and what it is; ``of`` says whence.

    It is kept as for each paper by itself, under one event.
    """
    first = [open_paper(by=by, place=place, matter=matter, what=what) for matter, what in opened]
    if any(first):
        audit.note(subject=of, after={"papers": len(opened)})
    else:
        audit.nothing_changed()


def _address(matter: str, place: str) -> str:
    address = matter_address(matter, place)
    if not address:
        raise UserError("no matter is named", do="Open the matter and go on from there.")
    return address


def _refuse_sealed(by: Actor, place: str, matter: str, what: str) -> None:
    names = [each for each in (by.id, by.acting_for) if each]
    sealed = next((why for each in names if (why := reads.withheld(each, place, matter))), "")
    if sealed:
        raise Withheld(f"{what} by somebody without an interest in it. {sealed}")
