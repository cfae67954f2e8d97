"""One service line of one budget in the year: to date, against the budget, and what the year comes to.

Like is compared with like: the budget is set against the actual of the same months. Whole pence, each figure rounds
once, and what is not known is None, never nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import ratio_ppm, round_div
from openpbc.kernel.steps import Step

CITATION = Citation("openpbc-domain-notes", "Indicative budget and in-year (month report)", "P")
STRAIGHT, BY_SHARE, ENTERED, REST = "straight line", "profile", "entered", "rest"
METHODS = {
    STRAIGHT: "actual to date, divided by the months with figures, times twelve",
    BY_SHARE: "actual to date, divided by the part of the year's profile that has figures",
    ENTERED: "entered by finance",
    REST: "what the group comes to, less what its practices come to",
}


@dataclass(frozen=True)
class Line:
    """What is known of a line up to a month.

    ``budget`` is spread over the twelve months as ``months_budget`` (empty where no budget is set). ``known`` are the
    numbers (1 is April) of the months with figures up to ``month``, ``actual`` what those came to. ``weights`` is the
    profile, ``even`` whether every month has the same share. ``entered`` is a forecast that finance entered, ``rest``
    what is left of the group's forecast for the part that is not handed on to practices.
    """

    month: int
    budget: int | None
    months_budget: tuple[int, ...]
    known: tuple[int, ...]
    actual: int
    weights: tuple[int, ...]
    even: bool
    entered: int | None = None
    rest: int | None = None

    @property
    def to_date(self) -> int | None:
        """The budget of all months up to this one."""
        return None if self.budget is None else sum(self.months_budget[: self.month])

    @property
    def compared(self) -> int | None:
        """The budget of the months that have figures."""
        if self.budget is None or not self.known:
            return None
        return sum(self.months_budget[number - 1] for number in self.known)

    @property
    def variance(self) -> int | None:
        """Actual less the budget of the same months; above nought is more than the budget."""
        return None if self.compared is None else self.actual - self.compared

    @property
    def method(self) -> str:
        """By which method the forecast is made; empty where there is none."""
        if self.rest is not None:
            return REST
        if self.entered is not None:
            return ENTERED
        if not self.known:
            return ""
        return STRAIGHT if self.even or not self._share else BY_SHARE

    @property
    def _share(self) -> int:
        return sum(self.weights[number - 1] for number in self.known)

    @property
    def forecast(self) -> int | None:
        """What the year comes to."""
        if self.rest is not None:
            return self.rest
        if self.entered is not None:
            return self.entered
        if not self.known:
            return None
        if self.method == STRAIGHT:
            return round_div(self.actual * 12, len(self.known))
        return round_div(self.actual * sum(self.weights), self._share)

    @property
    def outlook(self) -> int | None:
        """Forecast less the budget of the year; above nought is an overspend."""
        return None if self.budget is None or self.forecast is None else self.forecast - self.budget

    def forecast_step(self, shown: str) -> Step:
        """The step from the actual to date to the forecast; ``shown`` is the actual as people read it."""
        share = f"{self._share:,} of {sum(self.weights):,}"
        inputs = {
            STRAIGHT: (("actual to date", shown), ("months with figures", str(len(self.known))), ("months", "12")),
            BY_SHARE: (("actual to date", shown), ("part of the profile with figures", share)),
            ENTERED: (("actual to date", shown),),
        }[self.method]
        label = {
            STRAIGHT: f"The other {12 - len(self.known)} months, each like the mean of those with figures",
            BY_SHARE: "The rest of the year, as the profile spreads it",
            ENTERED: "The rest of the year, as entered by finance",
        }[self.method]
        effect = (self.forecast or 0) - self.actual
        return Step(f"monitoring.forecast_{self.method.replace(' ', '_')}", label, effect, inputs, CITATION)


def rate(variance: int | None, budget: int | None) -> int | None:
    """The variance as parts per million of the budget that it is compared with; None where there is none."""
    return None if variance is None or not budget else ratio_ppm(variance, budget)


def total(parts: Sequence[int | None]) -> int | None:
    """Add what is known; None where nothing is."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def alerts(variance_ppm: int | None, threshold_ppm: int | None) -> bool:
    """Tell whether a line lies above its budget by the set part or more; without a setting there is no alert."""
    return variance_ppm is not None and threshold_ppm is not None and variance_ppm >= threshold_ppm
