"""Variance and forecast of a year, in whole pence or whole units of activity; each figure rounds once."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import round_div
from openpbc.kernel.steps import Step

MONTHS = 12
STRAIGHT_LINE = Citation("openpbc-domain-notes", "Indicative budget and in-year (straight line)", "D")
PROFILE = Citation("openpbc-domain-notes", "Indicative budget and in-year (profile)", "P")


@dataclass(frozen=True)
class ToDate:
    """What is known of a year so far: closed months, what they came to, and the plan for them and for the year.

    ``plan`` and ``year_plan`` are None where no plan is set.
    """

    months: int
    actual: int
    plan: int | None = None
    year_plan: int | None = None


def variance(actual: int, plan: int | None) -> int | None:
    """Actual less plan; above nought is more than planned."""
    return None if plan is None else actual - plan


def straight_line(known: ToDate) -> int | None:
    """What the year comes to if every month is like the closed ones: actual / months x 12."""
    return round_div(known.actual * MONTHS, known.months) if known.months else None


def by_profile(known: ToDate) -> int | None:
    """What the year comes to if it follows the plan's profile: actual x plan of the year / plan to date."""
    if known.year_plan is None or not known.plan or known.plan < 0:
        return None
    return round_div(known.actual * known.year_plan, known.plan)


def straight_line_step(known: ToDate, shown: str) -> Step:
    """The step from the actual to date to the straight-line forecast."""
    forecast = straight_line(known) or 0
    return Step(
        "monitoring.straight_line",
        f"The other {MONTHS - known.months} months, each like the mean of the {known.months} closed",
        forecast - known.actual,
        (("actual to date", shown), ("closed months", str(known.months)), ("months of the year", str(MONTHS))),
        STRAIGHT_LINE,
    )


def profile_step(known: ToDate, shown: tuple[str, str, str]) -> Step:
    """The step from the actual to date to the profile forecast; ``shown`` are actual, plan to date and year's plan."""
    actual, plan, year_plan = shown
    return Step(
        "monitoring.profile",
        "The rest of the year, as the plan spreads it",
        (by_profile(known) or 0) - known.actual,
        (("actual to date", actual), ("plan to date", plan), ("plan of the year", year_plan)),
        PROFILE,
    )
