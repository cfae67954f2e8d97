"""When files of a month are due, on which working day one came, and in what state a month stands.

Moments are local: what counts is the date and time of the day that the wall clock shows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from openpbc.kernel.periods import Month, working_day, working_day_index

PUBLISHED, FALLBACK, NOT_SET = "published", "fallback", "not set"


@dataclass(frozen=True)
class Clock:
    """What working days are counted with: the time of the day by which a file must be in, and the holidays."""

    cut_off: time
    holidays: Collection[date]

    def day_of(self, moment: datetime) -> date:
        """Give the day for which something that came at a moment counts: at the cut-off or later, the next one."""
        return moment.date() + timedelta(days=moment.time() >= self.cut_off)

    def working_day_of(self, month: Month, moment: datetime) -> int:
        """Give the working day after an activity month on which something came; 0 if before the month had ended."""
        return working_day_index(month, self.day_of(moment), self.holidays)


@dataclass(frozen=True)
class Dates:
    """The dates of one activity month: in by the inclusion date, taken on the extract date; None where none is set.

    ``basis`` says whether they were published, are the fallback by working days, or are not set.
    """

    month: Month
    flex: date | None
    flex_extract: date | None
    freeze: date | None
    freeze_extract: date | None
    basis: str

    def flex_is_over(self, clock: Clock, moment: datetime) -> bool:
        """Tell whether what comes at a moment comes too late for the reconciliation point."""
        return self.flex is not None and clock.day_of(moment) > self.flex

    def freeze_is_over(self, clock: Clock, moment: datetime) -> bool:
        """Tell whether what comes at a moment comes too late for the post-reconciliation point."""
        return self.freeze is not None and clock.day_of(moment) > self.freeze


def fallback(month: Month, flex_day: int, freeze_day: int, holidays: Collection[date]) -> Dates:
    """Give the dates of a month for which none are published: a working day of the next month and of the one after."""
    flex, freeze = working_day(month, flex_day, holidays), working_day(month.next(), freeze_day, holidays)
    return Dates(month, flex, None, freeze, None, FALLBACK)


class State(StrEnum):
    """How far an activity month of one provider and data set has come."""

    OPEN = "open"
    FLEX = "flex"
    CHALLENGE = "challenge"
    FROZEN = "frozen"
    SETTLED = "settled"


@dataclass(frozen=True)
class Progress:
    """What the state is derived from: points that have passed, closes that were made, and whether a file waits."""

    flex_over: bool
    freeze_over: bool
    closed_at_flex: bool
    closed_at_freeze: bool
    waits: bool


def state_of(progress: Progress) -> State:
    """Derive the state: settled once closed at freeze with nothing waiting; frozen, challenge, flex and open before."""
    if progress.closed_at_freeze and not progress.waits:
        return State.SETTLED
    if progress.closed_at_freeze or progress.freeze_over:
        return State.FROZEN
    if progress.closed_at_flex:
        return State.CHALLENGE
    return State.FLEX if progress.flex_over else State.OPEN
