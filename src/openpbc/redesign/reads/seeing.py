"""Who sees the papers of a case: the one gate of interests, and the separation from providers at procurement."""

from __future__ import annotations

from collections.abc import Iterable

from openpbc.governance import reads as governance
from openpbc.kernel.problems import Withheld
from openpbc.organisations.reads import Viewer
from openpbc.redesign.reads.cases import Case, case
from openpbc.redesign.rules.transitions import (
    APPROVED,
    EXISTING,
    FAILED,
    LIVE,
    MEASURED,
    POLICIES,
    TENDER,
    WILLING,
)

PROVIDER = frozenset({"provider_lead"})
# From procurement on, those who work for providers have left: the process takes their access, nobody by hand.
_APART = frozenset({APPROVED, EXISTING, WILLING, TENDER, POLICIES, FAILED})
_OPEN_AGAIN = frozenset({LIVE, MEASURED})


def withheld(viewer: Viewer, known: Case) -> str:
    """Say why somebody may not see the papers of a case; empty where they may."""
    return _apart(viewer, known) or governance.withheld(viewer, known.place, known.matter)


def seen(viewer: Viewer, place: str, known: Iterable[Case]) -> list[Case]:
    """Keep the cases of a place that somebody may see; interests are asked once for all of them."""
    sealed = governance.sealed_matters(viewer, place)
    return [each for each in known if each.matter not in sealed and not _apart(viewer, each)]


def _apart(viewer: Viewer, known: Case) -> str:
    """Say why somebody who works for a provider does not see a case; empty where they do, and for everybody else."""
    roles = viewer.roles_in(known.place)
    if roles and roles <= PROVIDER:
        if known.stage in _APART or (known.held_from in _APART):
            return (
                "Procurement has begun, so people who work for providers no longer see this case."
                " What is asked of providers is published by the commissioner."
            )
        if known.stage not in _OPEN_AGAIN and not known.has_member(viewer.actor.id):
            return "People who work for providers see the cases in whose joint group they sit."
    return ""


def opened_case(viewer: Viewer, place: str, number: int) -> Case:
    """Give a case to somebody who may see it; whoever may not is told why."""
    known = case(place, number)
    if why := withheld(viewer, known):
        raise Withheld(why)
    return known
