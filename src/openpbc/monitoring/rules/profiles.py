"""How a year's budget is spread over twelve months: the parts always add up to the budget, to the penny."""

from __future__ import annotations

from collections.abc import Sequence

from openpbc.kernel.money import share_out
from openpbc.kernel.problems import UserError

MONTHS = 12
BASIS_POINTS = 10_000
TWELFTHS, WORKING_DAYS, LAST_YEAR, ENTERED = "twelfths", "working-days", "last-year", "entered"
METHODS = {
    TWELFTHS: "the same in every month",
    WORKING_DAYS: "by the working days of each month",
    LAST_YEAR: "as the money was used last year",
    ENTERED: "by the shares entered for each month",
}


def spread(budget: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Spread a budget over the months by largest remainder; ties go to the earlier month."""
    shared = share_out(budget, {f"{at:02d}": weight for at, weight in enumerate(weights)})
    return tuple(shared[f"{at:02d}"] for at in range(len(weights)))


def check_points(points: Sequence[int]) -> None:
    """Refuse an entered profile that has not twelve shares of at least nought that add up to one."""
    if len(points) != MONTHS:
        raise UserError(f"a profile has {MONTHS} months, and {len(points)} were given", do="Give a share for each.")
    if any(point < 0 for point in points):
        raise UserError("a month's share may not be below nought", do="Give nought or more.")
    if sum(points) != BASIS_POINTS:
        told = f"{sum(points) // 100}.{sum(points) % 100:02d}%"
        raise UserError(f"the twelve shares add up to {told}", do="Change them until they add up to 100%.")


def usable(weights: Sequence[int]) -> bool:
    """Tell whether weights can spread a budget: none below nought, not all of them nought."""
    return len(weights) == MONTHS and all(weight >= 0 for weight in weights) and sum(weights) > 0
