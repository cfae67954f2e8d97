"""Where the best quarter of a peer group begins, by one of two methods, and what reaching it would free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from openpbc.kernel.money import round_div
from openpbc.kernel.problems import UserError
from openpbc.measures.rules.declaring import Better

INCLUSIVE, EXCLUSIVE = "inclusive", "exclusive"
METHODS = {
    INCLUSIVE: "linear between the peers, lowest and highest included",
    EXCLUSIVE: "linear between the peers, lowest and highest excluded",
}
QUARTER = Fraction(1, 4)
MONTHS_OF_YEAR = 12


def quantile(values: Sequence[Fraction | int], share: Fraction, method: str = INCLUSIVE) -> Fraction | None:
    """Give the value below which a share of the values lies; None where the method cannot say it for so few."""
    if method not in METHODS:
        raise UserError(f"'{method}' is no way of finding a quartile", do=f"Use {' or '.join(METHODS)}.")
    ordered = sorted(Fraction(value) for value in values)
    place = share * (len(ordered) - 1) if method == INCLUSIVE else share * (len(ordered) + 1) - 1
    if not ordered or not 0 <= place <= len(ordered) - 1:
        return None
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def resting_on(values: Mapping[str, Fraction], better: Better, method: str = INCLUSIVE) -> frozenset[str]:
    """Name those whose values say where the best quarter begins: without one of them it might begin elsewhere."""
    found = best_quarter(list(values.values()), better, method)
    if found is None:
        return frozenset()
    below = max((value for value in values.values() if value <= found), default=found)
    above = min((value for value in values.values() if value >= found), default=found)
    return frozenset(code for code, value in values.items() if value in (below, above))


def best_quarter(values: Sequence[Fraction | int], better: Better, method: str = INCLUSIVE) -> Fraction | None:
    """Give the threshold of the best quarter: the lower quartile where low is good, the upper where high is good."""
    if better is Better.UNSETTLED:
        return None
    return quantile(values, QUARTER if better is Better.LOW else 1 - QUARTER, method)


def quarter_of(
    value: Fraction, values: Sequence[Fraction | int], better: Better, method: str = INCLUSIVE
) -> int | None:
    """Give the quarter in which a value lies, 1 the best; a value on a threshold belongs to the better quarter."""
    if better is Better.UNSETTLED:
        return None
    shares = [QUARTER * step for step in (1, 2, 3)]
    bounds = [quantile(values, share if better is Better.LOW else 1 - share, method) for share in shares]
    for number, bound in enumerate(bounds, start=1):
        if bound is None:
            return None
        if (value <= bound) if better is Better.LOW else (value >= bound):
            return number
    return 4


@dataclass(frozen=True)
class Opportunity:
    """What reaching the best quarter would change: gap of the rate, units of the numerator, pence and pence a year."""

    gap: Fraction
    units: Fraction
    pence: int | None
    pence_a_year: int | None


def opportunity(
    value: Fraction, threshold: Fraction, better: Better, denominator: int, unit_pence: Fraction | None, months: int
) -> Opportunity:
    """Work out the opportunity of one provider over a period of months; a unit without a price has no pounds.

    The gap is nought for whoever is in the best quarter already.
    """
    gap = max(Fraction(0), value - threshold if better is Better.LOW else threshold - value)
    units = gap * denominator
    if unit_pence is None:
        return Opportunity(gap, units, None, None)
    worth = units * unit_pence
    year = worth * Fraction(MONTHS_OF_YEAR, months)
    return Opportunity(gap, units, _pence(worth), _pence(year))


def _pence(worth: Fraction) -> int:
    return round_div(worth.numerator, worth.denominator)


def overlapping(chosen: Sequence[str], overlaps: dict[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """Name the pairs among chosen measures whose opportunities count the same activity: they may not be added."""
    pairs = {
        (min(one, other), max(one, other))
        for one in chosen
        for other in chosen
        if one != other and (other in overlaps.get(one, ()) or one in overlaps.get(other, ()))
    }
    return tuple(sorted(pairs))
