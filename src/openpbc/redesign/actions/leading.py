"""Writes of the separation: who leads the commissioning for a group, and what goes over when procurement begins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.governance import reads as governance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Person
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign import models
from openpbc.redesign.actions.holding import changed, held, short_text
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case, is_open
from openpbc.redesign.reads.interests import authors, duties, may_bid
from openpbc.redesign.reads.separation import apart_by_name, provider_side
from openpbc.redesign.rules.transitions import SIGNING
from openpbc.rulebook.reader import Book


@audit.action("redesign.name_lead")
def name_lead(*, by: Actor, place: str, number: int, revision: int, unit: str, person: str, reason: str = "") -> None:
    """Name who leads the commissioning for a group in a case, from the redesign into procurement.

    It is nobody who may bid. Whoever takes over from somebody else does so for a reason, which everybody can read.
    """
    known = held(by, place, number, revision)
    if not is_open(known):
        raise UserError(
            f"the case is at '{known.at.title.lower()}', so nobody leads it any more",
            do="Name who leads in a case that is open.",
        )
    group = organisations.unit_by_alias(place, unit)
    if known.group(group.code) is None:
        raise UserError("the case does not concern this group", where="unit", do="Choose one that it concerns.")
    who = organisations.person_by_sign_in(person)
    before = known.leads_now.get(group.code)
    if before is not None and before.person == who.sign_in:
        audit.nothing_changed()
        return
    _must_be_free(known, who)
    why = short_text("reason", reason, 500, required="Say why somebody else takes over." if before else "")
    facts = {"unit": group.code, "number": (before.number if before else 0) + 1, "person": who.sign_in}
    try:
        with transaction.atomic():
            models.CommissioningLead.objects.create(
                case_id=known.id, name=who.name[:200], reason=why, by=by.name[:200], at=timezone.now(), **facts
            )
    except IntegrityError as problem:
        raise Stale("somebody named a lead for this group at this very moment", do="Look at the case.") from problem
    changed(by, known)
    told = {"person": before.person} if before else None
    audit.note(subject=f"{known.matter}/lead/{group.code}", before=told, after=facts, reason=why)


def _must_be_free(known: Case, who: Person) -> None:
    """Refuse somebody who may bid, is of the providers' side, or is kept from the case."""
    other = "The group names somebody who has no interest in those who may bid; that lasts until the case has ended."
    if not who.active:
        raise UserError(
            f"{who.name} cannot sign in", where="person", do="Choose another until an administrator lets them in."
        ).for_the_log()
    accounts = accounts_of(who.sign_in)
    sits = [each for each in known.present if each.person in accounts]
    if any(each.of_providers for each in sits) or accounts & set(may_bid(known)):
        said = f"{who.name} may bid, or sits in the joint group for those who provide, so cannot lead the commissioning"
        raise UserError(said, where="person", do=other).for_the_log()
    if why := governance.withheld(who.sign_in, known.place, known.matter):
        raise UserError(f"{who.name} has an interest in this case", where="person", do=f"{other} {why}").for_the_log()
    refuse_both_sides(known, who)


def refuse_both_sides(known: Case, who: Person) -> None:
    """Refuse somebody as a commissioner who works for a provider under any of their accounts (K7)."""
    if found := duties(known, organisations.people(), [who.sign_in], organisations.accounts()):
        raise UserError.whole(found[0].sentence, where="person").for_the_log()


def signing_faults(by: Actor, known: Case, way: str) -> tuple[str, ...]:
    """Say why somebody may not sign a contract: it is the commissioner's to sign (K10)."""
    if way not in SIGNING:
        return ()
    commissioner = organisations.book(known.place).word("commissioner")
    viewer = None if by == SYSTEM else organisations.viewer_by_sign_in(by.id)
    held_here = [each for each in viewer.assignments if each.applies_in(known.place)] if viewer else []
    signs = [each for each in held_here if each.role == "contract_manager"]
    codes = {each.code for each in signs}
    signer = commissioner if by == SYSTEM or "" in codes else ", ".join(sorted(codes))
    found = governance.constraints.k10(f"The contract of case {known.number}", signer, commissioner)
    return tuple(each.sentence for each in found)


def hand_over(by: Actor, book: Book, known: Case, to: str) -> None:
    """Keep what goes over into procurement: advisers, authors of the specification, and whose access has ended."""
    after, beside = replace(known, stage=to), Beside(book, (known,))
    people, accounts = beside.people, beside.accounts
    named = {each.sign_in: each.name for each in people.values()} | {each.person: each.name for each in known.members}
    known_as = beside.identities
    bidding = {known_as(each.organisation) for each in beside.matters.parties(known.matter)
               if each.part == governance.POSSIBLE_BIDDER}  # fmt: skip
    before = {each.person for each in known.members} | {each.person for each in known.leads_now.values()}
    out, side = apart_by_name(before, after, beside.roles, accounts), provider_side(after, people, accounts)
    still = before - out - beside.matters.shut_out(known.matter)
    facts: dict[str, Any] = {
        "stage": to,
        "advisers": [[each.unit, each.person, each.name, each.reason] for each in known.leads_now.values()],
        "authors": [[each.person, each.organisation, known_as(each.organisation) in bidding]
                    for each in authors(known, people.values(), beside.names)],
        "access_before": sorted(named.get(each, each) for each in before),
        "access_after": sorted(named.get(each, each) for each in still),
        "left": sorted(named.get(each, each) for each in before - still),
        "side": sorted(named.get(each, each) for each in side),
        "side_accounts": sorted(side),
        "book": book.hash,
    }  # fmt: skip
    models.Handover.objects.create(
        case_id=known.id, number=len(known.handovers) + 1, facts=facts, by=by.name[:200], at=timezone.now()
    )
