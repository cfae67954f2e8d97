"""Writes of the registers: barriers, reviews of services, adoption of shared pathways, intentions of cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.revisions import change, overtaken, signed
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.holding import held, long_text, short_text
from openpbc.redesign.reads import registers as reads
from openpbc.redesign.reads.consulting import CLOSED_BARRIER, Consulting


@audit.action("redesign.raise_barrier")
def raise_barrier(
    *,
    by: Actor,
    place: str,
    title: str,
    owner: str,
    proposal: str = "",
    case: int | None = None,
    synthetic: bool = False,
) -> int:
    """Note something in the way of commissioning by groups, with its owner, and give its number."""
    facts = {
        "title": short_text("title", title, required="Say what is in the way."),
        "owner": short_text("owner", owner, required="Name who is to remove it."),
        "proposal": long_text("proposal", proposal),
        "case_id": held(by, place, case).id if case else None,
    }
    rows = models.Barrier.objects.filter(place=place)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            rows.create(
                place=place, number=number, state="open", raised_by=by.name[:200], raised_at=timezone.now(),
                synthetic=synthetic, revision=1, **signed(by), **facts,
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale("somebody else noted a barrier at this very moment", do="Send yours once more.") from problem
    audit.note(subject=f"barrier/{place}/{number}", after=facts)
    return number


@audit.action("redesign.change_barrier")
def change_barrier(
    *, by: Actor, place: str, number: int, revision: int, title: str, owner: str, state: str, proposal: str = ""
) -> None:
    """Say where a barrier stands, who removes it and what is proposed."""
    before = reads.barrier(place, number)
    case = held(by, place, before.case) if before.case else None
    if state in CLOSED_BARRIER and (lacks := Consulting(organisations.book(place)).of_barrier(before, case)):
        raise UserError(
            " ".join(lacks), where="state", do="Note the consultation; until then it stays open."
        ).for_the_log()
    facts = {
        "title": short_text("title", title, required="Say what is in the way."),
        "owner": short_text("owner", owner, required="Name who is to remove it."),
        "proposal": long_text("proposal", proposal),
        "state": one_of("state", state, reads.BARRIER_STATES),
    }
    rows = models.Barrier.objects.filter(place=place, number=number)
    change(rows, f"barrier {number}", by=by, revision=revision, **facts)
    audit.note(subject=f"barrier/{place}/{number}", before={"state": before.state}, after=facts)


@audit.action("redesign.review_service")
def review_service(
    *, by: Actor, place: str, service: str, revision: int, state: str, reviewed_on: date | None = None, result: str = ""
) -> None:
    """Say whether an assessment service exists, when it was reviewed, and with what result."""
    known = reads.service(organisations.book(place), service)
    facts = {"state": one_of("state", state, reads.SCHEME_STATES), "reviewed_on": reviewed_on,
             "result": long_text("result", result)}  # fmt: skip
    if reviewed_on and reviewed_on > organisations.today():
        raise UserError("that day has not come yet", where="reviewed_on", do="Give the day of the last review.")
    if reviewed_on and not facts["result"]:
        raise UserError(
            "say what the review found", where="result", do="Write it in a sentence, or leave the day empty."
        )
    rows = models.SchemeReview.objects.filter(place=place, scheme=service)
    if known.revision:
        change(rows, "this service", by=by, revision=revision, **facts)
    else:
        _first(by, place, service, revision, facts)
    audit.note(subject=f"assessment-service/{place}/{service}", before={"state": known.state}, after={"state": state})


def _first(by: Actor, place: str, service: str, revision: int, facts: Mapping[str, object]) -> None:
    try:
        with transaction.atomic():
            models.SchemeReview.objects.create(
                place=place, scheme=service, revision=revision + 1, **signed(by), **facts
            )
    except IntegrityError as problem:
        raise overtaken("this service", "", None) from problem


@audit.action("redesign.adopt_pathway")
def adopt_pathway(*, by: Actor, place: str, pathway: str, unit: str, answer: str, reason: str = "") -> None:
    """Say what a group makes of a shared pathway; a local variant, or none, needs a reason that is listed."""
    known = {each.code for each in reads.shared_pathways(organisations.book(place))}
    if pathway not in known:
        raise UserError(f"there is no shared pathway '{pathway[:40]}'", do="Open it from the list of pathways.")
    own = organisations.unit_by_alias(place, unit).code
    told = short_text("reason", reason, 500)
    if one_of("answer", answer, reads.ANSWERS) != reads.ADOPTED and not told:
        raise UserError(
            "say why the group does not take the pathway as it is", where="reason", do="Write the reason in a sentence."
        )
    facts = {"answer": answer, "reason": told, "by": by.name[:200], "at": timezone.now()}
    models.Adoption.objects.update_or_create(place=place, pathway=pathway, unit=own, defaults=facts)
    audit.note(subject=f"shared-pathway/{place}/{pathway}/{own}", after={"answer": answer}, reason=told)


@audit.action("redesign.link_intention")
def link_intention(*, by: Actor, place: str, number: int, key: str) -> None:
    """Say that a case serves a commissioning intention; the same link again changes nothing."""
    known = held(by, place, number)
    if key not in {each.key for each in reads.intentions(organisations.book(place))}:
        raise UserError("there is no such intention", where="key", do="Choose one from the register.")
    if not models.CaseIntention.objects.get_or_create(case_id=known.id, key=key)[1]:
        audit.nothing_changed()
    audit.note(subject=known.matter, after={"intention": key})


@audit.action("redesign.link_priority")
def link_priority(*, by: Actor, place: str, number: int, key: str) -> None:
    """Say that a case serves a priority of its group's own plan in force; the same link again changes nothing.

    ``key`` is the group and the code of the priority, as GROUP/CODE.
    """
    known = held(by, place, number)
    unit, _, code = key.partition("/")
    if (unit, code) not in {each[:2] for each in reads.own_priorities(organisations.book(place), known)}:
        do = "Choose one that an item of the plan of the case's group serves, once that plan is agreed."
        raise UserError("there is no such priority in the group's plan in force", where="key", do=do)
    if not models.CasePriority.objects.get_or_create(case_id=known.id, unit=unit, code=code)[1]:
        audit.nothing_changed()
    audit.note(subject=known.matter, after={"priority": key})
