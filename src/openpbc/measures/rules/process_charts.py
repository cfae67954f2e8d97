"""Charts that tell signal from noise: the XmR chart of one series in time, and the funnel of many providers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from openpbc.measures.rules.rates import WILSON, Z_95, Z_998, Interval, root

# The constants of the XmR chart: three sigma of a moving range of two, and the limit of the ranges themselves.
SIGMAS = Fraction("2.66")
RANGE_LIMIT = Fraction("3.267")
FEWEST = 3


@dataclass(frozen=True)
class Limits:
    """Mean and natural limits of a series."""

    mean: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Signal:
    """A sign that a point is not noise: its place in the series (0 the first) and the rule that it meets."""

    at: int
    rule: str


@dataclass(frozen=True)
class RunRules:
    """How many points in a row are a signal: on one side of the mean, and all rising or all falling."""

    shift: int
    trend: int


def limits(values: Sequence[Fraction], *, screened: bool = True) -> Limits | None:
    """Give mean and limits by the mean moving range; ``screened`` leaves out ranges beyond their own limit, once.

    Fewer than three points have no limits.
    """
    if len(values) < FEWEST:
        return None
    mean = sum(values, Fraction(0)) * Fraction(1, len(values))
    ranges = [abs(after - before) for before, after in zip(values, values[1:], strict=False)]
    middle = _mean(ranges)
    if screened:
        kept = [each for each in ranges if each <= RANGE_LIMIT * middle]
        middle = _mean(kept) if kept else middle
    return Limits(mean, mean - SIGMAS * middle, mean + SIGMAS * middle)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) * Fraction(1, len(values))


def signals(values: Sequence[Fraction], found: Limits, rules: RunRules) -> tuple[Signal, ...]:
    """Find the points outside the limits, the runs on one side of the mean, and the runs up or down."""
    outside = [Signal(at, "outside the limits") for at, v in enumerate(values) if not found.low <= v <= found.high]
    sides = [(v > found.mean) - (v < found.mean) for v in values]
    moves = [0, *((after > before) - (after < before) for before, after in zip(values, values[1:], strict=False))]
    shifts = [Signal(at, "a run on one side of the mean") for at in _runs(sides, rules.shift)]
    trends = [Signal(at, "a run up or down") for at in _runs(moves, rules.trend - 1)]
    return tuple(sorted({*outside, *shifts, *trends}, key=lambda signal: (signal.at, signal.rule)))


def _runs(signs: Sequence[int], length: int) -> list[int]:
    """Give the places at which a run of equal signs (nought breaks it) has reached the length."""
    found, run, last = [], 0, 0
    for at, sign in enumerate(signs):
        run = run + 1 if sign and sign == last else int(sign != 0)
        last = sign
        if run >= length:
            found.append(at)
    return found


def funnel(target: Fraction, exposure: int, method: str, z: Fraction) -> Interval:
    """Give the limits within which a rate about a target lies by chance, for a provider of this size."""
    spread = target * (1 - target) if method == WILSON else target
    half = z * root(max(spread, Fraction(0)) * Fraction(1, exposure))
    high = min(target + half, Fraction(1)) if method == WILSON else target + half
    return Interval(max(target - half, Fraction(0)), high)


def funnel_word(value: Fraction, target: Fraction, exposure: int, method: str) -> str:
    """Say where a rate lies in the funnel."""
    inner, outer = (funnel(target, exposure, method, z) for z in (Z_95, Z_998))
    if not outer.low <= value <= outer.high:
        return "far outside"
    return "within" if inner.low <= value <= inner.high else "outside"
