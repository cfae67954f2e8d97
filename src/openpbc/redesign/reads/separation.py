"""The providers' side of a case, and when it no longer sees it: from the approval on, until the service begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Assignment, Person
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign.reads.cases import Case
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

    ``accounts`` are all sign-in names of the person, and ``assignments`` what they hold today under any of them: a
    second account is nobody else.
    """
    held = [each for each in assignments if each.applies_in(known.place)]
    if is_apart(known):
        return _BEGUN if _works_for_provider(held) or set(accounts) & _seated(known) else ""
    only = bool(held) and {each.role for each in held} <= PROVIDER
    if only and known.stage not in _OPEN_AGAIN and not any(known.has_member(each) for each in accounts):
        return "People who work for providers see the cases in whose joint group they sit."
    return ""


def is_apart(known: Case) -> bool:
    """Whether procurement has begun and not ended: whoever works for providers has left."""
    return known.stage in _APART or known.held_from in _APART


def apart_by_name(
    names: Iterable[str],
    known: Case,
    held: Mapping[str, tuple[Assignment, ...]],
    every: Mapping[str, frozenset[str]],
) -> frozenset[str]:
    """Keep the sign-in names of those who do not see a case, by what each person holds today under every account."""
    return frozenset(each for each in names if apart(held.get(each, ()), accounts_of(each, every), known))


def provider_side(known: Case, people: Mapping[str, Person], accounts: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Everybody who is or was in the joint group and of the providers' side meanwhile, under each of their accounts.

    A role at a provider that ended while the case was written counts: whoever held it knows the case from there.
    """
    own = {each.person: accounts_of(each.person, accounts) for each in known.members}
    side = set(_seated(known))
    side |= {each.person for each in known.members if _provided_since(each.joined_on, own[each.person], people, known)}
    return frozenset(name for person in side for name in own[person] if name in people)


def _provided_since(day: date, own: Collection[str], people: Mapping[str, Person], known: Case) -> bool:
    today = organisations.today()
    held = (each for name in own if name in people for each in people[name].assignments)
    return _works_for_provider(
        each
        for each in held
        if each.applies_in(known.place) and each.valid_from <= today and (each.valid_to is None or each.valid_to >= day)
    )


def _works_for_provider(held: Iterable[Assignment]) -> bool:
    return any(each.scope == "provider" for each in held)


def _seated(known: Case) -> frozenset[str]:
    """Who sits or sat there for the providers, or may bid."""
    return frozenset(each.person for each in known.members if each.of_providers)
