"""Money of several years with and without a deposit: what is lodged in the first year comes back in later ones.

The years with a deposit and those without hold the same money, less what is still lodged and what keeping it costs. A
year whose growth nobody has set has no figure, nor has any year after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpbc.kernel.money import PPM, ratio_ppm, round_div


@dataclass(frozen=True)
class YearMoney:
    """One year in pence: what comes in, what is lodged or comes back, what that leaves, and growth over last year.

    Growth is in parts per million; ``rate`` is the growth of what comes in as it was set, less what lowers it.
    """

    year: str
    without: int | None
    lodged: int
    returned: int
    cost: int
    rate: int | None
    growth_without: int | None
    growth_with: int | None

    @property
    def moved(self) -> int:
        """What the deposit changes in this year."""
        return self.returned - self.lodged - self.cost

    @property
    def with_deposit(self) -> int | None:
        """What is left to spend of what comes in."""
        return None if self.without is None else self.without + self.moved


@dataclass(frozen=True)
class Deposit:
    """What is lodged in the first year, what comes back in which year, and what keeping it costs in which year."""

    lodged: int
    returns: Mapping[str, int]
    costs: Mapping[str, int]


def years(
    before: int | None, first: int | None, rates: Mapping[str, int | None], deposit: Deposit, lower: int = 0
) -> tuple[YearMoney, ...]:
    """Lay the years out: ``before`` is last year's money, ``first`` that of the first year, ``rates`` those after it.

    ``rates`` holds every year in order, the first one with none; ``lower`` is taken off the rate of each later year.
    """
    found: list[YearMoney] = []
    came, spent = before, before
    for at, (year, rate) in enumerate(rates.items()):
        used = None if rate is None else rate - lower
        money = first if at == 0 else _grown(came, used)
        lodged = deposit.lodged if at == 0 else 0
        back, cost = deposit.returns.get(year, 0), deposit.costs.get(year, 0)
        here = YearMoney(year, money, lodged, back, cost, used, _growth(came, money), None)
        left = here.with_deposit
        found.append(replace(here, growth_with=_growth(spent, left)))
        came, spent = money, left
    return tuple(found)


def _grown(money: int | None, rate: int | None) -> int | None:
    return None if money is None or rate is None else round_div(money * (PPM + rate), PPM)


def _growth(before: int | None, after: int | None) -> int | None:
    return None if not before or after is None else ratio_ppm(after - before, before)


@dataclass(frozen=True)
class Evened:
    """Some years together. ``without`` and ``with_deposit`` are none where a year among them has no figure."""

    years: int
    without: int | None
    with_deposit: int | None
    lodged: int
    returned: int
    cost: int

    @property
    def still_lodged(self) -> int:
        """What has not come back within these years."""
        return self.lodged - self.returned

    @property
    def difference(self) -> int:
        """The money with a deposit less that without: nought once all has come back and keeping it cost nothing."""
        return self.returned - self.lodged - self.cost


def together(laid_out: Sequence[YearMoney], count: int) -> Evened:
    """Add up the first years."""
    some = laid_out[:count]
    without = [each.without for each in some if each.without is not None]
    spent = [each.with_deposit for each in some if each.with_deposit is not None]
    whole = len(without) == len(some)
    return Evened(
        len(some),
        sum(without) if whole else None,
        sum(spent) if whole else None,
        sum(each.lodged for each in some),
        sum(each.returned for each in some),
        sum(each.cost for each in some),
    )
