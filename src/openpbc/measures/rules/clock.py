"""The clock of a pathway from referral to treatment: what starts it, stops it or wipes it out, and how long it ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

DAYS_OF_WEEK = 7
START, CONTINUE, STOP, NULLIFY, OUTSIDE, UNKNOWN = "start", "continue", "stop", "nullify", "outside", "unknown"
RUNNING, STOPPED, NULLIFIED = "running", "stopped", "nullified"
ADMITTED, NON_ADMITTED, INCOMPLETE = "admitted", "non-admitted", "incomplete"


@dataclass(frozen=True)
class Event:
    """One contact of a pathway: its day, its status code, whether it is an admission, or of an urgent cancer referral.

    ``pause_days`` are days before it during which the patient asked to wait.
    """

    on: date
    status: str
    admission: bool = False
    two_week_wait: bool = False
    pause_days: int = 0


@dataclass(frozen=True)
class ClockLaw:
    """What each status does, whether pauses are taken off an admitted wait, and the limit in weeks."""

    effects: Mapping[str, str]
    pauses: bool
    weeks: int


@dataclass(frozen=True)
class Clock:
    """One clock: from a start to a stop, wiped out, or still running."""

    started: date
    ended: date | None
    state: str
    admitted: bool = False
    pause_days: int = 0

    @property
    def part(self) -> str:
        """The part of the return to which it belongs; a nullified one belongs to none."""
        if self.state == NULLIFIED:
            return ""
        return INCOMPLETE if self.state == RUNNING else ADMITTED if self.admitted else NON_ADMITTED

    def days(self, until: date, law: ClockLaw) -> int:
        """Whole days that it ran, to its end or to a day; pauses come off an admitted wait where the law says so."""
        ran = ((self.ended or until) - self.started).days
        return ran - self.pause_days if law.pauses and self.part == ADMITTED else ran

    def within(self, until: date, law: ClockLaw) -> bool:
        """Whether it ran at most the weeks of the limit."""
        return self.days(until, law) <= law.weeks * DAYS_OF_WEEK


def clocks(referred: date | None, events: Iterable[Event], law: ClockLaw) -> tuple[Clock, ...]:
    """Run the clocks of one pathway: the day on which the referral was received starts the first one.

    A start while a clock runs goes on with it. A first appointment that was missed wipes the clock out, as if it had
    never started, but not that of an urgent cancer referral. What stands outside the clock changes nothing.
    """
    found: list[Clock] = []
    started, paused = referred, 0
    for event in sorted(events, key=lambda each: each.on):
        effect = law.effects.get(event.status, UNKNOWN)
        if effect == START and started is None:
            started, paused = event.on, 0
        if started is None:
            continue
        paused += event.pause_days
        if effect == STOP:
            found.append(Clock(started, event.on, STOPPED, event.admission, paused))
            started = None
        elif effect == NULLIFY and not event.two_week_wait:
            found.append(Clock(started, event.on, NULLIFIED))
            started = None
    if started is not None:
        found.append(Clock(started, None, RUNNING, False, paused))
    return tuple(found)


@dataclass(frozen=True)
class Stage:
    """A stage of treatment and the weeks that it may take."""

    code: str
    title: str
    weeks: int


def stages_met(days: Mapping[str, int | None], stages: Iterable[Stage]) -> dict[str, bool | None]:
    """Tell for each stage whether its days lie within its weeks; None where a day of the stage is missing."""
    told = {stage.code: (days.get(stage.code), stage.weeks * DAYS_OF_WEEK) for stage in stages}
    return {code: None if ran is None else ran <= most for code, (ran, most) in told.items()}


def share_met(met: Iterable[bool | None]) -> Fraction | None:
    """Give the share of those with known days that lie within the weeks."""
    known = [each for each in met if each is not None]
    return Fraction(sum(known), len(known)) if known else None
