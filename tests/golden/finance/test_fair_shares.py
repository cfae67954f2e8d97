"""Fair shares of West Hertfordshire 2008/09 against the published budgets, in thousands of pounds.

The shares are read back from the table without a deposit, so its four matches show consistency; the capped table is an
independent test.
"""

from __future__ import annotations

import pytest

from openpbc.finance import reads
from openpbc.finance.rules.inflation import Combination
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book, open_book

THOUSAND = 100_000
TENTH = 10_000
POT = 495679 * THOUSAND


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


def each(result: reads.FairShares, figure: str, unit: int = THOUSAND) -> list[int]:
    """A figure of every group, rounded half up to the unit."""
    return [(getattr(group, figure) + unit // 2) // unit for group in result.groups]


def test_three_steps(book: Book) -> None:
    result = reads.fair_shares(book)
    hundredth = THOUSAND // 100
    assert [group.code for group in result.groups] == ["WATCOM", "DATCOM", "STAHCOM", "HERTSMERE"]
    assert result.pot == POT
    assert each(result, "target") == [164360, 134787, 112232, 84300]
    assert each(result, "floor", hundredth) == [15578233, 12620570, 10757230, 8123726]
    assert each(result, "after_extra", hundredth) == [16249066, 13164039, 11220460, 8430000]
    assert each(result, "lacking", hundredth) == [186934, 314661, 2740, 0]
    assert result.left == 504335 * hundredth
    assert [group.amount for group in result.groups] == [n * THOUSAND for n in (164360, 134787, 112232, 84300)]
    assert (result.released, result.unallocated) == (0, 0)
    assert [group.growth // 100 for group in result.groups] == [1025, 1160, 902, 843]


def test_a_pot_one_thousand_lower_stays_within_one_thousand(book: Book) -> None:
    result = reads.fair_shares(book, reads.Settings(pot=POT - THOUSAND))
    for group, expected in zip(result.groups, (164360, 134787, 112232, 84300), strict=True):
        assert abs(group.amount - expected * THOUSAND) <= THOUSAND
    assert result.amount == POT - THOUSAND


def test_cap_gives_the_budgets_with_a_deposit(book: Book) -> None:
    result = reads.fair_shares(book, reads.Settings(scenario="deposit_as_budgeted"))
    assert each(result, "amount") == [159509, 129225, 110146, 83181]
    assert result.released == 1361832000
    assert {group.growth for group in result.groups} == {70000}
    assert result.amount + result.released + result.unallocated == POT


def test_release_in_scope_and_out_of_scope_make_the_printed_deposit(book: Book) -> None:
    result = reads.fair_shares(book, reads.Settings(scenario="deposit_as_budgeted"))
    tables = {table.code: table for table in reads.tables(book)}
    before, after = (
        sum(row.cell("ex08").printed for row in tables[code].rows if row.role == "group") for code in ("T4", "T5")
    )
    assert (before - after) // THOUSAND == 57
    assert round((result.released + before - after) / THOUSAND) == 13675


def test_cap_and_deposit_solve_each_other(book: Book) -> None:
    asked = reads.fair_shares(book, reads.Settings(scenario="deposit_as_asked"))
    assert asked.released == 1564567800
    for deposit, growth_limit in ((15600, 65601), (13700, 69819)):
        solved = reads.fair_shares(book, reads.Settings(deposit=deposit * THOUSAND))
        assert solved.released == deposit * THOUSAND
        assert solved.cap == growth_limit


def test_rerun_on_less_money_is_not_the_cap(book: Book) -> None:
    result = reads.fair_shares(book, reads.Settings(scenario="share_out_after_deposit"))
    assert each(result, "amount", TENTH) == [1598603, 1310952, 1091188, 819857]
    assert [round(group.growth / 100) for group in result.groups] == [724, 855, 600, 546]
    assert all(abs(group.distance) <= 1 for group in result.groups)
    printed = (159509, 129225, 110146, 83181)
    gaps = [group.amount - amount * THOUSAND for group, amount in zip(result.groups, printed, strict=True)]
    assert [round(gap / TENTH) for gap in gaps] == [3513, 18702, -10272, -11953]


def test_distance_report(book: Book) -> None:
    report = reads.distance_report(book)
    distances = {point.code: [round(group.distance / TENTH) for group in point.groups] for point in report.points}
    assert distances == {
        "base": [-4291, -16949, 9748, 11492],
        "no_deposit": [0, 0, 0, 0],
        "deposit_as_budgeted": [-3513, -18712, 10272, 11953],
    }
    percents = {point.code: [round(group.ppm / 10) for group in point.groups] for point in report.points}
    assert percents["base"] == [-201, -966, 659, 1045]
    assert percents["deposit_as_budgeted"] == [-155, -1004, 653, 1023]
    assert report.moved_away("deposit_as_budgeted") == ("DATCOM",)
    assert report.moved_away("no_deposit") == ()
    assert report.point("deposit_as_budgeted").claim
    assert report.point("deposit_as_budgeted").note
    assert report.status == "assumed"


def test_group_budgets_by_scenario(book: Book) -> None:
    budgets = reads.group_budgets(book, "deposit_as_budgeted")
    assert budgets.scenario.printed == "T5"
    totals = {code: round(group.total / THOUSAND) for code, group in budgets.by_code.items()}
    # DatCom is printed 184,546; its parts make 184,547, as the checks say.
    assert totals == {"WATCOM": 226893, "DATCOM": 184547, "STAHCOM": 158245, "HERTSMERE": 118083}
    assert budgets.total == sum(group.amount + group.excluded for group in budgets.groups)


def test_growth_of_whole_budgets_is_less_than_growth_in_scope(book: Book) -> None:
    before = 647050 * THOUSAND
    growth = {
        code: round((reads.group_budgets(book, code).total - before) * 10_000 / before)
        for code in ("no_deposit", "deposit_as_budgeted")
    }
    assert growth == {"no_deposit": 841, "deposit_as_budgeted": 629}


def test_assumptions_and_what_ifs_on_them(book: Book) -> None:
    found = reads.assumptions(book)
    assert {code: rate.ppm for code, rate in found.rates.items()} == {
        "tariff": 23000, "prescribing": 75000, "gms": 25000, "pay": 20000, "non_pay": 27000,
    }  # fmt: skip
    assert found.rates["prescribing"].on(1000_00) == 1075_00
    assert (found.real_growth.nominal, found.real_growth.price, found.real_growth.real) == (54600, 23000, 31600)
    compound = reads.assumptions(book, reads.Changes(combination=Combination.COMPOUND))
    assert compound.rates["prescribing"].on(1000_00) == 1076_25
    assert compound.rates["gms"].ppm == 25150
    lower = reads.assumptions(book, reads.Changes({"finance.tariff_efficiency": 25000}))
    assert lower.rates["tariff"].ppm == 28000
    assert {code: rate for code, rate in lower.rates.items() if code != "tariff"} == {
        code: rate for code, rate in found.rates.items() if code != "tariff"
    }
    assert {gap.id for gap in found.gaps} == {
        "finance.deposit_agreed", "finance.recurrent_commitments", "finance.deposit_return_date",
        "finance.deposit_interest", "finance.deposit_call_procedure",
    }  # fmt: skip
    with pytest.raises(UserError, match="no rate of the plan"):
        reads.assumptions(book, reads.Changes({"finance.nothing": 1}))
