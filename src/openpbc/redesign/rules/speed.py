"""How fast cases move and how evenly: spreads of days with the cases behind them, and what became of each hand-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openpbc.kernel.money import ratio_ppm, round_div
from openpbc.kernel.periods import months_after
from openpbc.kernel.steps import Step
from openpbc.redesign.rules.clocks import Stay, reached
from openpbc.redesign.rules.transitions import CARRY_OUT, DRAFTING, GROUPS, LIVE, PLANNING, PRIORITISED, WITHDRAWN

MEDIAN, MEAN, LONGEST, COUNT, APPROVAL_RATE = "median", "mean", "longest", "count", "approval-rate"
APPROVED, RETURNED, REJECTED, REROUTED, SENT_BACK, TAKEN_BACK = (
    "approved", "returned", "rejected", "another route", "sent back before a decision", "withdrawn",
)  # fmt: skip
_DECIDES = {"T11": APPROVED, "T12": RETURNED, "T13": REJECTED, "T14": REROUTED}
# What the register says of a decision that ends a hand-in in a certain way.
RECORDED_AS = {_DECIDES[way]: said for said, ways in CARRY_OUT.items() for way in ways}
_HANDS_IN = frozenset({"T04", "W06"})
# Where work goes back to before anybody has decided.
_BACK = frozenset({DRAFTING, PLANNING})


@dataclass(frozen=True)
class Move:
    """One step of a case as the reports look at it."""

    way: str
    to: str
    on: date


@dataclass(frozen=True)
class Round:
    """One hand-in and what became of it; without an outcome it still waits. ``body`` is who decided, where known."""

    number: int
    title: str
    handed_in: date
    ended: date | None = None
    outcome: str = ""
    body: str = ""
    route: str = ""

    @property
    def decided(self) -> bool:
        """Whether somebody who may decide did so."""
        return self.outcome in _DECIDES.values()

    def days(self, today: date) -> int:
        """Days from the hand-in to its end, or to today."""
        return ((self.ended or today) - self.handed_in).days

    def late(self, weeks: int, today: date) -> bool:
        """Whether the decision came, or has not come, after the weeks in which it is due."""
        due = self.handed_in + timedelta(weeks=weeks)
        return (self.decided or not self.outcome) and (self.ended or today) > due


@dataclass(frozen=True)
class Took:
    """How many days one case took."""

    number: int
    title: str
    days: int


@dataclass(frozen=True)
class Spread:
    """Days of several cases, the shortest first: every figure of it can name the cases behind it."""

    took: tuple[Took, ...]

    @property
    def count(self) -> int:
        """How many cases stand behind the figures."""
        return len(self.took)

    @property
    def median(self) -> int | None:
        """The middle; between two middle ones half way, in whole days."""
        if not self.took:
            return None
        return round_div(self._low.days + self._high.days, 2)

    @property
    def mean(self) -> int | None:
        """The average in whole days."""
        return round_div(sum(each.days for each in self.took), self.count) if self.took else None

    @property
    def longest(self) -> int | None:
        """The longest."""
        return self.took[-1].days if self.took else None

    def value(self, figure: str) -> int | None:
        """One of its figures by name."""
        return {MEDIAN: self.median, MEAN: self.mean, LONGEST: self.longest, COUNT: self.count}[figure]

    def steps(self, figure: str) -> tuple[Step, ...]:
        """How one of its figures comes about; the steps add up to it."""
        if not self.took:
            return ()
        if figure == LONGEST:
            return (_step("longest", self.took[-1], self.took[-1].days),)
        if figure == COUNT:
            return tuple(_step("case-counted", each, 1) for each in self.took)
        if figure == MEAN:
            total = sum(each.days for each in self.took)
            label = f"{total} days of {self.count} cases, divided among them and rounded to a whole day"
            return (Step("mean", label, round_div(total, self.count), _all(self.took)),)
        low, high, half = self._low, self._high, (self.median or 0) - self._low.days
        first = Step("median", f"The middle of {self.count}: case {low.number}, {low.title}", low.days, _all(self.took))
        if high is low:
            return (first,)
        label = f"Half of the way to the other in the middle: case {high.number}, {high.title}, {high.days} days"
        return (first, Step("median", label, half))

    @property
    def _low(self) -> Took:
        return self.took[(self.count - 1) // 2]

    @property
    def _high(self) -> Took:
        return self.took[self.count // 2]


def _step(rule: str, took: Took, effect: int) -> Step:
    return Step(rule, f"Case {took.number}, {took.title}", effect, (("days", f"{took.days}"),))


def _all(took: Sequence[Took]) -> tuple[tuple[str, str], ...]:
    return tuple((f"case {each.number}", f"{each.days} days") for each in took)


def spread(took: Iterable[Took]) -> Spread:
    """Put days in order."""
    return Spread(tuple(sorted(took, key=lambda each: (each.days, each.number))))


def beside(held: Spread, every: Spread) -> int | None:
    """How many days more or less the middle of some cases took than the middle of all; none without a case."""
    return None if held.median is None or every.median is None else held.median - every.median


def rounds(number: int, title: str, moves: Sequence[Move]) -> tuple[Round, ...]:
    """Every hand-in of a case with its end: a decision, work sent back before one, a withdrawal, or none yet."""
    found: list[Round] = []
    handed_in: date | None = None
    for move in moves:
        if move.way in _HANDS_IN or (move.way == "T20" and move.to == GROUPS):
            handed_in = move.on
        elif handed_in is not None and (outcome := _ended(move)):
            found.append(Round(number, title, handed_in, move.on, outcome))
            # A body that names another route asks the groups again: that answer waits for a decision from this day.
            handed_in = move.on if outcome == REROUTED else None
    return (*found, Round(number, title, handed_in)) if handed_in is not None else tuple(found)


def _ended(move: Move) -> str:
    if move.way in _DECIDES:
        return _DECIDES[move.way]
    if move.to == WITHDRAWN:
        return TAKEN_BACK
    return SENT_BACK if move.to in _BACK and move.way != "T23B" else ""


@dataclass(frozen=True)
class Fairness:
    """What became of the hand-ins of one group, body or route, and how long a decision took."""

    rounds: tuple[Round, ...]
    spread: Spread

    def ended_as(self, outcome: str) -> int:
        """How many ended in a certain way; "" counts those that wait."""
        return sum(each.outcome == outcome for each in self.rounds)

    @property
    def decided(self) -> int:
        """How many were decided."""
        return self.spread.count

    @property
    def approval_rate(self) -> int | None:
        """Approvals among decisions, in parts per million; none where nothing was decided."""
        return ratio_ppm(self.ended_as(APPROVED), self.decided) if self.decided else None


def fairness(found: Iterable[Round], today: date) -> Fairness:
    """Count outcomes and order the days of decisions."""
    kept = tuple(found)
    return Fairness(kept, spread(Took(each.number, each.title, each.days(today)) for each in kept if each.decided))


@dataclass(frozen=True)
class Overdue:
    """Of some cases those that were put to a decision, and among them those of which one came, or is, too late.

    A case counts once, however often it was handed in; work that was sent back or taken back was not put to a decision.
    """

    cases: int
    measured: tuple[Round, ...]
    late: tuple[Round, ...]

    @property
    def share(self) -> int | None:
        """Overdue cases among those put to a decision, in parts per million; none where none was."""
        return ratio_ppm(len(self.late), len(self.measured)) if self.measured else None


def overdue(cases: int, found: Iterable[Round], weeks: int, today: date) -> Overdue:
    """Hold the hand-ins of some cases against the weeks in which a decision is due; each case counts once."""
    measured: dict[int, Round] = {}
    late: dict[int, Round] = {}
    for each in found:
        if each.decided or not each.outcome:
            measured[each.number] = each
            if each.late(weeks, today):
                late[each.number] = each
    return Overdue(cases, tuple(measured.values()), tuple(late.values()))


def over_months(stays: Sequence[Stay], months: int, today: date) -> bool:
    """Whether a case takes, or took, more calendar months than some from its agreed priority to its start."""
    start = reached(stays, PRIORITISED)
    return start is not None and (reached(stays, LIVE) or today) > months_after(start, months)
