"""What the commissioner's own operational plan holds: pledges, productivity, and the documents that it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

KINDS: Mapping[str, str] = {
    "pledge": "Pledge of the region",
    "productivity": "Productivity plan",
    "framework": "Framework or document",
}
OPEN, UNDER_WAY, DONE = "not begun", "under way", "done"
STATES = (OPEN, UNDER_WAY, DONE)


def is_late(state: str, due: date | None, today: date) -> bool:
    """Whether something is not done though its day has passed; what has no day is never late."""
    return state != DONE and due is not None and due < today
