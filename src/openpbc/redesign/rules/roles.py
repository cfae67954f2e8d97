"""Whose act a step is: which roles may take the steps of each lane."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.redesign.rules.transitions import (
    COMMITTEE,
    CONCLAVE_LANE,
    FUNCTIONS,
    GROUP,
    LANES,
    PROCUREMENT,
    PROVIDERS,
    TEAM,
)

LANE_ROLES: Mapping[str, frozenset[str]] = {
    GROUP: frozenset({"gp_lead", "group_manager"}),
    TEAM: frozenset(),  # the members of the joint group, whatever their role
    CONCLAVE_LANE: frozenset({"conclave_chair"}),
    FUNCTIONS: frozenset({"finance_manager", "contract_manager", "analyst"}),
    COMMITTEE: frozenset({"committee_secretary", "committee_chair"}),
    PROCUREMENT: frozenset({"contract_manager"}),
    PROVIDERS: frozenset({"contract_manager"}),
}

_FOR_MEMBERS = "Only members of the joint group do this. The group's page shows who; that holds until you are one."

# Whoever works for the commissioner itself: the functions, and those who keep the body that approves.
COMMISSIONER_ROLES = LANE_ROLES[FUNCTIONS] | LANE_ROLES[COMMITTEE]


def turn_fault(lane: str, roles: frozenset[str], *, is_member: bool, also: str = "") -> str:
    """Say why somebody may not take a step of a lane; empty where they may.

    Members of the joint group write the case, so they never review it as a function or take the approving body's steps.
    ``also`` is a second lane that may take the step.
    """
    if also and roles & LANE_ROLES[also]:
        return ""
    if lane == TEAM:
        return "" if is_member else _FOR_MEMBERS
    if is_member and lane in (COMMITTEE, FUNCTIONS):
        return (
            "You are a member of the joint group, and nobody reviews or approves a case of their own, under whatever"
            " account. Somebody who does not sit there does it; that holds as long as you sit there."
        )
    if roles & LANE_ROLES[lane]:
        return ""
    who = LANES[lane][0].lower() + LANES[lane][1:]
    return f"This is not done in any of your roles. It is for: {who}; that holds as long as you hold none of theirs."
