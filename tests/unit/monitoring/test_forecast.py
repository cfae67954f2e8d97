"""Forecasts: the straight line of month 8, the profile, and no figure where none can be stated."""

from __future__ import annotations

import pytest

from openpbc.activity.rules.scheme import COUNTED as PRICING_COUNTS
from openpbc.kernel.steps import Step
from openpbc.monitoring.rules.counting import COUNTED, counts
from openpbc.monitoring.rules.forecast import (
    ToDate,
    by_profile,
    profile_step,
    straight_line,
    straight_line_step,
    variance,
)


def test_after_month_8_the_straight_line_is_actual_over_8_times_12():
    assert straight_line(ToDate(8, 80_000)) == 120_000
    assert straight_line(ToDate(8, 1)) == 2  # 1.5 rounds away from nought
    assert straight_line(ToDate(0, 0)) is None


def test_the_profile_spreads_what_is_left_as_the_plan_does():
    assert by_profile(ToDate(8, 660, plan=600, year_plan=1000)) == 1100
    assert by_profile(ToDate(8, 660)) is None
    assert by_profile(ToDate(1, 5, plan=0, year_plan=10)) is None


@pytest.mark.parametrize(("plan", "expected"), [(100, 20), (140, -20), (None, None)])
def test_variance_is_actual_less_plan_and_not_set_without_one(plan, expected):
    assert variance(120, plan) == expected


@pytest.mark.parametrize("known", [ToDate(1, 17, 16, 200), ToDate(8, 12_345, 11_999, 18_001), ToDate(12, 5, 7, 7)])
def test_steps_lead_from_the_actual_to_the_forecast(known: ToDate):
    first = straight_line_step(known, str(known.actual))
    second = profile_step(known, ("", "", ""))
    assert isinstance(first, Step)
    assert known.actual + first.effect == straight_line(known)
    assert known.actual + second.effect == by_profile(known)


def test_what_counts_is_what_pricing_says_counts():
    assert set(COUNTED) == {str(status) for status in PRICING_COUNTS}
    assert counts("PRICED", "5P4", "5P4")
    assert not counts("PRICED", "5P3", "5P4")
    assert not counts("EXCLUDED", "5P4", "5P4")
