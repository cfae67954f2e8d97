"""Who is consulted before an action on primary care is closed, and what an intention's state may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping

OPEN, UNDER_WAY, DONE, GIVEN_UP = "open", "under way", "done", "given up"
INTENTION_STATES = (OPEN, UNDER_WAY, DONE, GIVEN_UP)
CLOSED_INTENTION = frozenset({DONE, GIVEN_UP})
CLOSED_BARRIER = frozenset({"solved", "not to be solved here"})


def unconsulted(wanted: Mapping[str, str], noted: Collection[str]) -> tuple[str, ...]:
    """Give one sentence for all bodies of which no note says that they were asked, or why not; none where all are."""
    missing = [name for code, name in wanted.items() if code not in noted]
    if not missing:
        return ()
    return (
        f"It falls on primary care, and no note says what these said or why they were not asked: {', '.join(missing)}.",
    )
