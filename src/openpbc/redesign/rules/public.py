"""What may be told to the public of a case, and in which words: what was published of approved ones and of failures."""

from __future__ import annotations

from openpbc.redesign.rules.transitions import (
    APPROVED,
    EXISTING,
    FAILED,
    LIVE,
    MEASURED,
    POLICIES,
    REJECTED,
    TENDER,
    WILLING,
    WITHDRAWN,
)

# How a case may end without a change; what failed is told as well, with the reason that the public may read.
FAILURES = frozenset({REJECTED, WITHDRAWN, FAILED})
PUBLISHABLE = frozenset({APPROVED, EXISTING, WILLING, TENDER, POLICIES, LIVE, MEASURED})
ARRANGED, IN_PLACE, WORKED, NOT_WORKED, GIVEN_UP, TURNED_DOWN, NOT_BOUGHT, CHANGING = (
    "Agreed, and being arranged",
    "In place",
    "Looked at again: it did what was expected",
    "Looked at again: it did not do what was expected",
    "Given up",
    "Decided against",
    "Nobody was found to provide it",
    "Being worked on again",
)
_NOT_WORKED = "T22F"


def refusal(stage: str, summary: str, *, is_published: bool) -> str:
    """Say why the plain summary of a case may not be published; empty where it may."""
    if stage not in PUBLISHABLE:
        return "only an approved case is told to the public. Publish it once it is approved"
    if not summary.strip():
        return "the approved version has no plain summary. Write one in the next version"
    return "this summary is on the public page already. Take it off before another is put there" if is_published else ""


def ending_refusal(stage: str, *, is_told: bool) -> str:
    """Say why the public may not be told how a case ended; empty where it may."""
    if stage not in FAILURES:
        return "it was neither refused nor withdrawn, and its procurement did not fail. Tell it once it has"
    return "how it ended is on the public page already. Take that off before it is told otherwise" if is_told else ""


def told(stage: str, held_from: str, last_way: str) -> str:
    """Where a published case stands, in plain words that give away nothing of its route or of what holds it up."""
    at = held_from or stage
    if at == MEASURED:
        return NOT_WORKED if last_way == _NOT_WORKED else WORKED
    if at == WITHDRAWN:
        return GIVEN_UP
    if at == REJECTED:
        return TURNED_DOWN
    if at == FAILED:
        return NOT_BOUGHT
    if at == LIVE:
        return IN_PLACE
    return ARRANGED if at in PUBLISHABLE else CHANGING
