"""All measures of one cut of one month: each with its value and the address at which it is explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.actuals import Actuals
from openpbc.monitoring.reads.addresses import FIGURES, MEASURES, PRICED_FIGURES, QUANTITIES, Address, Selection
from openpbc.monitoring.reads.months import Published
from openpbc.monitoring.reads.plans import Planned
from openpbc.monitoring.rules import forecast
from openpbc.monitoring.rules.forecast import ToDate
from openpbc.rulebook.reader import Book

NO_PLAN = "No activity plan is set for this."
NOT_CLOSED = "The month is not closed."


@dataclass(frozen=True)
class Measured:
    """One figure: ``value`` in its ``unit`` (count or pence), or None with the reason ``why``; and its address."""

    value: int | None
    unit: str
    address: str
    why: str = ""

    @property
    def is_set(self) -> bool:
        """Whether there is a figure."""
        return self.value is not None


@dataclass(frozen=True)
class Cut:
    """What is known of one cut: what happened (under ``code`` of the sums) and what was planned."""

    book: Book
    month: Month
    selection: Selection
    published: Published
    actuals: Actuals
    code: str
    planned: Planned

    def to_date(self, quantity: str) -> ToDate:
        """Give actual, plan and year's plan of the closed months for one quantity."""
        return ToDate(
            months=len(self.published.runs),
            actual=self.actuals.to_date(self.code, self.published.keys).of(quantity),
            plan=self.planned.to_date(quantity, self.published) if quantity != "price" else None,
            year_plan=self.planned.total(quantity) if quantity != "price" else None,
        )

    def address(self, measure: str) -> Address:
        """Give the address of one measure of this cut."""
        return Address(self.book.place.id, self.month, self.selection, measure)

    def values(self, quantity: str) -> dict[str, int | None]:
        """Give the value of every figure of a quantity; None where it cannot be stated."""
        known = self.to_date(quantity)
        closed = bool(self.published.run_of(self.month))
        actual = self.actuals.month(self.code, self.month).of(quantity) if closed else None
        plan = self.planned.month(quantity, self.month) if quantity != "price" else None
        return {
            "actual": actual,
            "plan": plan,
            "variance": forecast.variance(actual, plan) if actual is not None else None,
            "ytd-actual": known.actual if known.months else None,
            "ytd-plan": known.plan if known.months else None,
            "ytd-variance": forecast.variance(known.actual, known.plan) if known.months else None,
            "year-plan": known.year_plan,
            "straight-line": forecast.straight_line(known),
            "profile": forecast.by_profile(known),
        }


def measured(cut: Cut) -> Mapping[str, Measured]:
    """Give every measure of a cut by its name, such as ``ytd-actual-charge``."""
    found = {}
    closed = bool(cut.published.run_of(cut.month))
    for quantity, unit in QUANTITIES.items():
        values = cut.values(quantity)
        for figure in FIGURES if quantity != "price" else PRICED_FIGURES:
            value = values[figure]
            why = "" if value is not None else NOT_CLOSED if not closed and figure != "plan" else NO_PLAN
            measure = f"{figure}-{quantity}"
            found[measure] = Measured(value, unit, str(cut.address(measure)) if value is not None else "", why)
    assert set(found) == set(MEASURES), "every measure is computed"
    return found
