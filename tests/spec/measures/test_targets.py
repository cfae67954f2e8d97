"""Judging targets: met or missed only where all that it takes is known; else what is missing, never red or green."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from openpbc.measures.rules.declaring import Better
from openpbc.measures.rules.process_charts import WILSON, funnel_word
from openpbc.measures.rules.targets import (
    AT_LEAST,
    AT_MOST,
    BEST_QUARTER,
    CHANGE,
    MET,
    MISSED,
    NO_BASE,
    NO_DATA,
    NO_DIRECTION,
    NO_PEERS,
    NOT_SET,
    SHARE_AT_LEAST,
    TOLD_BY,
    WAIVED,
    WITHHELD,
    Known,
    Target,
    judge,
)

DAY = date(2009, 3, 31)
TENTH, FIFTH, HALF = Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)


@pytest.mark.parametrize(
    ("target", "better", "known", "said"),
    [
        (None, Better.LOW, Known(HALF), NOT_SET),
        (Target(AT_MOST), Better.LOW, Known(HALF), NOT_SET),
        (Target(WAIVED), Better.LOW, Known(None), WAIVED),
        (Target(AT_MOST, HALF), Better.LOW, Known(None), NO_DATA),
        (Target(AT_MOST, HALF), Better.LOW, Known(HALF), MET),
        (Target(AT_MOST, FIFTH), Better.LOW, Known(HALF), MISSED),
        (Target(AT_LEAST, HALF), Better.HIGH, Known(HALF), MET),
        (Target(AT_LEAST, HALF), Better.HIGH, Known(FIFTH), MISSED),
        (Target(BEST_QUARTER), Better.UNSETTLED, Known(HALF, HALF), NO_DIRECTION),
        (Target(BEST_QUARTER), Better.LOW, Known(HALF), NO_PEERS),
        (Target(BEST_QUARTER), Better.LOW, Known(HALF, withheld=True), WITHHELD),
        (Target(TOLD_BY), Better.HIGH, Known(HALF), NOT_SET),
        (Target(TOLD_BY, due=DAY), Better.HIGH, Known(HALF, on=DAY), MET),
        (Target(TOLD_BY, due=DAY), Better.HIGH, Known(None, on=DAY), NO_DATA),
        (Target(TOLD_BY, due=DAY), Better.HIGH, Known(None, on=DAY + timedelta(days=1)), MISSED),
        (Target(BEST_QUARTER), Better.LOW, Known(FIFTH, HALF), MET),
        (Target(BEST_QUARTER), Better.HIGH, Known(FIFTH, HALF), MISSED),
        (Target(CHANGE, -TENTH), Better.LOW, Known(HALF), NO_BASE),
        (Target(CHANGE, -TENTH), Better.LOW, Known(Fraction(9, 20), base=HALF), MET),
        (Target(CHANGE, -TENTH), Better.LOW, Known(HALF, base=HALF), MISSED),
        (Target(SHARE_AT_LEAST, HALF), Better.HIGH, Known(FIFTH, base=FIFTH), MET),
        (Target(SHARE_AT_LEAST, HALF), Better.HIGH, Known(Fraction(1, 11), base=FIFTH), MISSED),
    ],
)
def test_a_target_is_judged_by_what_is_known(target: Target | None, better: Better, known: Known, said: str):
    assert judge(target, better, known) == said


@pytest.mark.parametrize(
    ("value", "said"), [(HALF, "within"), (Fraction(61, 100), "outside"), (Fraction(9, 10), "far outside")]
)
def test_a_rate_is_told_by_where_it_lies_in_the_funnel(value: Fraction, said: str):
    assert funnel_word(value, HALF, 100, WILSON) == said
