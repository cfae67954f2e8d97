"""What a meeting may become when, how its items are numbered, and when it may be closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.periods import day_text

ORDINARY, EXTRAORDINARY = "ordinary", "extraordinary"
MEETING_KINDS = {ORDINARY: "Ordinary meeting", EXTRAORDINARY: "Extraordinary meeting"}
PLANNED, OPEN, CLOSED, CANCELLED = "planned", "open", "closed", "cancelled"
STATES = {PLANNED: "Planned", OPEN: "Open now", CLOSED: "Held", CANCELLED: "Cancelled"}
# From which state a meeting may go to another, and the sentence for all others.
_BEFORE = {OPEN: PLANNED, CLOSED: OPEN, CANCELLED: PLANNED}

DECISION, DISCUSSION, MINUTES, RATIFICATION = "decision", "discussion", "minutes", "ratification"
ITEM_KINDS = {
    DECISION: "For decision",
    DISCUSSION: "For discussion",
    MINUTES: "Minutes of an earlier meeting",
    RATIFICATION: "An urgent action of the chair, to be ratified",
}
# Kinds on which a meeting cannot end without an outcome, be it only that the item is deferred.
DECIDED_KINDS = frozenset({DECISION, RATIFICATION})
WAITING, LISTED, DONE, TAKEN, WITHDRAWN = "waiting", "listed", "decided", "taken", "withdrawn"
ITEM_STATES = {
    WAITING: "Waits for a meeting",
    LISTED: "On the agenda",
    DONE: "Decided",
    TAKEN: "Taken without a decision",
    WITHDRAWN: "Taken back",
}


@dataclass(frozen=True)
class Listed:
    """One item of an agenda, as far as the order and the end of a meeting ask for it."""

    number: int
    title: str
    kind: str
    state: str


def cannot_become(state: str, wanted: str) -> str:
    """Why a meeting in a state cannot go to another; empty when it can."""
    if _BEFORE.get(wanted) == state:
        return ""
    return f"the meeting is {STATES[state].lower()}, so it cannot become {STATES[wanted].lower()}"


def cannot_open(on: date, today: date, secretary: str, chair: str) -> str:
    """Why a planned meeting cannot be opened; empty when it can: on its day or after it, by a body that can meet."""
    if on > today:
        return f"the meeting is on {day_text(on)}, which has not come yet"
    if not chair:
        return "nobody holds the chair or vice chair on that day"
    return "" if secretary else "nobody holds the secretary's seat on that day"


def cannot_close(items: Iterable[Listed]) -> str:
    """Why an open meeting cannot end: an item for decision that has no outcome."""
    left = [each for each in items if each.kind in DECIDED_KINDS and each.state == LISTED]
    if not left:
        return ""
    names = "; ".join(f"{each.number} {each.title}" for each in sorted(left, key=lambda each: each.number))
    return f"these items have no outcome yet: {names}"


def minute(meeting: int, item: int) -> str:
    """The reference of a minute: the meeting's number in its body, a point, the item's number."""
    return f"{meeting}.{item}"


def renumbered(order: Iterable[int], moved: int, to: int) -> tuple[int, ...]:
    """The order of an agenda after an item was put at a place, the first being 1; a place beyond the end is the end."""
    left = [each for each in order if each != moved]
    left.insert(max(0, min(to - 1, len(left))), moved)
    return tuple(left)
