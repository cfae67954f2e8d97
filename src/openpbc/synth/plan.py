"""The SYNTHETIC activity plan: what volumes and case mix lead one to expect, as negotiators might agree it.

It is worked out from expectations alone and never looks at a record that was made, so actuals come near it without
meeting it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from openpbc.kernel.money import PPM, round_div, share_out
from openpbc.kernel.periods import Month
from openpbc.synth.county import KINDS, County
from openpbc.synth.expected import expected_mix
from openpbc.synth.volumes import Expectations

PlanRow = tuple[str, str, str, str, str, int, int]
PLAN_COLUMNS = ("provider", "unit", "stream", "pod", "month", "activity", "price_pence")


def plan_rows(county: County, seed: int, scale_ppm: int) -> list[PlanRow]:
    """Give the plan of the whole year in the columns of the plan file, in their order."""
    expectations, rows = Expectations(county, seed, scale_ppm), []
    for provider in county.providers:
        for kind, stream in KINDS.items():
            monthly = _by_unit(expectations, kind, provider)
            for pod, (share, price) in sorted(expected_mix(county, kind, provider).items()):
                for unit, months in sorted(monthly.items()):
                    rows += [
                        (provider, unit, stream, pod, str(month), activity, price)
                        for month, activity in _agreed(county, provider, kind, months, share)
                    ]
    return _gathered(rows)


def _by_unit(expectations: Expectations, kind: str, provider: str) -> dict[str, dict[Month, int]]:
    """Expected records of each unit's people by month, in thousandths, from lists and flows."""
    county = expectations.county
    found: dict[str, dict[Month, int]] = defaultdict(dict)
    for month in county.year.months:
        units = {practice.code: practice.unit for practice in county.practices_in(month)}
        weights: dict[str, int] = defaultdict(int)
        for practice, weight in expectations.practices(kind, month, provider).items():
            weights[units[practice]] += weight
        whole = sum(weights.values())
        count = expectations.count(kind, month, provider) * 1000
        for unit, weight in weights.items():
            found[unit][month] = round_div(count * weight, whole)
    return found


def _agreed(
    county: County, provider: str, kind: str, months: dict[Month, int], share: int
) -> Iterator[tuple[Month, int]]:
    stance = county.numbers("negotiation", "provider", kind).get(provider, 1000)
    year = round_div(sum(months.values()) * share * stance, 1000 * 1000 * PPM)
    shared = share_out(year, {str(month): count for month, count in months.items()})
    for month in sorted(months):
        yield month, shared[str(month)]


def _gathered(rows: list[PlanRow]) -> list[PlanRow]:
    """Add up rows of the same line that came from planned and unplanned care; the price is their mean."""
    sums: dict[tuple[str, str, str, str, str], tuple[int, int]] = {}
    for *key, activity, price in rows:
        line = (key[0], key[1], key[2], key[3], key[4])
        count, money = sums.get(line, (0, 0))
        sums[line] = (count + activity, money + activity * price)
    return [(*line, count, round_div(money, count)) for line, (count, money) in sorted(sums.items()) if count]
