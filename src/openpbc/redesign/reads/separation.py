"""The providers' side of a case, and when it no longer sees it: from the approval on, until the service begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from openpbc.organisations.reads import Assignment, Person
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.rules.membership import CLINICIAN
from openpbc.redesign.rules.transitions import APPROVED, EXISTING, FAILED, LIVE, MEASURED, POLICIES, TENDER, WILLING

PROVIDER = frozenset({"provider_lead"})
# From procurement on, those who work for providers have left: the process takes their access, nobody by hand.
_APART = frozenset({APPROVED, EXISTING, WILLING, TENDER, POLICIES, FAILED})
_OPEN_AGAIN = frozenset({LIVE, MEASURED})
_BEGUN = (
    "Procurement has begun, so people who work for providers no longer see this case."
    " What is asked of providers is published by the commissioner."
)


def apart(assignments: Iterable[Assignment], accounts: Collection[str], known: Case) -> str:
    """Say why somebody of the providers' side does not see a case; empty where they do, and for everybody else.

    ``accounts`` are all sign-in names of the person: a second one is nobody else.
    """
    held = [each for each in assignments if each.applies_in(known.place)]
    if known.stage in _APART or known.held_from in _APART:
        return _BEGUN if _works_for_provider(held) or set(accounts) & _seated(known) else ""
    only = bool(held) and {each.role for each in held} <= PROVIDER
    if only and known.stage not in _OPEN_AGAIN and not any(known.has_member(each) for each in accounts):
        return "People who work for providers see the cases in whose joint group they sit."
    return ""


def provider_side(known: Case, people: Iterable[Person]) -> frozenset[str]:
    """Everybody of the joint group, also who has left it, who is of the providers' side, by sign-in name."""
    works = {each.sign_in for each in people if _works_for_provider(each.assignments, known.place)}
    members = {each.person for each in known.members}
    return frozenset((members & works | _seated(known)) & {each.sign_in for each in people})


def _works_for_provider(held: Iterable[Assignment], place: str = "") -> bool:
    return any(each.scope == "provider" and (not place or each.applies_in(place)) for each in held)


def _seated(known: Case) -> frozenset[str]:
    """Who sits or sat there as a clinician of the providers, or may bid."""
    return frozenset(each.person for each in known.members if each.kind == CLINICIAN or each.may_bid)
