"""The value of a case over its whole life: a table of cases, and steps that add up to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.redesign.rules.shifts import Shift, ShiftTable
from openpbc.redesign.rules.value import LONGEST_YEARS, covers, missing, value_steps, whole_life

MOVE = Shift("Trust", "Clinic", 100_00, 80_00)
SUMS = st.integers(0, 10**9)
TABLES = st.builds(
    ShiftTable,
    st.lists(st.builds(Shift, st.just("Trust"), st.just("Clinic"), SUMS, SUMS), max_size=5).map(tuple),
    saving=SUMS, new_money=SUMS, one_off=SUMS, years=st.integers(0, LONGEST_YEARS),
)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "value", "why"),
    [
        (ShiftTable((MOVE,), saving=20_00, one_off=5_00, years=3), 245_00, ""),
        (ShiftTable((MOVE, MOVE), years=1), 160_00, ""),
        (ShiftTable((MOVE,), one_off=5_00), None, "Nobody has said for how many years"),
        (ShiftTable(one_off=5_00, years=3), None, "No move of money is written down yet"),
    ],
)
def test_the_value_is_what_is_contracted_for_in_all_years_and_what_is_paid_once(table, value, why) -> None:
    assert whole_life(table) == value
    assert missing(table).startswith(why) and bool(missing(table)) == bool(why)


@pytest.mark.parametrize(
    ("budget", "table", "held"),
    [
        (85_00, ShiftTable((MOVE,), one_off=5_00, years=3), True),
        (84_99, ShiftTable((MOVE,), one_off=5_00, years=3), False),
        (0, ShiftTable(years=1), False),
        (-1, ShiftTable(years=1), False),
    ],
)
def test_a_budget_covers_a_case_when_it_covers_the_year_that_costs_most(budget, table, held) -> None:
    assert covers(budget, table) is held


@given(SUMS, SUMS, st.integers(1, LONGEST_YEARS))
def test_the_whole_life_counts_what_is_paid_each_year(one_off: int, yearly: int, years: int) -> None:
    table = ShiftTable((Shift("Trust", "Clinic", yearly, yearly),), one_off=one_off, years=years)
    assert whole_life(table) == one_off + sum(yearly for _ in range(years))


@given(TABLES)
def test_the_steps_rebuild_the_value_and_a_longer_life_is_never_worth_less(table: ShiftTable) -> None:
    value = whole_life(table)
    if value is None:
        assert missing(table)
        return
    assert sum(each.effect for each in value_steps(table)) == value
    longer = ShiftTable(table.shifts, table.saving, table.new_money, table.one_off, table.years + 1)
    assert (whole_life(longer) or 0) >= value
