"""What the guards look at, gathered for one case; and which ways are open from where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils import timezone

from openpbc.governance import reads as governance
from openpbc.organisations.reads import Viewer
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case, is_open, place_in_process, rule_members, rule_waived
from openpbc.redesign.reads.conclave import BODY
from openpbc.redesign.reads.interests import constraints
from openpbc.redesign.reads.parts import bodies, case_for_change, faults, limits_unmet
from openpbc.redesign.reads.value import agreed_route, alone, question
from openpbc.redesign.reads.versions import functions, newest_number, reviews_open
from openpbc.redesign.rules.completeness import PATHWAY, SPECIFICATION, case_faults
from openpbc.redesign.rules.guards import Facts, waits_for
from openpbc.redesign.rules.membership import member_faults
from openpbc.redesign.rules.transitions import (
    APPROVAL,
    DECIDED_AT,
    HELD,
    PRIORITISED,
    PROPOSED,
    ROUTES,
    STAGES,
    STARTING,
    Transition,
    ways_from,
)
from openpbc.rulebook.reader import Book

# The steps that have a form of their own, since they say more than a reason.
OWN_FORM = frozenset({"T01", "T07", "T09"})
# Ways that somebody may take at any time: nobody waits for them.
AT_WILL = frozenset({"T23", "T24", "T05", "T12", "T13", "T14", "T10", "T13B", "W07", "T19", "T22", "T22F", "W05"})

# The guards that look at what the groups said.
_OF_GROUPS = frozenset("agreed one-route same-route other-route route-existing route-willing route-tender".split())


@dataclass(frozen=True)
class NextStep:
    """A way out of the present stage, and why it cannot be taken yet; nothing where it can.

    ``besides`` is what would keep it even if the body had decided for it; asked only while nothing is decided.
    """

    way: Transition
    waits: tuple[str, ...]
    besides: tuple[str, ...] = ()


def facts_of(
    book: Book,
    case: Case,
    beside: Beside | None = None,
    /,
    *,
    reason: str = "",
    owner: str = "",
    evidence: str = "",
    route: str = "",
    viewer: Viewer | None = None,
) -> Facts:
    """Gather what the guards look at; the rest is what the person who takes the step writes.

    ``beside`` is what stands beside the cases among which this one is asked, if it is not asked alone, and then knows
    who looks. Other cases are named as far as ``viewer`` may see them. Rivals, open reviews and constraints are looked
    up where a way out of the stage asks.
    """
    beside = beside or Beside(book, (case,), viewer=viewer)
    asked = {guard for way in ways_from(case.stage, case.variant) for guard in way.guards}
    said = beside.answers(case) if asked & _OF_GROUPS else {}
    parts, taken = case_for_change(bodies(case)), decision(case, beside)
    return Facts(
        stage=case.stage,
        variant=case.variant,
        ranks=sum(each.rank is not None for each in case.groups),
        rivals=_rivals(case, beside) if "alone" in asked else (),
        lead_group=case.lead_group,
        seats=member_faults(rule_members(case), rule_waived(case)),
        faults=tuple(each.sentence for each in faults(case)),
        clinical_faults=tuple(each.sentence for each in case_faults(parts) if each.part in (PATHWAY, SPECIFICATION)),
        limits=limits_unmet(case),
        reviews_open=_reviews_open(case, beside) if "reviewed" in asked else (),
        signed_version=newest_number(case) is not None,
        waiting=tuple(_named(each.unit, beside, asked) for each in case.groups if each.unit not in said),
        against=tuple(_named(unit, beside, asked) for unit, each in said.items() if not each.agreed),
        refusals=case.refusals,
        routes=tuple(dict.fromkeys(each.route for each in said.values() if each.agreed)),
        outcome=taken.outcome if taken else "",
        appealed=beside.appealed[taken.id] if taken else "",
        decided_route=route or case.decided_route,
        evidence=evidence,
        owner=owner,
        reason=reason,
        unconsulted=beside.consulting.of_case(case) if "consulted" in asked else (),
        constraints=constraints(book, case, asked, beside),
    )


def _reviews_open(case: Case, beside: Beside) -> tuple[str, ...]:
    titles = functions(beside.book)
    return tuple(titles.get(code, code) for code in reviews_open(beside.book, case, beside.reviews[case.id]))


def _named(unit: str, beside: Beside, asked: Collection[str]) -> str:
    """What a group is called, where a way out asks what the groups said; else nobody reads it."""
    return beside.group(unit) if "agreed" in asked else unit


def decision(case: Case, beside: Beside | None = None) -> governance.Decision | None:
    """What a body decided on the case since it came to wait for that: approved, agreed, returned or refused.

    It is the conclave where a shared pathway is chosen or agreed, and else the body that decides a case like this one
    on that day. A decision that was on record before counts for the version before, also one of the same day; one that
    was taken while a block held the case up stands.
    """
    stage = place_in_process(case)
    came = next((each.at for each in reversed(case.passages) if each.to == stage and each.start != HELD), None)
    if came is None or stage not in DECIDED_AT:
        return None
    day = timezone.localtime(came).date()
    known = beside or alone(case)
    since = (each for each in known.decisions[case.matter] if each.recorded_at >= came)
    carries = [each for each in since if each.stands and each.outcome in DECIDED_AT[stage] and each.taken_on >= day]
    if stage != APPROVAL:
        return next((each for each in carries if each.body == BODY), None)
    if not carries:
        return None
    route, judge = agreed_route(case, known), known.judges.judged
    return next(
        (each for each in carries if judge(question(case, route, each.taken_on, known)).body == each.body), None
    )


def next_steps(
    book: Book, case: Case, beside: Beside | None = None, /, *, viewer: Viewer | None = None
) -> tuple[NextStep, ...]:
    """Every way out of the present stage, with what it waits for, as far as ``viewer`` may know it.

    A way that starts another route than the one that was approved is no way out.
    """
    known = facts_of(book, case, beside, viewer=viewer)
    undecided = {} if known.outcome else DECIDED_AT.get(case.stage, {})
    outcome = {way: outcome for outcome, ways in undecided.items() for way in ways}
    return tuple(
        NextStep(
            way,
            waits_for(way.id, known),
            waits_for(way.id, replace(known, outcome=outcome[way.id])) if way.id in outcome else (),
        )
        for way in ways_from(case.stage, case.variant)
        if not _of_other_route(way, known)
    )


def _of_other_route(way: Transition, known: Facts) -> bool:
    approved = known.decided_route or known.route
    return way.id in STARTING and approved in ROUTES and way.to != approved


def _rivals(case: Case, beside: Beside) -> tuple[str, ...]:
    """Open cases of the same area that have a joint group already; one that the viewer may not see has no name."""
    early = (PROPOSED, PRIORITISED)
    found = [
        each
        for each in beside.of_area(case.area)
        if each.number != case.number and is_open(each) and each.stage not in early
    ]
    return tuple(
        f"case {each.number}, {STAGES[each.stage].title.lower()}" if each.number in beside.shown else "another case"
        for each in found
    )
