"""Pace of change: totals conserved, nobody overshoots, the least growth kept, the order of groups irrelevant."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from openpbc.finance.rules.pace_of_change import PaceParameters, Standing, distance_ppm, must_progress, pace
from openpbc.kernel.money import PPM, round_div


def case(chance: random.Random):
    codes = [f"G{n}" for n in range(chance.randint(1, 6))]
    budgets = {code: chance.choice([0, chance.randint(1, 10**10)]) for code in codes}
    shares = {code: chance.randint(0, 1000) for code in codes}
    shares[codes[0]] += 1
    least = chance.choice([0, 5_000, 45_000])
    parameters = PaceParameters(least, least + chance.choice([0, 10_000, 500_000]))
    growth = chance.choice([-50_000, 0, 30_000, 90_000])
    pots = [round_div(sum(budgets.values()) * (PPM + growth * year), PPM) for year in range(1, chance.randint(2, 6))]
    return budgets, shares, pots, parameters


@pytest.mark.parametrize("lot", range(10))
def test_totals_are_conserved_and_nobody_overshoots(lot: int) -> None:
    chance = random.Random(f"pace {lot}")
    for _ in range(300):
        budgets, shares, pots, parameters = case(chance)
        years = pace(budgets, shares, pots, parameters)
        assert len(years) == len(pots)
        before = budgets
        for year in years:
            assert sum(year.amounts.values()) + year.unallocated == year.pot
            assert year.unallocated >= 0
            for standing in year.standings:
                assert standing.before == before[standing.code]
                held_to_target(standing, year, parameters)
            before = year.amounts
        mixed = dict(chance.sample(list(budgets.items()), len(budgets)))
        assert pace(mixed, shares, pots, parameters) == years


def held_to_target(standing: Standing, year, parameters: PaceParameters) -> None:
    floor = round_div(standing.before * (PPM + parameters.minimum_growth), PPM)
    step = round_div(standing.before * (PPM + parameters.largest_step), PPM)
    if year.findings:
        assert standing.amount <= floor + 1
        return
    assert standing.amount >= floor
    assert standing.amount <= max(floor, min(step, standing.target))
    if standing.amount > floor:
        # Only what lies below its target gets more than the least growth, and it comes nearer without passing.
        assert floor < standing.amount <= standing.target


def test_distance_is_from_the_target() -> None:
    assert distance_ppm(110, 100) == 100_000
    assert distance_ppm(90, 100) == -100_000
    assert distance_ppm(90, 0) is None
    assert Standing("G", 80, 100, 90).distance == -100_000
    assert Standing("G", 80, 100, 90).distance_before == -200_000


@pytest.mark.parametrize(("current", "moves"), [(1099, False), (1100, False), (1101, True), (900, False), (899, True)])
def test_who_has_to_progress(current: int, moves: bool) -> None:
    """More than ten per cent from fair share, on either side."""
    assert must_progress(current, 1000, 100_000) is moves
    assert not must_progress(current, 0, 100_000)


def test_a_walk_to_the_target_by_hand() -> None:
    years = pace({"A": 900, "B": 1100}, {"A": 1, "B": 1}, [2_200, 2_400], PaceParameters(0, 200_000))
    assert [year.amounts for year in years] == [{"A": 1_080, "B": 1_100}, {"A": 1_200, "B": 1_200}]
    assert [year.unallocated for year in years] == [20, 0]


def test_the_money_left_goes_by_distance() -> None:
    (year,) = pace({"A": 100, "B": 200, "C": 900}, {"A": 1, "B": 1, "C": 1}, [1_250], PaceParameters(0, 10 * PPM))
    lacking = {"A": Fraction(1250, 3) - 100, "B": Fraction(1250, 3) - 200}
    for code, gap in lacking.items():
        assert abs(year.amounts[code] - (100 if code == "A" else 200) - 50 * gap / sum(lacking.values())) <= 1
    assert year.amounts["C"] == 900


def test_what_makes_no_sense_is_refused() -> None:
    for budgets, shares, pots in (({"A": 1}, {"B": 1}, [1]), ({"A": -1}, {"A": 1}, [1]), ({"A": 1}, {"A": 1}, [-1])):
        with pytest.raises(ValueError):
            pace(budgets, shares, pots, PaceParameters(0, 0))
