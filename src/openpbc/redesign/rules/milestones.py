"""Whether a case keeps up with the milestone of the review of acute services on which it hangs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ON_TIME, LATE, NOT_DUE, NO_DATE, DROPPED, ENDED = "on time", "late", "not yet due", "no date", "dropped", "ended"


@dataclass(frozen=True)
class Lateness:
    """How a case stands against its milestone; ``days`` are those by which it is late, else nought."""

    state: str
    days: int = 0

    @property
    def text(self) -> str:
        """It in words."""
        if self.state == LATE:
            return f"{self.days:,} day{'' if self.days == 1 else 's'} late"
        return {DROPPED: "the milestone was dropped", ENDED: "the case ended without it"}.get(self.state, self.state)


def lateness(due: date | None, began: date | None, on: date, *, dropped: bool = False, ended: bool = False) -> Lateness:
    """Hold a case against the last day that its milestone may mean.

    A case has kept up when its service ``began`` by then; one that has not begun is late from the day after, until it
    begins or ends. A month covers all of its days, so it is over only with its last one.
    """
    if dropped:
        return Lateness(DROPPED)
    if ended and began is None:
        return Lateness(ENDED)
    if due is None:
        return Lateness(NO_DATE)
    if (late := ((began or on) - due).days) > 0:
        return Lateness(LATE, late)
    return Lateness(NOT_DUE if began is None else ON_TIME)
