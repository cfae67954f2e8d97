"""Rates as exact fractions, their 95% intervals (Wilson for shares, Byar for rates), and the least that is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

WILSON, BYAR = "wilson", "byar"
# The points of the normal distribution that leave 2.5% and 0.1% outside at each end.
Z_95 = Fraction("1.959963984540054")
Z_998 = Fraction("3.090232306167813")
_SCALE = 10**12


@dataclass(frozen=True)
class Interval:
    """The two ends of an interval of a rate."""

    low: Fraction
    high: Fraction


def rate(numerator: int, denominator: int, minimum: int) -> Fraction | None:
    """Give numerator over denominator; nothing where the denominator is too small to say anything."""
    return Fraction(numerator, denominator) if denominator >= max(1, minimum) else None


def root(square: Fraction) -> Fraction:
    """Give the square root to twelve decimals, rounded down: the same on every machine."""
    if square < 0:
        raise ValueError("a square may not be negative")
    return Fraction(isqrt(square.numerator * _SCALE * _SCALE * square.denominator), _SCALE * square.denominator)


def wilson(part: int, whole: int, z: Fraction = Z_95) -> Interval:
    """Give Wilson's score interval of a share; the part may not exceed the whole."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError("a share needs a part of a whole")
    square = z * z
    share = Fraction(1, whole + square)
    centre = (part + square * Fraction(1, 2)) * share
    spread = z * share * root(Fraction(part * (whole - part), whole) + square * Fraction(1, 4))
    return Interval(max(centre - spread, Fraction(0)), min(centre + spread, Fraction(1)))


def byar(count: int, exposure: int, z: Fraction = Z_95) -> Interval:
    """Give Byar's interval of a rate of counted events over an exposure."""
    if count < 0 or exposure <= 0:
        raise ValueError("a rate needs a count and an exposure")
    return Interval(_byar_low(count, z) * Fraction(1, exposure), _byar_high(count, z) * Fraction(1, exposure))


def _byar_low(count: int, z: Fraction) -> Fraction:
    if count == 0:
        return Fraction(0)
    inner = 1 - Fraction(1, 9 * count) - z * Fraction(1, 3) * root(Fraction(1, count))
    return Fraction(count) * max(inner, Fraction(0)) ** 3


def _byar_high(count: int, z: Fraction) -> Fraction:
    above = count + 1
    inner = 1 - Fraction(1, 9 * above) + z * Fraction(1, 3) * root(Fraction(1, above))
    return Fraction(above) * inner**3


def interval(method: str, numerator: int, denominator: int) -> Interval | None:
    """Give the 95% interval by the method that a measure declares; none where it declares none."""
    if method == WILSON and 0 <= numerator <= denominator and denominator:
        return wilson(numerator, denominator)
    return byar(numerator, denominator) if method == BYAR and denominator > 0 and numerator >= 0 else None


def millionths(value: Fraction) -> int:
    """Give a fraction in parts per million, rounded once, half away from zero."""
    size = (abs(value.numerator) * 2_000_000 + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def indirect(observed: int, strata: tuple[tuple[int, Fraction], ...]) -> Fraction | None:
    """Give observed over expected, where each stratum is a size and the reference rate in it."""
    expected = sum((size * reference for size, reference in strata), Fraction(0))
    return Fraction(observed) * Fraction(expected.denominator, expected.numerator) if expected else None
