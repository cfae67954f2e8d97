"""What became of the recommendations of a paper: what counts as an outcome, and how the whole stands."""

from __future__ import annotations

from collections.abc import Iterable

APPROVED, AGREED, RETURNED, REFUSED = "approved", "agreed", "returned", "refused"
# What says something of a recommendation; one that was only noted or deferred is as open as before.
SAYS = frozenset({APPROVED, AGREED, RETURNED, REFUSED})
YES = frozenset({APPROVED, AGREED})
SETTLES = YES | {REFUSED}
PROPOSED, TAKEN, IN_PART = "proposed", "agreed", "decided, not all agreed"


def whole(outcomes: Iterable[str]) -> str:
    """How the whole stands: proposed until each recommendation is settled, one that was sent back is not.

    An outcome is empty where nothing was decided.
    """
    found = tuple(outcomes)
    if not found or any(each not in SETTLES for each in found):
        return PROPOSED
    return TAKEN if all(each in YES for each in found) else IN_PART
