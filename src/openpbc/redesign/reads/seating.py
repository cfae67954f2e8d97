"""Who says who sits in the joint group: its lead, whoever speaks for a group that it concerns, and the commissioner."""

from __future__ import annotations

from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.rules.roles import COMMISSIONER_ROLES, LANE_ROLES
from openpbc.redesign.rules.transitions import GROUP


def seats_fault(viewer: Viewer | None, known: Case) -> str:
    """Say why somebody does not say who sits in the joint group; empty where they do."""
    if viewer is not None:
        own = accounts_of(viewer.actor.id)
        leads = known.lead is not None and known.lead.person in own
        if leads or viewer.roles_in(known.place) & COMMISSIONER_ROLES or _speaks(viewer, known):
            return ""
    return (
        "who sits in the joint group is said by its lead, by those who speak for a group that the case concerns,"
        " and by the commissioner"
    )


def waives_fault(viewer: Viewer | None, known: Case) -> str:
    """Say why somebody does not waive a seat; empty where they do."""
    if viewer is not None and viewer.roles_in(known.place) & COMMISSIONER_ROLES:
        return ""
    return "a seat is waived by the commissioner alone"


def _speaks(viewer: Viewer, known: Case) -> bool:
    return any(viewer.owns(role, known.place, "unit", each.unit) for role in LANE_ROLES[GROUP] for each in known.groups)
