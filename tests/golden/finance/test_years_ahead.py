"""The deposit of West Hertfordshire in the years ahead, against the papers; what they leave open stays open."""

from __future__ import annotations

import pytest

from openpbc.finance.reads.explaining import explain
from openpbc.finance.reads.multi_year import MultiYear, Tried, multi_year
from openpbc.kernel.money import round_div
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.values import NotSet

THOUSAND = 100_000
GROUPS = ("WATCOM", "DATCOM", "STAHCOM", "HERTSMERE")
pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    return open_book("west-herts-2008")


def laid_out(book: Book, tried: Tried | None = None) -> MultiYear:
    found = multi_year(book, tried)
    assert isinstance(found, MultiYear)
    return found


def test_whose_deposit_it_is(book: Book) -> None:
    held = laid_out(book).lodged
    assert [held.printed[unit] // THOUSAND for unit in GROUPS] == [4870, 5578, 2099, 1129]
    assert sum(held.printed.values()) == 13_676 * THOUSAND
    assert [round_div(held.by_unit[unit], THOUSAND) for unit in GROUPS] == [4870, 5577, 2099, 1129]
    assert round_div(held.total, THOUSAND) == 13_675
    assert round(100 * held.by_unit["DATCOM"] / held.total, 1) == 40.8
    assert round(100 * held.budgets["DATCOM"] / sum(held.budgets.values()), 1) == 26.8


def test_years_run_to_the_horizon_and_assume_nothing(book: Book) -> None:
    found = laid_out(book)
    assert [each.year for each in found.years] == ["2008-09", "2009-10", "2010-11", "2011-12", "2012-13", "2013-14"]
    assert found.years[0].growth_without == 88_526
    assert found.years[0].growth_with == 67_588
    assert {each.without for each in found.years[1:]} == {None}
    assert {each.returned for each in found.years} == {0}
    assert all(isinstance(each, NotSet) for each in found.commitments.values())
    assert found.evened.without is None
    assert round_div(found.evened.difference, THOUSAND) == -13_675


def test_a_lower_growth_lowers_each_later_year(book: Book) -> None:
    plain, lower = laid_out(book, Tried(growth=30_000)), laid_out(book, Tried(growth=30_000, lower=5_000))
    assert [each.rate for each in plain.years[1:]] == [30_000] * 5
    assert [each.rate for each in lower.years[1:]] == [25_000] * 5
    assert plain.years[0].without == lower.years[0].without
    assert plain.evened.with_deposit - plain.evened.without == -plain.evened.still_lodged


@pytest.mark.parametrize(("code", "warned"), [("no_deposit", True), ("deposit_as_budgeted", False)])
def test_a_deposit_below_the_fall_in_spending_power_is_warned_of(book: Book, code: str, warned: bool) -> None:
    told = [each.rule for each in laid_out(book, Tried(code)).findings]
    assert ("RS-01" in told) == warned


def test_every_figure_is_explained_by_what_rebuilds_it(book: Book) -> None:
    tried = Tried("deposit_as_budgeted", 30_000, 5_000)
    found = laid_out(book, tried)
    assert Tried.parse(tried.query) == tried
    for year in found.years:
        for figure, name in (
            ("without", "without"), ("with", "with_deposit"), ("lodged", "lodged"), ("returned", "returned"),
            ("growth_without", "growth_without"), ("growth_with", "growth_with"), ("cost", "cost"),
        ):  # fmt: skip
            shown = explain(book, found.address(year.year, figure))
            assert shown.value == recompute(shown) == getattr(year, name), (year.year, figure)
    for figure, value in (
        ("without", found.evened.without), ("with", found.evened.with_deposit), ("lodged", found.evened.lodged),
        ("still_lodged", found.evened.still_lodged), ("difference", found.evened.difference),
    ):  # fmt: skip
        shown = explain(book, found.address("together", figure))
        assert shown.value == recompute(shown) == value
    for unit in (*GROUPS, "all"):
        for figure in ("deposit", "printed", "returned", "left", "part", "budget_part", "returned-2009-10"):
            shown = explain(book, found.address(unit, figure))
            assert shown.value == recompute(shown), (unit, figure)
    assert explain(book, found.address("all", "printed")).value == 13_676 * THOUSAND
    assert explain(book, found.address("purpose.none", "assigned")).value == found.lodged.total


@pytest.mark.parametrize(
    "address",
    ["2009-10/nothing", "2009-10/without", "NOBODY/deposit", "purpose.x/assigned", "all/nothing", "together/x"],
)
def test_what_has_no_figure_is_refused_in_a_sentence(book: Book, address: str) -> None:
    with pytest.raises(UserError):
        explain(book, f"multi-year/{book.place.id}/{address}")


@pytest.mark.parametrize("query", ["growth=x", "floor=3", "with=scenario=a"])
def test_an_address_that_nobody_wrote_is_refused(book: Book, query: str) -> None:
    with pytest.raises(UserError):
        explain(book, f"multi-year/{book.place.id}/all/deposit?{query}")
