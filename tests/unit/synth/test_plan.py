"""The SYNTHETIC activity plan comes from expectations and lies near what the files hold, without meeting it."""

from __future__ import annotations

from collections import Counter

import pytest

from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.synth.county import KINDS, read_county
from openpbc.synth.expected import expected_mix
from openpbc.synth.plan import plan_rows
from openpbc.synth.volumes import Expectations, day_weights, month_weight


@pytest.fixture(scope="module")
def county():
    return read_county(open_book("west-herts-2008"))


def test_each_line_is_planned_once_and_in_whole_numbers(county):
    rows = plan_rows(county, 7, 1_000_000)
    keys = Counter(row[:5] for row in rows)
    assert max(keys.values()) == 1
    assert all(isinstance(row[5], int) and isinstance(row[6], int) and row[5] > 0 and row[6] >= 0 for row in rows)
    assert {row[0] for row in rows} == {"RC9", "RVL", "RWG", "RWH"}
    assert len({row[4] for row in rows}) == 12


def test_the_plan_depends_on_nothing_but_the_county_the_seed_and_the_scale(county):
    assert plan_rows(county, 7, 10_000) == plan_rows(county, 7, 10_000)


def test_planned_spells_lie_near_the_volumes(county):
    planned = sum(row[5] for row in plan_rows(county, 7, 1_000_000) if row[2] == "apc")
    volumes = county.numbers("volumes", "kind", "per_year")
    assert abs(planned - volumes["planned"] - volumes["unplanned"]) < 0.06 * planned


def test_a_practice_that_moves_takes_its_plan_along(county):
    def of(unit: str, month: str) -> int:
        return sum(row[5] for row in plan_rows(county, 7, 1_000_000) if (row[1], row[2], row[4]) == (unit, "op", month))

    before, after = (
        of("STAHCOM", "2008-09") / of("DATCOM", "2008-09"),
        of("STAHCOM", "2008-10") / of("DATCOM", "2008-10"),
    )
    assert after > before * 1.03


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_mix_of_a_kind_is_nearly_whole(county, kind):
    mix = expected_mix(county, kind, "RWG")
    share = sum(part for part, _ in mix.values())
    assert all(part > 0 and price >= 0 for part, price in mix.values())
    if kind in ("planned", "unplanned"):
        assert 970_000 < share <= 1_000_000


def test_bank_holidays_count_as_sundays(county):
    days = day_weights(county, "appointments", Month.parse("2008-05"))
    by_day = {str(day): weight for day, weight in days.items()}
    assert by_day["2008-05-05"] == by_day["2008-05-04"] < by_day["2008-05-06"]


def test_months_of_the_year_share_the_yearly_volume(county):
    expectations = Expectations(county, 7)
    whole = sum(
        expectations.count("appointments", month, provider)
        for month in county.year.months
        for provider in county.providers
    )
    assert abs(whole - county.numbers("volumes", "kind", "per_year")["appointments"]) < 100
    assert month_weight(county, "appointments", Month.parse("2008-12")) < month_weight(
        county, "appointments", Month.parse("2008-10")
    )
