"""How long a case took: days in each stage, from its agreement as a priority to approval and to its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.steps import Step
from openpbc.redesign.rules.transitions import APPROVED, LIVE, PRIORITISED, REVIEW

IN_STAGE = "days-in-stage"


@dataclass(frozen=True)
class Stay:
    """One stay in a stage; one that goes on has no last day."""

    stage: str
    since: date
    until: date | None = None

    def days(self, today: date) -> int:
        """Days from the first to the last, or to today."""
        return ((self.until or today) - self.since).days


def days_by_stage(stays: Sequence[Stay], today: date) -> dict[str, int]:
    """Days in each stage, stays in one stage added up, in the order in which stages were first reached."""
    found: dict[str, int] = {}
    for stay in stays:
        found[stay.stage] = found.get(stay.stage, 0) + stay.days(today)
    return found


def reached(stays: Sequence[Stay], stage: str) -> date | None:
    """The day on which a stage was first reached."""
    return next((stay.since for stay in stays if stay.stage == stage), None)


def whole_clock(stays: Sequence[Stay], today: date) -> int | None:
    """Days from the agreement as a priority until the service began, or until today; none before that agreement."""
    return _between(stays, PRIORITISED, LIVE, today)


def approval_clock(stays: Sequence[Stay], today: date) -> int | None:
    """Days from the first hand-in until the approval, or until today; none before the case was handed in."""
    return _between(stays, REVIEW, APPROVED, today)


def _between(stays: Sequence[Stay], first: str, last: str, today: date) -> int | None:
    start = reached(stays, first)
    return None if start is None else ((reached(stays, last) or today) - start).days


def clock_steps(stays: Sequence[Stay], today: date, names: dict[str, str]) -> tuple[Step, ...]:
    """The whole clock as steps, a stay each, from the agreement as a priority until the service began."""
    start, end = reached(stays, PRIORITISED), reached(stays, LIVE) or today
    if start is None:
        return ()
    within = [stay for stay in stays if stay.since >= start and stay.since <= end and stay.stage != LIVE]
    return tuple(
        Step(IN_STAGE, names.get(stay.stage, stay.stage), (min(stay.until or today, end) - stay.since).days,
             (("from", f"{stay.since}"), ("to", f"{stay.until or today}")))
        for stay in within
    )  # fmt: skip
