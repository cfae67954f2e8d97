"""What may be told to the public of a case, and in which words: only an approved one, and only what was published."""

from __future__ import annotations

from openpbc.redesign.rules.transitions import (
    APPROVED,
    EXISTING,
    LIVE,
    MEASURED,
    POLICIES,
    REJECTED,
    TENDER,
    WILLING,
    WITHDRAWN,
)

PUBLISHABLE = frozenset({APPROVED, EXISTING, WILLING, TENDER, POLICIES, LIVE, MEASURED})
ARRANGED, IN_PLACE, WORKED, FAILED, GIVEN_UP, TURNED_DOWN, CHANGING = (
    "Agreed, and being arranged",
    "In place",
    "Looked at again: it did what was expected",
    "Looked at again: it did not do what was expected",
    "Given up",
    "Decided against after all",
    "Being worked on again",
)
_NOT_WORKED = "T22F"


def refusal(stage: str, summary: str, *, is_published: bool) -> str:
    """Say why the plain summary of a case may not be published; empty where it may."""
    if stage not in PUBLISHABLE:
        return "only an approved case is told to the public"
    if not summary.strip():
        return "the approved version has no plain summary"
    return "this summary is on the public page already" if is_published else ""


def told(stage: str, held_from: str, last_way: str) -> str:
    """Where a published case stands, in plain words that give away nothing of its route or of what holds it up."""
    at = held_from or stage
    if at == MEASURED:
        return FAILED if last_way == _NOT_WORKED else WORKED
    if at == WITHDRAWN:
        return GIVEN_UP
    if at == REJECTED:
        return TURNED_DOWN
    if at == LIVE:
        return IN_PLACE
    return ARRANGED if at in PUBLISHABLE else CHANGING
