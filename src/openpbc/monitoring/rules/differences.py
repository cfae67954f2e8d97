"""Why two runs of one month differ: each unit of activity says what it takes from a line or brings to it, and why.

A unit that is in both runs goes from the old line to the new one in two moves: first who answers for it changes
(attribution), then what it is or what it costs. So causes add up to the whole difference, line by line and in pence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

NEW, REMOVED, REATTRIBUTED, CHANGED, REPRICED = "new", "removed", "reattributed", "changed", "repriced"
CAUSES = (NEW, REMOVED, CHANGED, REATTRIBUTED, REPRICED)
CAUSE_WORDS = {
    NEW: "New records",
    REMOVED: "Records that are gone",
    CHANGED: "Records that say something else",
    REATTRIBUTED: "The same records, attributed to another",
    REPRICED: "The same records, at another price",
}


@dataclass(frozen=True)
class Line:
    """Where a unit of activity is counted."""

    unit: str
    budget_line: str
    practice: str
    commissioner: str
    provider: str
    stream: str
    pod: str
    status: str


@dataclass(frozen=True)
class Counted:
    """A unit of activity in one run: where it is counted, what the records say of it, and what it costs in pence."""

    line: Line
    hrg: str
    los: int
    excess_bed_days: int
    episodes: int
    charge: int
    price: int

    @property
    def attribution(self) -> tuple[str, str, str, str]:
        """Who answers for it."""
        return self.line.unit, self.line.budget_line, self.line.practice, self.line.commissioner

    @property
    def content(self) -> tuple[str, str, int, int, int]:
        """What its records say."""
        return self.line.pod, self.hrg, self.los, self.excess_bed_days, self.episodes


@dataclass(frozen=True)
class Effect:
    """What one cause does to one line: units of activity and pence."""

    cause: str
    line: Line
    activity: int
    charge: int
    price: int


def effects(before: Counted | None, after: Counted | None) -> Iterator[Effect]:
    """Give what the change of one unit does to the lines; nothing where it did not change."""
    if before is None or after is None:
        if after is not None:
            yield _move(NEW, after, 1)
        if before is not None:
            yield _move(REMOVED, before, -1)
        return
    moved = before
    if before.attribution != after.attribution:
        own = dict(zip(("unit", "budget_line", "practice", "commissioner"), after.attribution, strict=True))
        moved = replace(before, line=replace(before.line, **own))
        yield _move(REATTRIBUTED, before, -1)
        yield _move(REATTRIBUTED, moved, 1)
    if moved != after:
        cause = CHANGED if before.content != after.content else REPRICED
        yield _move(cause, moved, -1)
        yield _move(cause, after, 1)


def _move(cause: str, unit: Counted, sign: int) -> Effect:
    return Effect(cause, unit.line, sign, sign * unit.charge, sign * unit.price)
