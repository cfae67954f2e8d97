"""How the steps of the diagrams and the ways of the table meet: the table asks first, the diagram says what is next."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.redesign.rules.transitions import (
    APPROVAL,
    APPROVED,
    CHOSEN,
    CLINICAL,
    COMMON,
    CONCLAVE,
    DRAFTING,
    EXISTING,
    FAILED,
    FORMING,
    GROUPS,
    HELD,
    LIVE,
    MEASURED,
    PLANNING,
    POLICIES,
    PRIORITISED,
    PROPOSED,
    REJECTED,
    REVIEW,
    TENDER,
    WILLING,
    WITHDRAWN,
)

PROCESS = "redesign"
# The stage that a case is at while a step of its diagram waits; the level of approval is behind the underscore.
STEPS: Mapping[str, str] = {
    "S1": PROPOSED, "S2": PRIORITISED, "W1": CHOSEN, "S3": FORMING, "S4": DRAFTING, "W3": CLINICAL, "W4": PLANNING,
    "S5": REVIEW, "S6": GROUPS, "S7_D1": APPROVAL, "S7_D2": APPROVAL, "S7_D3": APPROVAL, "S7_D4": APPROVAL,
    "S8": APPROVED, "S9A_existing": EXISTING, "S9B_willing": WILLING, "S9C_tender": TENDER, "X5": FAILED,
    "S10": POLICIES, "S11": LIVE, "S12": LIVE, "X3": HELD, "X3_settle": HELD,
}  # fmt: skip
ENDS: Mapping[str, str] = {"X2": REJECTED, "X4": WITHDRAWN}
# What each way does in the diagram, one after the other: the steps of which one waits, and the outcome.
_LEVELS = ("S7_D1", "S7_D2", "S7_D3", "S7_D4")
_ROUTES = ("S9A_existing", "S9B_willing", "S9C_tender")
OUTCOMES: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "T01": ((("S1",), "agreed"),),
    "T02": ((("S2",), "started"),),
    "W01": ((("S2",), "started"),),
    "W02": ((("W1",), "chosen"),),
    "T03": ((("S3",), "opened"),),
    "T04": ((("S4",), "submitted"),),
    "W03": ((("S4",), "submitted"),),
    "W04": ((("W3",), "agreed"),),
    "W05": ((("W3",), "change_asked"),),
    "W06": ((("W4",), "complete"),),
    "W07": ((("W4",), "back"),),
    "T05": ((("S5",), "comments"),),
    "T06": ((("S5",), "closed"),),
    "T07": ((("S6",), "one_agrees"),),
    "T08": ((("S6",), "all_agreed"),),
    "T09": ((("S6",), "refused"),),
    "T10": ((("S6",), "disagree"),),
    "T11": ((_LEVELS, "approved"),),
    "T12": ((_LEVELS, "returned"),),
    "T13": ((_LEVELS, "rejected"),),
    "T14": ((_LEVELS, "other_route"),),
    "T15A": ((("S8",), "started"),),
    "T15B": ((("S8",), "started"),),
    "T15C": ((("S8",), "started"),),
    "T16": ((_ROUTES, "contracted"),),
    "T17": ((_ROUTES, "contracted"),),
    "T18": ((_ROUTES, "contracted"),),
    "T19": ((_ROUTES, "failed"),),
    "T20": ((("X5",), "agree_again"),),
    "T21": ((("S10",), "agreed"),),
    "T22": ((("S11",), "review_due"), (("S12",), "success")),
    "T22F": ((("S11",), "review_due"), (("S12",), "failure")),
}
MESSAGES: Mapping[str, str] = {"T23": "block", "T24": "withdraw"}
CLEARED: Mapping[str, str] = {"X3": "cleared", "X3_settle": "agree_again"}
ROUTE_FACTS: Mapping[str, str] = {EXISTING: "existing", WILLING: "willing", TENDER: "tender"}


def variant_of(steps: frozenset[str]) -> str:
    """Which of the processes a diagram is: one with the conclave has its first step."""
    return CONCLAVE if "W1" in steps else COMMON


def stage_of(waiting: tuple[str, ...], ended: str) -> str:
    """The stage of a case from the steps that wait, or from the end that it came to; what holds it up counts first."""
    if not waiting:
        return ENDS.get(ended, MEASURED)
    stages = [STEPS[step] for step in waiting if step in STEPS]
    return HELD if HELD in stages else stages[0]
