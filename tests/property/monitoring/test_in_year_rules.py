"""Profiles, divisions and forecasts: every part adds up to the penny, whatever the numbers are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.kernel.money import round_div
from openpbc.kernel.problems import UserError
from openpbc.monitoring.rules.division import divide
from openpbc.monitoring.rules.in_year import BY_SHARE, ENTERED, STRAIGHT, Line, alerts, rate, total
from openpbc.monitoring.rules.profiles import BASIS_POINTS, check_points, spread, usable

PENCE = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=12, max_size=12).filter(any)


@given(PENCE, WEIGHTS)
def test_twelve_months_add_up_to_the_year(budget, weights):
    months = spread(budget, weights)
    assert sum(months) == budget
    for month, weight in zip(months, weights, strict=True):
        assert abs(month * sum(weights) - budget * weight) < sum(weights)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**11), min_size=1),
    st.dictionaries(st.sampled_from(("acute", "community", "emergency")), st.integers(0, 10**11)),
)
def test_a_division_holds_on_both_margins(balances, amounts):
    held, wanted = sum(balances.values()), sum(amounts.values())
    if wanted > held:
        with pytest.raises(UserError, match="can be divided"):
            divide(balances, amounts)
        return
    divided = divide(balances, amounts)
    for line, amount in amounts.items():
        assert sum(lines.get(line, 0) for lines in divided.values()) == amount
    for account, balance in balances.items():
        assert 0 <= sum(divided[account].values()) <= balance
    if wanted == held:
        assert all(sum(divided[account].values()) == balance for account, balance in balances.items())


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10**9), min_size=2), st.randoms())
def test_a_division_does_not_hang_on_the_order_of_accounts(balances, chance):
    amounts = {"acute": sum(balances.values()) // 3, "community": sum(balances.values()) // 5}
    shuffled = list(balances.items())
    chance.shuffle(shuffled)
    assert divide(dict(shuffled), amounts) == divide(balances, amounts)


def line(**facts) -> Line:
    known = {
        "month": 8, "budget": 1_200, "months_budget": (100,) * 12, "known": tuple(range(1, 9)), "actual": 880,
        "weights": (1,) * 12, "even": True,
    }  # fmt: skip
    return Line(**(known | facts))


@given(st.integers(-(10**12), 10**12), st.integers(1, 12))
def test_the_straight_line_of_any_month_is_actual_over_months_times_twelve(actual, months):
    found = line(month=months, known=tuple(range(1, months + 1)), actual=actual)
    assert found.method == STRAIGHT
    assert found.forecast == round_div(actual * 12, months)


@given(st.integers(0, 10**12), WEIGHTS)
def test_a_forecast_by_profile_is_actual_over_the_share_with_figures(actual, weights):
    found = line(actual=actual, weights=tuple(weights), even=False)
    share = sum(weights[:8])
    assert found.forecast == (round_div(actual * sum(weights), share) if share else round_div(actual * 12, 8))
    assert found.method == (BY_SHARE if share else STRAIGHT)


def test_month_eight_by_hand():
    found = line()
    assert (found.to_date, found.compared, found.variance) == (800, 800, 80)
    assert (found.forecast, found.outlook) == (1_320, 120)
    assert rate(found.variance, found.compared) == 100_000
    gap = line(known=(1, 2), actual=230)
    assert (gap.to_date, gap.compared, gap.variance, gap.forecast) == (800, 200, 30, 1_380)


def test_what_is_not_known_is_not_nought():
    nothing = line(known=(), actual=0)
    assert (nothing.compared, nothing.variance, nothing.forecast, nothing.outlook) == (None, None, None, None)
    unset = line(budget=None, months_budget=())
    assert (unset.to_date, unset.variance, unset.outlook, unset.forecast) == (None, None, None, 1_320)
    assert total([None, None]) is None
    assert total([None, 0, 5]) == 5
    assert line(known=(), actual=0, entered=1_000).method == ENTERED


@pytest.mark.parametrize(
    ("ppm", "threshold", "called"),
    [(50_000, 50_000, True), (49_999, 50_000, False), (None, 0, False), (10**6, None, False), (-1, 0, False)],
)
def test_an_alert_needs_a_setting_and_a_variance_that_reaches_it(ppm, threshold, called):
    assert alerts(ppm, threshold) is called


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ([BASIS_POINTS], "has 12 months, and 1 were given"),
        ([BASIS_POINTS + 1, -1, *[0] * 10], "may not be below nought"),
        ([833] * 12, "add up to 99.96%"),
    ],
)
def test_a_profile_that_does_not_add_up_is_refused(points, told):
    with pytest.raises(UserError, match=told):
        check_points(points)


def test_weights_that_spread_nothing_are_not_usable():
    assert not usable([0] * 12)
    assert not usable([1] * 11)
    assert not usable([-1, *[1] * 11])
    check_points([834, 834, 834, 834, *[833] * 8])
