"""Pace of change: how fast budgets move towards their targets, and who has to move at all.

Distance from target is (current - target) / target. Each year every group gets at least its least growth, and those
below target get more, up to the largest step, never past the target; what nobody may take stays unallocated and is
reported. If the money does not even reach the least growth, everybody's is scaled down alike and a finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import PPM, ratio_ppm, round_div, share_out


@dataclass(frozen=True)
class PaceParameters:
    """Least growth in a year and largest step in a year, in parts per million of the budget before."""

    minimum_growth: int
    largest_step: int


@dataclass(frozen=True)
class Standing:
    """A group or practice in one year: what it has, its target, what it gets, all in pence."""

    code: str
    before: int
    target: int
    amount: int

    @property
    def distance(self) -> int | None:
        """Distance from target after the year's step, in parts per million; none without a target."""
        return distance_ppm(self.amount, self.target)

    @property
    def distance_before(self) -> int | None:
        """Distance from this year's target of what it had before."""
        return distance_ppm(self.before, self.target)


@dataclass(frozen=True)
class PaceYear:
    """One year: pot = amounts + unallocated, exactly."""

    pot: int
    standings: tuple[Standing, ...]
    unallocated: int
    findings: tuple[Finding, ...]

    @property
    def amounts(self) -> dict[str, int]:
        """What each gets."""
        return {standing.code: standing.amount for standing in self.standings}


def distance_ppm(current: int, target: int) -> int | None:
    """(current - target) / target in parts per million; a budget without a target has no distance."""
    return ratio_ppm(current - target, target) if target > 0 else None


def must_progress(current: int, target: int, threshold: int) -> bool:
    """Tell whether a budget lies further from its target than the threshold (ppm) on either side."""
    return target > 0 and abs(current - target) * PPM > threshold * target


def pace(
    budgets: Mapping[str, int], shares: Mapping[str, int], pots: Sequence[int], parameters: PaceParameters
) -> tuple[PaceYear, ...]:
    """Walk from today's budgets towards the shares of each year's pot; the result of a year is where the next starts.

    ``shares`` are whole-number weights of the same codes; no amount, share or pot may be negative.
    """
    if set(budgets) != set(shares):
        raise ValueError("budgets and shares name the same groups")
    if any(value < 0 for value in (*budgets.values(), *pots)):
        raise ValueError("no budget and no pot may be negative")
    years: list[PaceYear] = []
    current = dict(sorted(budgets.items()))
    for number, pot in enumerate(pots, start=1):
        year = _year(number, current, share_out(pot, shares), pot, parameters)
        years.append(year)
        current = year.amounts
    return tuple(years)


def _year(
    number: int, current: Mapping[str, int], targets: Mapping[str, int], pot: int, parameters: PaceParameters
) -> PaceYear:
    floors = {code: _grown(value, parameters.minimum_growth) for code, value in current.items()}
    needed = sum(floors.values())
    findings: tuple[Finding, ...] = ()
    if needed > pot:
        sentence = f"Year {number}: the money does not reach the least growth; every budget is scaled down alike."
        findings = (Finding("PACE-01", Level.WARNING, Place(), sentence),)
        floors = share_out(pot, floors)
    left = pot - sum(floors.values())
    room = {
        code: max(0, min(targets[code], _grown(value, parameters.largest_step)) - floors[code])
        for code, value in current.items()
    }
    wanted = sum(room.values())
    steps = share_out(left, room) if wanted > left else room
    standings = tuple(
        Standing(code, value, targets[code], floors[code] + steps[code]) for code, value in current.items()
    )
    return PaceYear(pot, standings, left - sum(steps.values()), findings)


def _grown(value: int, growth: int) -> int:
    return round_div(value * (PPM + growth), PPM)
