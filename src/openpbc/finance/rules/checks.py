"""Printed against recomputed: every difference is named, weighed against a tolerance, and never mended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openpbc.kernel.money import PPM, round_div


class Verdict(StrEnum):
    """What a comparison found; *rounding* is a difference within the stated tolerance."""

    EXACT = "exact"
    ROUNDING = "rounding"
    UNEXPLAINED = "unexplained"


def verdict(difference: int, tolerance: int) -> Verdict:
    """Judge a difference, both in one unit."""
    if not difference:
        return Verdict.EXACT
    return Verdict.ROUNDING if abs(difference) <= tolerance else Verdict.UNEXPLAINED


@dataclass(frozen=True)
class Recomputed:
    """A result as an exact fraction of whole numbers, and the grid on which it is printed.

    Money is in pence (a grid of 100,000 prints whole thousands of pounds), rates in parts per million.
    """

    numerator: int
    denominator: int
    grid: int

    @property
    def value(self) -> int:
        """The result rounded once, to the grid."""
        return round_div(self.numerator, self.denominator * self.grid) * self.grid


def total_of(amounts: tuple[int, ...], grid: int) -> Recomputed:
    """Add up signed amounts."""
    return Recomputed(sum(amounts), 1, grid)


def growth_of(before: int, after: int, grid: int) -> Recomputed:
    """Growth from one amount to another as a rate; the amount before must be positive."""
    return Recomputed((after - before) * PPM, before, grid)


def rate_of(rate: int, amounts: tuple[int, ...], grid: int) -> Recomputed:
    """A rate (parts per million) of the sum of amounts."""
    return Recomputed(rate * sum(amounts), PPM, grid)
