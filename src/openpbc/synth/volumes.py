"""How many records arise where and when: expectations from lists, flows, seasons and working days, in whole numbers."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from functools import lru_cache

from openpbc.kernel.money import PPM, round_div
from openpbc.kernel.periods import Month, is_working_day
from openpbc.synth.county import KINDS, County

SUNDAY = 7


def noise(*parts: object) -> int:
    """Give a number from -1,000,000 to 999,999 that depends on nothing but the parts."""
    text = "|".join(str(part) for part in parts)
    return int(hashlib.sha256(text.encode()).hexdigest()[:15], 16) % (2 * PPM) - PPM


def day_weights(county: County, kind: str, month: Month) -> dict[date, int]:
    """Give the weight of each day of a month for one kind of record; a bank holiday counts as a Sunday."""
    week = county.numbers("week", "weekday", kind)
    days = [month.first + timedelta(days=offset) for offset in range((month.last - month.first).days + 1)]
    return {day: week[str(_weekday(county, day))] for day in days}


def _weekday(county: County, day: date) -> int:
    holiday = day.weekday() < SUNDAY - 2 and not is_working_day(day, county.holidays)
    return SUNDAY if holiday else day.isoweekday()


def month_weight(county: County, kind: str, month: Month) -> int:
    """Give the weight of a whole month: its days times its season."""
    season = county.numbers("seasons", "month", kind)[str(month.month)]
    return sum(day_weights(county, kind, month).values()) * season


def practice_weights(county: County, kind: str, month: Month, provider: str, seed: int) -> dict[str, int]:
    """Give each practice's weight at a provider: its list, its own habit (from the seed), and its unit's flow."""
    spread, stream, flows = county.rates["practice_spread"], KINDS[kind], county.flows
    weights = {}
    for practice in county.practices_in(month):
        flow = flows.get((practice.unit, provider))
        if flow is not None:
            habit = PPM + round_div(spread * noise(seed, "habit", stream, practice.code), PPM)
            weights[practice.code] = round_div(practice.people * habit * int(flow[stream]), PPM)
    return weights


class Expectations:
    """Expected counts by kind, month and provider, for one seed and scale (parts per million of true size)."""

    def __init__(self, county: County, seed: int, scale_ppm: int = PPM) -> None:
        """Keep the county; weights are computed when first asked for."""
        self.county, self.seed, self.scale_ppm = county, seed, scale_ppm
        self.practices = lru_cache(maxsize=None)(self._practices)
        self._year_weight = lru_cache(maxsize=None)(self._of_year)

    def _practices(self, kind: str, month: Month, provider: str) -> dict[str, int]:
        return practice_weights(self.county, kind, month, provider, self.seed)

    def _of_year(self, kind: str) -> int:
        return sum(month_weight(self.county, kind, month) for month in self.county.year.months)

    def count(self, kind: str, month: Month, provider: str) -> int:
        """Give how many records one expects, from yearly volume, month and the provider's share."""
        shares = {code: sum(self.practices(kind, month, code).values()) for code in self.county.providers}
        yearly = self.county.numbers("volumes", "kind", "per_year")[kind] * self.scale_ppm
        part = yearly * month_weight(self.county, kind, month) * shares[provider]
        return round_div(part, PPM * self._year_weight(kind) * sum(shares.values()))

    def happening(self, kind: str, month: Month, provider: str) -> int:
        """Give how many records there shall be: the expected number, give or take up to two and a half in a hundred."""
        expected = self.count(kind, month, provider)
        return expected + round_div(expected * 25 * noise(self.seed, "month", kind, month, provider), 1000 * PPM)
