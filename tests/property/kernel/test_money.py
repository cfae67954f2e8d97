"""Money: one rounding, shares that equal the pot, text that reads back."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.kernel import money
from openpbc.kernel.problems import UserError

amounts = st.integers(-(10**15), 10**15)


@given(amounts, st.integers(1, 10**9))
def test_rounding_is_half_away_from_zero(numerator, denominator):
    exact = Fraction(numerator, denominator)
    rounded = money.round_div(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(amounts, st.integers(0, 3_000_000))
def test_a_rate_equals_decimal_half_up(pence, ppm):
    expected = (Decimal(pence) * ppm / 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert money.apply_ppm(pence, ppm) == int(expected)


@given(st.integers(-(10**9), 10**12), st.dictionaries(st.text("ABC123", min_size=1, max_size=5), st.integers(0, 10**9)))
def test_shares_equal_the_pot_and_lie_within_one_of_exact(pot, weights):
    total = sum(weights.values())
    if total == 0:
        if pot and weights:
            with pytest.raises(ValueError):
                money.share_out(pot, weights)
        return
    shares = money.share_out(pot, weights)
    assert sum(shares.values()) == pot
    assert all(abs(shares[code] - Fraction(pot * weight, total)) < 1 for code, weight in weights.items())
    assert shares == money.share_out(pot, dict(reversed(weights.items())))


def test_ties_go_to_the_lower_code_and_odd_weights_are_refused():
    assert money.share_out(2, {"C": 1, "A": 1, "B": 1}) == {"A": 1, "B": 1, "C": 0}
    assert money.share_out(0, {"A": 0}) == {"A": 0}
    with pytest.raises(ValueError):
        money.share_out(5, {"A": -1, "B": 2})
    with pytest.raises(ValueError):
        money.round_div(1, 0)


@given(amounts)
def test_pounds_read_back(pence):
    assert money.pence_from_text(money.pounds(pence)) == pence if pence >= 0 else True
    assert money.pence_from_text(f"{Decimal(pence) / 100:,.2f}") == pence


@pytest.mark.parametrize(
    ("text", "pence"),
    [("1,234.50", 123450), ("(3)", -300), ("-3", -300), ("£7", 700), (" 0 ", 0), ("12.3", 1230)],
)
def test_pounds_as_people_write_them(text, pence):
    assert money.pence_from_text(text) == pence


@pytest.mark.parametrize("text", ["", "twelve", "1,23", "1e3", "0x1F", "1.234", "--3", "NaN", "1 000", "+5", "٣"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(UserError):
        money.pence_from_text(text)


def test_rates_and_their_words():
    assert money.ppm_from_text("0.045") == money.ppm_from_percent("4.5") == money.ppm_from_percent("4.5%") == 45_000
    assert money.percent_text(88_526) == "8.85%" and money.percent_text(-2_010, 3) == "-0.201%"
    assert money.percent_text(70_000, 0) == "7%"
    assert money.thousands(23_176_300_000) == "231,763" and money.whole_pounds(-150) == "-£2"
    assert money.apply_mff(100_00, 10_500_000) == 105_00
    assert money.ratio_ppm(1, -3) == -333_333
