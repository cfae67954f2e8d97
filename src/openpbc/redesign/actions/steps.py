"""Taking a step: its guards are asked first, then the case moves and what the step does besides is done."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.following import begin, follow, keep_level, wait_for_body, wait_for_conclave
from openpbc.redesign.actions.holding import changed, held, long_text, own_case, passed, roles_here, short_text
from openpbc.redesign.actions.leading import hand_over, signing_faults
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.cited import cited_or_why
from openpbc.redesign.reads.facts import OWN_FORM, decision, facts_of
from openpbc.redesign.reads.interests import constraints
from openpbc.redesign.reads.parts import bodies, case_for_change
from openpbc.redesign.reads.value import named_route
from openpbc.redesign.reads.versions import newest_number
from openpbc.redesign.rules.guards import refusal_told, refusals
from openpbc.redesign.rules.roles import turn_fault
from openpbc.redesign.rules.transitions import (
    APPROVAL,
    ASKED_OF_CONCLAVE,
    HELD,
    NAMES_ROUTE,
    STARTING,
    TRANSITIONS,
    YES,
    Transition,
)
from openpbc.redesign.rules.versions import body_hash

_HANDED_IN = frozenset({"T04", "W03", "W06"})
_OF_MEMBERS = "name kind sub_kind leads".split()
_OWN_FACTS = (
    "title area need evidence acute_review earlier_work long_term_condition variant pathway proposed_by lead_group"
).split()


@audit.action("redesign.take_step")
def take_step(
    *,
    by: Actor,
    place: str,
    number: int,
    way: str,
    revision: int,
    reason: str = "",
    owner: str = "",
    evidence: str = "",
    route: str = "",
    papers: tuple[tuple[str, bytes], ...] = (),
) -> None:
    """Take one step of the process, if everything that guards it allows; what keeps it is told in sentences.

    ``papers`` go with the case to the body that approves it, as pairs of name and bytes.
    """
    known = held(by, place, number, revision)
    step = TRANSITIONS.get(way)
    if step is None or way in OWN_FORM:
        raise UserError(f"there is no step '{way[:20]}'", do="Open it from the page of the case.")
    if by != SYSTEM:
        here = roles_here(by, place)
        if wrong := turn_fault(step.lane, here, is_member=own_case(by, known), also=step.also):
            raise UserError.whole(wrong).for_the_log()
    route = route if way in NAMES_ROUTE else ""
    told = long_text("reason", reason)
    written = {"owner": short_text("owner", owner), "evidence": short_text("evidence", evidence)}
    signing = signing_faults(by, known, way)
    viewer = organisations.viewer_by_sign_in(by.id)
    facts = facts_of(organisations.book(place), known, reason=told, route=route, viewer=viewer, **written)
    found = refusals(way, facts) + signing
    if found:
        problem = UserError.whole(refusal_told(way, found))
        of_interests = {each for some in facts.constraints.values() for each in some} | set(signing)
        raise problem.for_the_log() if of_interests.intersection(found) else problem
    version = _freeze(by, known) if way in _HANDED_IN else newest_number(known)
    to, because = follow(by, known, way, route)
    passed(by, known, way, to, reason=told or evidence or because, version=version)
    if way in _HANDED_IN:
        keep_level(by, known)
    if to == APPROVAL and _undecided(known):
        wait_for_body(by, known, papers)
    if to in ASKED_OF_CONCLAVE and decision(known) is None:
        wait_for_conclave(by, known, to, version)
    if way in STARTING:
        hand_over(by, organisations.book(place), known, to)
    changed(by, known, stage=to, **_effects(by, known, step, told, written["owner"], route))
    audit.note(subject=known.matter, before={"stage": known.stage}, after={"stage": to, "way": way}, reason=told)


def _undecided(known: Case) -> bool:
    """Whether the body has yet to decide; what it decided before or while a block held the case up stands.

    An approval that counted somebody with an interest (K5) is not carried out, so the case waits for the body again.
    """
    taken = decision(known)
    if taken is None:
        return True
    return taken.outcome == YES and bool(constraints(organisations.book(known.place), known, ["K5"])["K5"])


def _effects(by: Actor, known: Case, step: Transition, reason: str, owner: str, route: str) -> dict[str, Any]:
    """What a step does besides moving the case."""
    if step.to == HELD:
        models.Block.objects.create(
            case_id=known.id, what=reason, owner=owner or "the conclave or the commissioner",
            raised_by=by.name[:200], raised_at=timezone.now(),
        )  # fmt: skip
        return {"held_from": known.stage}
    if step.id == "T13B":
        return {"process": begin(by, known, from_drafting=True)}
    if known.stage == HELD:
        models.Block.objects.filter(case_id=known.id, cleared_at__isnull=True).update(
            resolution=reason, cleared_by=by.name[:200], cleared_at=timezone.now()
        )
        return {"held_from": ""}
    if step.id in NAMES_ROUTE:  # the groups agree again, since the route is another one
        models.Agreement.objects.filter(version__case_id=known.id, lapsed=False).update(lapsed=True)
        return {"decided_route": route if step.id == "T14" else ""}
    if step.id in _HANDED_IN:
        return {"decided_route": ""}
    if step.id == "T11":
        return {"decided_route": named_route(known)}
    return {}


def _freeze(by: Actor, known: Case) -> int:
    """Keep the case as it is handed in, with the figures that it cites as they stand today."""
    parts = bodies(known)
    addresses = [each for prose in case_for_change(parts).prose.values() for each in prose.figures]
    figures = {each: cited_or_why(known.place, each) for each in dict.fromkeys(addresses)}
    body = {
        "case": {name: getattr(known, name) for name in _OWN_FACTS},
        "parts": {code: dict(each) for code, each in parts.items()},
        "members": [{name: getattr(each, name) for name in _OF_MEMBERS} for each in known.present],
        "figures": {
            each.address: {"title": each.title, "value": each.value, "unit": each.unit, "why": each.why}
            for each in figures.values()
        },
    }
    number = (newest_number(known) or 0) + 1
    models.Version.objects.create(
        case_id=known.id,
        number=number,
        body=body,
        sha256=body_hash(body),
        book_hash=organisations.book(known.place).hash,
        frozen_by=by.name[:200],
        frozen_at=timezone.now(),
    )
    return number
