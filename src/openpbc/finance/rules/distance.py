"""Distance from fair share: how far budgets lie from the weighted share of their own total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.kernel.money import ratio_ppm, share_out


@dataclass(frozen=True)
class Distance:
    """A budget, its fair share of the total, and the gap (negative: below its share). ``ppm`` is of the fair share."""

    code: str
    value: int
    fair_share: int
    distance: int
    ppm: int | None


def distances(values: Mapping[str, int], total: int, weights: Mapping[str, int]) -> dict[str, Distance]:
    """Compare budgets with the weighted shares of a control total.

    The control total may differ by rounding from the sum of the values (published totals do), so it is given.
    """
    shares = share_out(total, weights)
    return {code: _distance(code, value, shares[code]) for code, value in values.items()}


def _distance(code: str, value: int, fair_share: int) -> Distance:
    gap = value - fair_share
    return Distance(code, value, fair_share, gap, ratio_ppm(gap, fair_share) if fair_share else None)
