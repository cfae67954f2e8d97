"""Published and hand-worked answers: quartiles, opportunity, XmR limits, intervals, standardised ratios."""

from __future__ import annotations

from fractions import Fraction

import pytest

from openpbc.measures.rules.declaring import Better
from openpbc.measures.rules.process_charts import RunRules, limits, signals
from openpbc.measures.rules.quartiles import best_quarter, opportunity, overlapping, quarter_of
from openpbc.measures.rules.rates import byar, indirect, wilson

TRUSTS = [Fraction(text) for text in "2.0 2.2 2.5 2.8 3.1 3.4 3.6 4.0".split()]
# Twenty normal draws with the limits that a published reference implementation gives for them.
DRAWS = [
    Fraction(text)
    for text in (
        "-0.56047565 -0.23017749 1.55870831 0.07050839 0.12928774 1.71506499 0.46091621 -1.26506123 -0.68685285 "
        "-0.44566197 1.22408180 0.35981383 0.40077145 0.11068272 -0.55584113 1.78691314 0.49785048 -1.96661716 "
        "0.70135590 -0.47279141"
    ).split()
]


def test_the_best_quarter_of_eight_trusts() -> None:
    assert best_quarter(TRUSTS, Better.LOW) == Fraction("2.425")


@pytest.mark.parametrize(("method", "low", "high"), [("inclusive", "2.75", "6.25"), ("exclusive", "2.25", "6.75")])
def test_both_ways_of_finding_a_quartile(method: str, low: str, high: str) -> None:
    peers = list(range(1, 9))
    assert best_quarter(peers, Better.LOW, method) == Fraction(low)
    assert best_quarter(peers, Better.HIGH, method) == Fraction(high)


def test_the_exclusive_way_says_nothing_of_two_peers() -> None:
    assert best_quarter([1, 2], Better.LOW, "exclusive") is None


def test_what_a_trust_would_free() -> None:
    threshold = best_quarter(TRUSTS, Better.LOW)
    assert threshold is not None
    found = opportunity(Fraction("3.1"), threshold, Better.LOW, 10_000, Fraction(80_00), 3)
    assert (found.gap, found.units) == (Fraction("0.675"), 6_750)
    assert (found.pence, found.pence_a_year) == (540_000_00, 540_000_00 * 4)
    best = opportunity(Fraction("2.2"), threshold, Better.LOW, 10_000, Fraction(80_00), 3)
    assert (best.units, best.pence) == (0, 0)
    assert opportunity(Fraction(3), threshold, Better.LOW, 10, None, 3).pence is None


def test_where_high_is_better_the_gap_is_upwards() -> None:
    found = opportunity(Fraction("0.7"), Fraction("0.8"), Better.HIGH, 200, None, 12)
    assert found.units == 20


def test_quarters_and_their_edges() -> None:
    peers = [Fraction(n) for n in range(1, 9)]
    assert [quarter_of(value, peers, Better.LOW) for value in peers] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert [quarter_of(value, peers, Better.HIGH) for value in peers] == [4, 4, 3, 3, 2, 2, 1, 1]
    assert quarter_of(Fraction(1), peers, Better.UNSETTLED) is None


def test_opportunities_that_count_the_same_days_are_named() -> None:
    overlaps = {"stay": ("excess",), "excess": ()}
    assert overlapping(["excess", "stay", "visits"], overlaps) == (("excess", "stay"),)
    assert overlapping(["stay", "visits"], overlaps) == ()


def near(value: Fraction, text: str) -> bool:
    return abs(value - Fraction(text)) < Fraction(1, 1_000_000)


def test_limits_of_a_chart() -> None:
    found = limits(DRAWS)
    assert found is not None
    assert near(found.mean, "0.1416238")
    assert near(found.low, "-3.011380") or abs(found.low + Fraction("3.01138")) < Fraction(1, 100_000)
    assert near(found.high, "3.294627")


def test_limits_with_an_outlier_screened_and_not() -> None:
    wild = [*DRAWS[:14], Fraction(10), *DRAWS[15:]]
    screened, plain = limits(wild), limits(wild, screened=False)
    assert screened is not None
    assert plain is not None
    assert near(screened.low, "-2.383666")
    assert near(screened.high, "3.722497")
    assert near(plain.low, "-4.596625")
    assert near(plain.high, "5.935457")
    marks = signals(wild, screened, RunRules(7, 7))
    assert (14, "outside the limits") in {(mark.at, mark.rule) for mark in marks}


def test_intervals_against_published_answers() -> None:
    # Wilson: 15 of 100 is 9.31% to 23.28%; Byar: 20 events are 12.21 to 30.89.
    share, rate = wilson(15, 100), byar(20, 1)
    assert abs(share.low - Fraction("0.0931")) < Fraction(1, 10_000)
    assert abs(share.high - Fraction("0.2328")) < Fraction(1, 10_000)
    assert abs(rate.low - Fraction("12.21")) < Fraction(1, 100)
    assert abs(rate.high - Fraction("30.89")) < Fraction(1, 100)
    assert byar(0, 10).low == 0


def test_observed_over_expected() -> None:
    assert indirect(30, ((10, Fraction(2)), (20, Fraction(1, 2)))) == 1
    assert indirect(3, ()) is None
