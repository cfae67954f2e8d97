"""Reckons every figure of a position from its ingredients: first the lines of each holder, then the sums of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.holders import GROUP, PCT, PRACTICE, SUMS, UNDISTRIBUTED, Holder
from openpbc.monitoring.reads.ingredients import Ingredients, Series
from openpbc.monitoring.reads.lines import ALL_LINES, UNDIVIDED
from openpbc.monitoring.rules.in_year import Line, rate, total
from openpbc.monitoring.rules.profiles import spread

MEASURES: Mapping[str, str] = {
    "budget": "Budget of the year",
    "budget-to-date": "Budget to date",
    "compared": "Budget of the months that have figures",
    "actual-to-date": "Actual to date",
    "accruals": "Accruals in the actual to date",
    "variance": "Actual against the budget of the same months",
    "variance-rate": "Actual against the budget of the same months, as a part of that budget",
    "forecast": "Forecast of the year",
    "outlook": "Forecast against the budget of the year",
    "last-year": "Actual of the same months last year",
}
RATE = "variance-rate"
ADDITIVE = tuple(measure for measure in MEASURES if measure != RATE)
Values = Mapping[str, int | None]


class Reckoning:
    """The figures of one place up to one month; each line is reckoned once."""

    def __init__(self, found: Ingredients) -> None:
        self.found = found
        self._lines: dict[tuple[Holder, str], Line] = {}

    def codes(self, holder: Holder) -> tuple[str, ...]:
        """The service lines of a holder in order, and what is not divided over them."""
        listed = tuple(line.code for line in self.found.lines)
        if holder.kind in SUMS:
            undivided = any(self._has_undivided(top) for top in self.found.holders.parts(holder))
        else:
            undivided = self._has_undivided(holder)
        return (*listed, UNDIVIDED) if undivided else listed

    def _has_undivided(self, holder: Holder) -> bool:
        return any(fund.pence for fund in self.found.shared.get((holder, UNDIVIDED), ()))

    def line(self, holder: Holder, code: str) -> Line:
        """One service line of one holder (not of the whole place, which is a sum)."""
        key = (holder, code)
        if key not in self._lines:
            self._lines[key] = self._reckoned(holder, code)
        return self._lines[key]

    def _reckoned(self, holder: Holder, code: str) -> Line:
        funds = self.found.shared.get((holder, code))
        weights = (1,) * 12 if code == UNDIVIDED else self.found.weights(code)
        budget = sum(fund.pence for fund in funds) if funds is not None else None
        known = self.known(holder, code)
        return Line(
            month=self.found.month.number,
            budget=budget,
            months_budget=self._months_budget(holder, code, budget, weights),
            known=tuple(month.number for month in known),
            actual=sum(self.month_actual(holder, code, month) for month in known),
            weights=weights,
            even=len(set(weights)) == 1,
            entered=self._entered_forecast(holder, code),
            rest=self._rest(holder, code),
        )

    def _months_budget(
        self, holder: Holder, code: str, budget: int | None, weights: tuple[int, ...]
    ) -> tuple[int, ...]:
        """A group's months are the sums of its parts' months, so that the parts of every month add up."""
        if budget is None:
            return ()
        if holder.kind != GROUP:
            return spread(budget, weights)
        parts = [self.line(member, code).months_budget for member in self.found.holders.members(holder.code)]
        return tuple(sum(part[at] for part in parts if part) for at in range(12))

    def known(self, holder: Holder, code: str) -> tuple[Month, ...]:
        """The months up to this one for which a line has figures."""
        if code == UNDIVIDED:
            return ()
        listed = next(line for line in self.found.lines if line.code == code)
        named = {*_months(self.found.accrued, holder, code)}
        named |= _months(self.found.entered, holder, code) if listed.is_entered else {*self.found.basis.runs.keys}
        return tuple(month for month in self.found.months if str(month) in named)

    def month_actual(self, holder: Holder, code: str, month: Month) -> int:
        """What a line came to in one month: activity, entries, and accruals less those of the month before."""
        key, now = (holder, code), str(month)
        parts = (self.found.activity, self.found.entered)
        return sum(part.get(key, {}).get(now, 0) for part in parts) + self.month_accruals(holder, code, month)

    def month_accruals(self, holder: Holder, code: str, month: Month) -> int:
        """The accruals of a month, and those of the month before going back."""
        made = self.found.accrued.get((holder, code), {})
        back = 0 if month.number == 1 else made.get(str(month.previous()), 0)
        return made.get(str(month), 0) - back

    def _entered_forecast(self, holder: Holder, code: str) -> int | None:
        made = self.found.forecasts.get((holder, code), {})
        return made[max(made)] if made and holder.kind != UNDISTRIBUTED else None

    def _rest(self, holder: Holder, code: str) -> int | None:
        """What is left of the group's forecast once its practices have theirs."""
        if holder.kind != UNDISTRIBUTED:
            return None
        whole = self._forecast_of_group(holder.code, code)
        if whole is None:
            return None
        others = [self.line(each, code).forecast for each in self.found.holders.members(holder.code)[:-1]]
        return whole - sum(each for each in others if each is not None)

    def _forecast_of_group(self, unit: str, code: str) -> int | None:
        """A group's forecast rests on actuals and profile alone, so it can be known before its months are summed."""
        group = Holder(GROUP, unit)
        known = self.known(group, code)
        weights = (1,) * 12 if code == UNDIVIDED else self.found.weights(code)
        return Line(
            month=self.found.month.number,
            budget=None,
            months_budget=(),
            known=tuple(month.number for month in known),
            actual=sum(self.month_actual(group, code, month) for month in known),
            weights=weights,
            even=len(set(weights)) == 1,
            entered=self._entered_forecast(group, code),
        ).forecast

    def last_year(self, holder: Holder, code: str) -> int | None:
        """Last year's actual of the months that are known this year; None unless every one of them is entered."""
        known, made = self.known(holder, code), self.found.last_year.get((holder, code), {})
        wanted = [str(Month(month.year - 1, month.month)) for month in known]
        if not wanted or any(month not in made for month in wanted):
            return None
        return sum(made[month] for month in wanted)

    def values(self, holder: Holder, code: str = ALL_LINES) -> Values:
        """Every measure of a holder's line, or of all its lines together."""
        if code == ALL_LINES:
            return _sum(self.values(holder, each) for each in self.codes(holder))
        if holder.kind in SUMS:
            return _sum(self.values(each, code) for each in self.found.holders.parts(holder))
        line = self.line(holder, code)
        known = self.known(holder, code)
        return {
            "budget": line.budget,
            "budget-to-date": line.to_date,
            "compared": line.compared,
            "actual-to-date": line.actual if known else None,
            "accruals": sum(self.month_accruals(holder, code, month) for month in known) if known else None,
            "variance": line.variance,
            RATE: rate(line.variance, line.compared),
            "forecast": line.forecast,
            "outlook": line.outlook,
            "last-year": self.last_year(holder, code),
        }

    def gaps(self, holder: Holder, code: str) -> tuple[Month, ...]:
        """The months up to this one for which a line should have figures and has none."""
        if code == UNDIVIDED:
            return ()
        known = self.known(holder, code)
        return tuple(month for month in self.found.months if month not in known)


def _sum(parts: Iterable[Values]) -> Values:
    listed = list(parts)
    sums: dict[str, int | None] = {measure: total([part[measure] for part in listed]) for measure in ADDITIVE}
    return sums | {RATE: rate(sums["variance"], sums["compared"])}


def _months(series: Series, holder: Holder, code: str) -> set[str]:
    return set(series.get((holder, code), {}))


def parts_of(found: Ingredients, holder: Holder, by: str) -> tuple[Holder, ...]:
    """The holders into which a holder falls: the whole into groups and what is held, a group into its practices."""
    if holder.kind == PCT and by == GROUP:
        return found.holders.top
    if holder.kind == GROUP and by == PRACTICE:
        return found.holders.members(holder.code)
    return ()
