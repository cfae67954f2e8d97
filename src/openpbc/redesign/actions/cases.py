"""Writes of cases as priorities: proposing one, changing what it says, whom it concerns, and a group's agreement."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.revisions import signed
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.following import begin, follow
from openpbc.redesign.actions.holding import changed, held, long_text, passed, short_text
from openpbc.redesign.reads.cases import Case, address, is_open
from openpbc.redesign.reads.cases import case as case_of
from openpbc.redesign.reads.running import variant_in
from openpbc.redesign.rules.transitions import (
    APPROVAL,
    CONCLAVE,
    GROUPS,
    PROPOSED,
    REVIEW,
)

# While a version is being looked at, whom it concerns stands.
_FIXED = frozenset({REVIEW, GROUPS, APPROVAL})


def _facts(title: str, area: str, need: str, evidence: str, acute_review: str, earlier_work: str) -> dict[str, str]:
    return {
        "title": short_text("title", title, required="Name the case in a few words."),
        "area": short_text("area", area, 100, required="Name the area of care."),
        "need": long_text("need", need, required="Say what patients need that they do not get now."),
        "evidence": long_text("evidence", evidence),
        "acute_review": short_text("acute_review", acute_review),
        "earlier_work": long_text("earlier_work", earlier_work),
    }


@audit.action("redesign.propose")
def propose(
    *,
    by: Actor,
    place: str,
    unit: str,
    title: str,
    area: str,
    need: str,
    evidence: str = "",
    acute_review: str = "",
    earlier_work: str = "",
    long_term_condition: bool = False,
    pathway: str = "",
    synthetic: bool = False,
) -> int:
    """Propose a priority for redesign and give its number; the group that proposes it is the first one concerned.

    A shared pathway concerns every group of the place.
    """
    own, variant = organisations.unit_by_alias(place, unit).code, variant_in(place)
    facts = _facts(title, area, need, evidence, acute_review, earlier_work)
    rows = models.Case.objects.filter(place=place)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            row = rows.create(
                place=place, number=number, stage=PROPOSED, variant=variant, pathway=pathway, proposed_by=own,
                long_term_condition=long_term_condition, synthetic=synthetic, revision=1, **signed(by), **facts,
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale("somebody else proposed a case at this very moment", do="Send yours once more.") from problem
    everybody = [each.code for each in organisations.units(place)]
    for code in everybody if variant == CONCLAVE else [own]:
        models.ConcernedGroup.objects.create(case=row, unit=code)
    models.Passage.objects.create(
        case=row, way="T00", to=PROPOSED, unit=own, by=by.name[:200], person=by.id[:150], at=timezone.now()
    )
    models.Case.objects.filter(pk=row.pk).update(process=begin(by, case_of(place, number)))
    audit.note(subject=address(place, number), after=facts | {"unit": own, "variant": variant})
    return number


@audit.action("redesign.change_case")
def change_case(
    *,
    by: Actor,
    place: str,
    number: int,
    revision: int,
    title: str,
    area: str,
    need: str,
    evidence: str = "",
    acute_review: str = "",
    earlier_work: str = "",
    long_term_condition: bool = False,
) -> None:
    """Change what a case says of itself, while nobody reviews or decides it."""
    known = held(by, place, number, revision)
    _not_fixed(known)
    facts = _facts(title, area, need, evidence, acute_review, earlier_work)
    before = {name: getattr(known, name) for name in facts}
    changed(by, known, long_term_condition=long_term_condition, **facts)
    audit.note(subject=known.matter, before=before, after=facts | {"long_term_condition": long_term_condition})


def _not_fixed(known: Case) -> None:
    if not is_open(known) or known.stage in _FIXED:
        raise UserError(
            f"the case is at '{known.at.title.lower()}', so this stands as it is",
            do="It can be changed when it comes back for more work.",
        )


@audit.action("redesign.concern_group")
def concern_group(*, by: Actor, place: str, number: int, revision: int, unit: str, leads: bool = False) -> None:
    """Say that a case concerns a further group, or which group leads it for all."""
    known = held(by, place, number, revision)
    _not_fixed(known)
    code = organisations.unit_by_alias(place, unit).code
    models.ConcernedGroup.objects.get_or_create(case_id=known.id, unit=code)
    changed(by, known, **({"lead_group": code} if leads else {}))
    audit.note(subject=known.matter, after={"group": code, "leads": leads})


@audit.action("redesign.rank_priority")
def rank_priority(*, by: Actor, place: str, number: int, unit: str, rank: int, revision: int) -> None:
    """Agree a case as a priority of one group, with its rank there (1 is first); the first agreement moves it on."""
    known = held(by, place, number, revision)
    concerned = known.group(unit)
    if concerned is None:
        raise UserError("the case does not concern this group", do="Name it as concerned first.")
    if rank < 1:
        raise UserError("ranks begin with 1", where="rank", do="Give 1 for the most urgent.")
    if not is_open(known):
        raise UserError(
            f"the case is at '{known.at.title.lower()}', so it has no rank any more",
            do="Groups rank what is proposed; a new proposal can be ranked.",
        )
    models.ConcernedGroup.objects.filter(case_id=known.id, unit=unit).update(
        rank=rank, agreed_by=by.name[:200], agreed_at=timezone.now()
    )
    to = known.stage
    if to == PROPOSED:
        to, _ = follow(by, known, "T01")
        passed(by, known, "T01", to, unit=unit)
    changed(by, known, stage=to)
    audit.note(subject=f"{known.matter}/{unit}", before={"rank": concerned.rank}, after={"rank": rank, "stage": to})
