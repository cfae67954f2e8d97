"""The scenarios of West Hertfordshire side by side, against what the papers print and what follows from it."""

from __future__ import annotations

import pytest

from openpbc.finance import reads
from openpbc.finance.reads.changes import between
from openpbc.finance.reads.comparing import published, tried
from openpbc.finance.rules.claims import Verdict
from openpbc.kernel.money import round_div
from openpbc.kernel.steps import recompute
from openpbc.rulebook.reader import Book, open_book

THOUSAND = 100_000
NONE, BUDGETED, ASKED, AGAIN = "no_deposit", "deposit_as_budgeted", "deposit_as_asked", "share_out_after_deposit"


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


@pytest.fixture(scope="module")
def compared(book: Book) -> reads.Comparison:
    found = reads.compare(book, [*published(book), tried(book, "scenario=no_deposit&cap=68000")])
    assert isinstance(found, reads.Comparison)
    return found


def of(compared: reads.Comparison, code: str) -> reads.Alternative:
    return next(each for each in compared.alternatives if each.choice.code == code)


def test_five_scenarios_stand_side_by_side(compared: reads.Comparison) -> None:
    assert len(compared.alternatives) == 5
    assert of(compared, "scenario=no_deposit&cap=68000").title == "No deposit, with a cap of 6.80%"


def test_balance_of_the_plan_under_each_deposit(compared: reads.Comparison) -> None:
    named = {code: of(compared, code).named.balance // THOUSAND for code in (NONE, BUDGETED, ASKED, AGAIN)}
    assert named == {NONE: 20884, BUDGETED: 7184, ASKED: 5284, AGAIN: 7209}


def test_what_each_group_gives_up(compared: reads.Comparison) -> None:
    result = of(compared, BUDGETED).result
    # The printed totals give 4,870, 5,578, 2,099 and 1,129; one of them is printed a thousand low.
    assert [round_div(one.deposit, THOUSAND) for one in result.groups] == [4870, 5577, 2099, 1129]
    assert round_div(result.deposit, THOUSAND) == 13675
    assert round(of(compared, BUDGETED).part_given_up("DATCOM") / 10_000, 1) == 40.8
    datcom = result.group("DATCOM")
    assert round(100 * datcom.total / result.total, 1) == 26.8


def test_growth_of_the_whole_budget_is_less_than_that_in_scope(compared: reads.Comparison) -> None:
    assert of(compared, BUDGETED).result.base_total == 647050 * THOUSAND
    assert round_div(of(compared, BUDGETED).result.total_growth, 100) == 629
    assert round_div(of(compared, NONE).result.total_growth, 100) == 841


def test_a_cap_is_not_the_rule_run_on_less_money(compared: reads.Comparison) -> None:
    (pair,) = compared.beside
    assert (pair.capped.choice.code, pair.shared.choice.code) == (BUDGETED, AGAIN)
    found = [between(pair.shared.result, pair.capped.result, one.code, "amount") for one in pair.capped.result.groups]
    assert [round_div(each.value, THOUSAND) for each in found] == [351, 1870, -1027, -1195]
    assert [round_div(one.growth, 100) for one in pair.shared.result.groups] == [724, 855, 600, 546]
    assert {one.distance for one in pair.shared.result.groups} == {0}


@pytest.mark.parametrize(
    ("asked", "cap", "in_scope"),
    [
        ({"cap": 70_000}, 70_000, 13618),
        ({"cap": 65_500}, 65_500, 15646),
        ({"deposit": 15_600 * THOUSAND}, 65_600, 15600),
        ({"deposit": 13_700 * THOUSAND}, 69_820, 13700),
    ],
)
def test_cap_and_deposit_are_found_from_each_other(book: Book, asked: dict[str, int], cap: int, in_scope: int) -> None:
    (found,) = reads.solved(book, asked)
    assert abs(found.result.cap - cap) <= 10
    assert abs(round_div(found.result.released, THOUSAND) - in_scope) <= 1


def test_a_deposit_that_no_cap_makes_is_told_in_a_sentence(book: Book) -> None:
    (found,) = reads.solved(book, {"deposit": 10**13})
    assert found.result is None
    assert "no cap on growth releases" in found.refused


def test_claims_are_judged_by_the_figures(book: Book, compared: reads.Comparison) -> None:
    judged = {each.code: each for each in reads.claims(book, compared)}
    nearer = judged["nearer"]
    assert (nearer.judged.verdict, nearer.judged.group) == (Verdict.FAILS, "DATCOM")
    assert "-0.966%" in nearer.judged.sentence
    assert "No deposit" in nearer.holds_for
    assert "a gap of 1.54 points" in judged["uplift"].judged.sentence
    assert "6.29%" in judged["uplift"].judged.sentence
    assert judged["prudent"].judged.verdict is Verdict.HOLDS
    assert judged["returned"].judged.verdict is Verdict.OPEN
    assert {each.verdict for each in (judged["smaller_deposit"].judged, judged["larger_deposit"].judged)} == {
        Verdict.HOLDS
    }
    assert not any("Table" in text for each in judged.values() for text in (each.claim, each.said_of))


def test_every_figure_of_a_comparison_is_explained_by_what_rebuilds_it(book: Book, compared: reads.Comparison) -> None:
    from openpbc.finance.offers import EXPLAIN
    from openpbc.finance.reads.changes import explain_between
    from openpbc.finance.reads.explaining import explain

    assert "fair-shares-between" in EXPLAIN
    figures = {
        "total_growth": "total_growth", "distance_rate": "distance_ppm", "deposit": "deposit",
        "base_total": "base_total", "growth": "growth",
        "excluded_before": "excluded_before", "excluded_by_rule": "excluded_by_rule",
        "released_excluded": "released_excluded", "target": "target",
    }  # fmt: skip
    for each in compared.alternatives:
        for one in each.result.groups:
            for figure, name in figures.items():
                found = explain(book, each.result.address(one.code, figure))
                assert found.value == recompute(found) == getattr(one, name), (each.title, one.code, figure)
            change = between(each.result, compared.first.result, one.code)
            found = explain_between(book, change.address)
            assert found.value == recompute(found) == change.value
