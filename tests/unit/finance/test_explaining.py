"""Every finance figure explains itself: its steps rebuild it, and it names rule, source and book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openpbc.finance import reads
from openpbc.finance.reads.explained_shares import SUMMED
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, recompute
from openpbc.rulebook.reader import Book, open_book

WHAT_IFS = (
    reads.Settings(),
    reads.Settings(scenario="deposit_as_budgeted"),
    reads.Settings(scenario="deposit_as_asked"),
    reads.Settings(scenario="share_out_after_deposit"),
    reads.Settings(pot=49_567_800_000),
    reads.Settings(pot=48_000_000_000),
    reads.Settings(pot=60_000_000_000),
    reads.Settings(deposit=1_370_000_000),
    reads.Settings(floor=20_000, extra=0, cap=50_000, pot=46_000_000_000),
    reads.Settings(floor=200_000, cap=70_000, deposit=5),
)


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


@pytest.fixture(scope="module")
def board() -> Book:
    return open_book("blmk-2023")


def explained(book: Book, address: str, value: int) -> Explanation:
    explanation = reads.explain(book, address)
    assert explanation.value == value, address
    assert recompute(explanation) == value, address
    assert sum(step.effect for step in explanation.steps) == value, address
    assert explanation.address == address
    assert explanation.title
    assert explanation.formula
    assert explanation.citations
    assert ("book", book.hash) in explanation.evidence
    assert explanation.statuses
    return explanation


def addresses_in(explanation: Explanation) -> Iterator[tuple[str, int]]:
    yield from ((step.address, step.effect) for step in explanation.steps if step.address)


def test_every_printed_figure(book: Book) -> None:
    for table in reads.tables(book):
        for row in table.rows:
            for cell in row.cells:
                if cell.printed is not None:
                    explained(book, cell.address, cell.printed)


def test_every_check(book: Book) -> None:
    for check in reads.checks(book):
        explained(book, check.address, check.recomputed)
        start = check.address.rpartition("/")[0]
        explained(book, f"{start}/printed", check.printed)
        explained(book, f"{start}/difference", check.difference)


@pytest.mark.parametrize("settings", WHAT_IFS, ids=lambda settings: settings.query or "as it is")
def test_every_fair_share_figure(book: Book, settings: reads.Settings) -> None:
    result = reads.fair_shares(book, settings)
    for group in result.groups:
        explained(book, group.address, group.amount)
        explained(book, result.address(group.code, "growth"), group.growth)
        for figure in SUMMED:
            explanation = explained(book, result.address(group.code, figure), getattr(group, figure))
            # Steps that lead on lead to figures that exist.
            for address, effect in addresses_in(explanation):
                explained(
                    book, address, abs(effect) if effect < 0 and reads.explain(book, address).value > 0 else effect
                )
    for figure in SUMMED:
        explained(book, result.address("all", figure), sum(getattr(group, figure) for group in result.groups))
    explained(book, result.address("all", "pot"), result.pot)
    explained(book, result.address("all", "unallocated"), result.unallocated)
    explained(book, result.address("all", "growth"), result.growth)
    assert result.amount + result.released + result.unallocated == result.pot


def test_plan_rates_and_distances(book: Book) -> None:
    for position in (*reads.plan_scenarios(book), reads.plan(book, deposit=5)):
        laid_out = position.plan
        explained(book, position.figure_address("allocation"), laid_out.allocation)
        explained(book, position.figure_address("committed"), laid_out.committed.total)
        explained(book, position.figure_address("uncommitted"), laid_out.uncommitted.total)
        explained(book, position.figure_address("deposit"), position.deposit)
        explained(book, position.figure_address("balance"), position.balance)
        assert position.address == position.figure_address("balance")
    for rate in reads.assumptions(book).rates.values():
        explained(book, rate.address, rate.ppm)
        for part in rate.parts:
            explained(book, part.address, part.ppm)
    for point in reads.distance_report(book).points:
        for group in point.groups:
            explained(book, f"finance/{book.place.id}/distance/{point.code}/{group.code}", group.distance)


def test_every_need_figure(board: Book) -> None:
    report = reads.need_shares(board)
    for need in (*report.shares.places, report.shares.selection):
        explained(board, report.figure_address(need.place, "population"), need.population)
        for number, part in enumerate(need.components):
            explained(board, report.figure_address(need.place, "weighted", number), part.weighted)
            explained(board, report.figure_address(need.place, "share", number), part.share)
            explained(board, report.figure_address(need.place, "index", number), part.index * 1000)


def test_what_if_and_capped_explanations_say_so(book: Book) -> None:
    result = reads.fair_shares(book, reads.Settings(scenario="deposit_as_budgeted", floor=40_000))
    explanation = reads.explain(book, result.groups[0].address)
    assert any("what-if" in note for note in explanation.notes)
    assert any(step.rule == "fair-shares-cap" for step in explanation.steps)
    assert "assumed" in explanation.statuses


@pytest.mark.parametrize(
    "address",
    [
        "", "x", "finance", "finance/elsewhere/T4/WATCOM/in08", "finance/west-herts-2008/T4/WATCOM",
        "finance/west-herts-2008/T9/WATCOM/in08", "finance/west-herts-2008/T4/NOBODY/in08",
        "finance/west-herts-2008/T4/WATCOM/nothing", "finance/west-herts-2008/T1/debt_repaid/percent",
        "finance/west-herts-2008/checks/none/recomputed", "finance/west-herts-2008/checks/T1.sum/nothing",
        "finance/west-herts-2008/value/finance.nothing/value", "finance/west-herts-2008/value/finance.nothing/x",
        "finance/west-herts-2008/value/finance.deposit_agreed/value", "finance/west-herts-2008/assumptions/none/rate",
        "finance/west-herts-2008/assumptions/pay/x", "finance/west-herts-2008/plan/nothing/no_deposit",
        "finance/west-herts-2008/plan/balance/no_scenario", "finance/west-herts-2008/distance/base/NOBODY",
        "finance/west-herts-2008/distance/nowhere/WATCOM", "fair-shares/west-herts-2008/NOBODY",
        "fair-shares/west-herts-2008/WATCOM/nothing", "fair-shares/west-herts-2008/WATCOM?floor=-1",
        "fair-shares/west-herts-2008/WATCOM?place=x", "fair-shares/west-herts-2008/WATCOM?scenario=none",
        "need-shares/west-herts-2008/all/population",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_one_sentence(book: Book, address: str) -> None:
    with pytest.raises(UserError) as caught:
        reads.explain(book, address)
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize("rest", ["all", "all/index/99", "all/nothing/1", "nobody/population", "all/weighted/x"])
def test_a_need_address_that_leads_nowhere_is_one_sentence(board: Book, rest: str) -> None:
    with pytest.raises(UserError):
        reads.explain(board, f"need-shares/{board.place.id}/{rest}")
