"""What a deposit promises: it goes back to whom it came from, never more, and the years lose nothing by it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance.rules.multi_year import Deposit, together, years
from openpbc.finance.rules.reserve import KINDS, Call, check_call, findings, left, returned, unassigned
from openpbc.kernel.money import PPM
from openpbc.kernel.problems import UserError

YEARS = ("2008-09", "2009-10", "2010-11", "2011-12", "2012-13", "2013-14")
LATER = YEARS[1:]
UNITS = ("A", "B", "C", "D")
PURPOSES = ("growth", "review", "one_off")
deposits = st.dictionaries(st.sampled_from(UNITS), st.integers(1, 10**10), min_size=1)
calls = st.lists(
    st.builds(
        Call,
        number=st.just(0),
        unit=st.sampled_from(UNITS),
        year=st.sampled_from(LATER),
        kind=st.sampled_from(KINDS),
        purpose=st.sampled_from(PURPOSES),
        title=st.just("x"),
        pence=st.integers(-5, 10**10),
    ),
    max_size=12,
)
rates = st.lists(st.one_of(st.none(), st.integers(-100_000, 200_000)), min_size=5, max_size=5)


def accept(held: dict[str, int], wanted: list[Call]) -> list[Call]:
    """Write down what is not refused, one after the other."""
    taken: list[Call] = []
    for call in wanted:
        try:
            check_call(held, taken, call, {}, LATER)
        except UserError:
            continue
        taken.append(call)
    return taken


@given(deposits, calls)
def test_returns_to_a_group_never_pass_its_deposit(held: dict[str, int], wanted: list[Call]) -> None:
    taken = accept(held, wanted)
    for unit, pence in left(held, taken).items():
        assert pence >= 0
        assert pence + sum(call.pence for call in taken if call.unit == unit) == held[unit]
    refused = [call for call in wanted if call not in taken]
    assert all(
        call.pence <= 0 or call.unit not in held or call.pence > left(held, taken)[call.unit] for call in refused
    )


@given(deposits, calls)
def test_purposes_and_what_has_none_add_up_to_the_deposit(held, wanted) -> None:
    taken = accept(held, wanted)
    by_purpose = sum(returned(taken, purpose=purpose) for purpose in PURPOSES)
    assert by_purpose + unassigned(held, taken) == sum(held.values())
    assert sum(returned(taken, year=year) for year in LATER) == returned(taken)


@given(deposits, calls, st.randoms(use_true_random=False))
def test_the_order_of_calls_changes_no_sum(held, wanted, chance) -> None:
    taken = accept(held, wanted)
    mixed = chance.sample(taken, len(taken))
    assert left(held, taken) == left(held, mixed)
    assert findings(held, taken, 1_000) == findings(held, mixed, 1_000)


def naive(before: int, first: int, growths: list[int | None], lodged: int, back: dict[str, int], lower: int):
    """One year after the other, in fractions."""
    money: list[int | None] = [first]
    for rate in growths:
        last = money[-1]
        if last is None or rate is None:
            money.append(None)
            continue
        exact = Fraction(last) * (1 + Fraction(rate - lower, PPM))
        size = Decimal(abs(exact).numerator) / Decimal(abs(exact).denominator)
        rounded = int(size.quantize(Decimal(1), ROUND_HALF_UP))
        money.append(rounded if exact >= 0 else -rounded)
    spent = [
        None if sum_ is None else sum_ - (lodged if at == 0 else 0) + back.get(YEARS[at], 0)
        for at, sum_ in enumerate(money)
    ]
    return money, spent


@given(
    st.integers(1, 10**11), st.integers(1, 10**11), rates, deposits, calls, st.integers(0, 50_000), st.integers(1, 6)
)  # fmt: skip
def test_years_are_those_of_the_naive_way_and_lose_nothing(before, first, growths, held, wanted, lower, count) -> None:
    taken = accept(held, wanted)
    back = {year: returned(taken, year=year) for year in YEARS}
    lodged = sum(held.values())
    by_year = dict(zip(YEARS, [None, *growths], strict=True))
    laid_out = years(before, first, by_year, Deposit(lodged, back, {"2009-10": 7}), lower)
    money, spent = naive(before, first, growths, lodged, back, lower)
    assert [each.without for each in laid_out] == money
    costs = [7 if year == "2009-10" else 0 for year in YEARS]
    assert [each.with_deposit for each in laid_out] == [
        None if sum_ is None else sum_ - cost for sum_, cost in zip(spent, costs, strict=True)
    ]
    evened = together(laid_out, count)
    assert evened.still_lodged == lodged - sum(each.returned for each in laid_out[:count])
    assert evened.difference == -evened.still_lodged - evened.cost
    if evened.without is not None:
        assert evened.with_deposit - evened.without == evened.difference
    for at, each in enumerate(laid_out[1:], start=1):
        if each.growth_without is not None:
            exact = Fraction(each.without - laid_out[at - 1].without, laid_out[at - 1].without) * PPM
            assert abs(each.growth_without - exact) <= Fraction(1, 2)


def test_all_that_came_back_within_the_years_makes_them_equal() -> None:
    laid_out = years(100, 110, dict.fromkeys(YEARS, 20_000), Deposit(10, {"2009-10": 4, "2010-11": 6}, {}))
    evened = together(laid_out, 3)
    assert evened.without == evened.with_deposit
    assert (evened.still_lodged, evened.difference) == (0, 0)
    assert laid_out[0].growth_without == 100_000
    assert laid_out[0].growth_with == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pence": 0}, "a sum above nought"),
        ({"year": "2008-09"}, "is no year of the plan"),
        ({"year": "2020-21"}, "is no year of the plan"),
        ({"kind": "often"}, "one-off or recurrent"),
        ({"unit": "Z"}, "nothing was deposited by 'Z'"),
        ({"pence": 100_001}, "£1 thousand is left. Give at most 1,"),
    ],
)
def test_what_cannot_come_back_is_refused(change: dict[str, object], told: str) -> None:
    facts = {"number": 1, "unit": "A", "year": "2009-10", "kind": "one-off", "purpose": "one_off", "title": "Premises"}
    call = Call(**(facts | {"pence": 100_000} | change))
    check_call({"A": 100_000}, [], Call(**facts, pence=100_000), {}, LATER)
    with pytest.raises(UserError) as refused:
        check_call({"A": 100_000}, [], call, {"A": "WatCom"}, LATER)
    assert told in refused.value.sentence


def test_what_a_reader_must_know_is_said() -> None:
    goes_on = Call(1, "A", "2009-10", "recurrent", "review", "Nurses", 60)
    too_much = Call(2, "B", "2009-10", "one-off", "one_off", "Premises", 60)
    told = {each.rule: each.sentence for each in findings({"A": 100, "B": 50}, [goes_on, too_much], 200)}
    assert set(told) == {"RS-01", "RS-02", "RS-03"}
    assert "for B are more than it has deposited" in told["RS-02"]
    assert findings({"A": 200}, [], 200) == ()
