"""Every figure of a plan version has steps that make it again, whatever is in the plan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openpbc.finance import actions
from openpbc.finance.reads import plan_figures
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.explained_plan import explain_comparison, explain_plan, grouped
from openpbc.finance.reads.plan_rates import WhatIf, reprice
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

PLACE = "west-herts-2008"
ADDED = (
    PlanLine("hosp", "Hospital prices", "inflation", "uplift", base=300_000_000_00, rate_source="tariff", scope="in"),
    PlanLine("drugs", "Drugs", "inflation", "uplift", base=1_000_00, rate_source="prescribing", heading="Prescribing"),
    PlanLine("stroke", "Stroke unit", "investment", "investment", amount=2_000_000_00, origin="new", link="PCT"),
    PlanLine("base", "Prescribing outturn", "outturn", amount=50_000_000_00, heading="prescribing", scope="out"),
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def book(db) -> Book:
    organisations.load_place(by=SYSTEM, place=PLACE)
    actions.load_published_plan(by=SYSTEM, place=PLACE)
    actions.draft_plan(by=SYSTEM, place=PLACE, source="1", title="Second")
    for revision, line in enumerate(ADDED, start=1):
        actions.add_line(by=SYSTEM, place=PLACE, version=2, revision=revision, line=line)
    return organisations_reads.book(PLACE)


def figures(book: Book, version: reads.Version) -> Iterator[tuple[str, int]]:
    """Every figure of a version that a page may show: its address and its value."""
    for line in version.lines:
        yield version.address(line.code), line.amount
        yield from ((version.address(line.code, name), value) for name in ("base", "rate")
                    if (value := getattr(line, name)) is not None)  # fmt: skip
    for total in reads.TOTALS:
        yield version.address(total), version.total(total)
        if printed := version.printed_total(total):
            yield version.address(total, "printed"), printed.amount
            yield version.address(total, "printed-difference"), printed.amount - version.total(total)
    for code, _, lines in grouped(version):
        yield version.address(code), sum(line.amount for line in lines)
    for found in (plan_figures.bridge(version), *plan_figures.bridges(version)):
        yield version.address(found.code, "base"), found.base
        yield version.address(found.code, "draft"), found.draft
        yield from ((version.address(found.code, part), amount) for part, _, amount in found.adjustments)
    reserve, claim, growth = (
        plan_figures.reserve_check(book, version), plan_figures.claim_check(book, version),
        plan_figures.real_growth(book),
    )  # fmt: skip
    assert not isinstance(reserve, NotSet) and not isinstance(claim, NotSet) and not isinstance(growth, NotSet)
    yield version.address("reserve-check", "expected"), reserve.expected
    yield version.address("reserve-check", "difference"), reserve.difference
    yield version.address("claim-check", "difference"), claim.difference
    yield version.address("real-growth", "real"), growth.real
    yield version.address("real-growth", "over-business-case"), growth.over_business_case


@pytest.mark.parametrize("key", ["book", "1", "2"])
def test_every_figure_is_made_again_from_its_steps(book, key):
    version, count = reads.version(book, key), 0
    for address, value in figures(book, version):
        found = explain_plan(book, address)
        assert (address, found.value, recompute(found)) == (address, value, value)
        count += 1
    assert count > 60
    assert explain_plan(book, version.address("total-allocation", "growth")).value in (88_526, 88_525)


def test_a_forecast_that_equals_the_allocation_breaks_even_and_a_larger_one_overspends(book):
    first = reads.version(book, "1")
    assert explain_plan(book, first.address("break-even", "difference")).value == 0
    assert explain_plan(book, reads.version(book, "2").address("break-even", "difference")).value == 50_000_000_00


def test_a_what_if_moves_only_what_it_touches_and_is_explained(book):
    version, tried = reads.version(book, "2"), WhatIf(25_000, "compound")
    found = reprice(book, version, tried)
    assert {was.code: now.amount - was.amount for was, now in found.moved} == {"hosp": 1_500_000_00, "drugs": 1_25}
    for was, now in found.moved:
        assert explain_plan(book, version.address(was.code, "amount", **tried.query)).value == now.amount
        change = explain_plan(book, version.address(was.code, "change", **tried.query))
        assert recompute(change) == change.value == now.amount - was.amount
    effect = explain_plan(book, version.address("total-balance", "change", **tried.query))
    assert recompute(effect) == found.totals.balance - version.balance
    only = reprice(book, version, WhatIf(25_000))
    assert [was.code for was, _ in only.moved] == ["hosp"], "efficiency re-prices the lines of the tariff and no other"


def test_differences_of_two_versions_are_explained(book):
    first, second = reads.version(book, "1"), reads.version(book, "2")
    for before, after in ((first, second), (second, first), (reads.version(book, "book"), second)):
        found = reads.compare(before, after)
        assert {each.code for each in found} == {line.code for line in ADDED}
        for each in found:
            explained = explain_comparison(book, reads.comparison_address(before, after, each.code))
            assert recompute(explained) == explained.value == each.effect
        whole = explain_comparison(book, reads.comparison_address(before, after, "total-balance"))
        assert recompute(whole) == whole.value == after.balance - before.balance


@pytest.mark.parametrize(
    "address",
    [
        "plan-version/west-herts-2008/9/total-balance/amount",
        "plan-version/west-herts-2008/x/total-balance/amount",
        "plan-version/west-herts-2008/1/nothing/amount",
        "plan-version/west-herts-2008/1/total-nothing/amount",
        "plan-version/west-herts-2008/1/acute/base",
        "plan-version/west-herts-2008/1/section-nothing/amount",
        "plan-version/west-herts-2008/1/budget-all/nothing",
        "plan-version/west-herts-2008/1/acute/change?efficiency=1",
        "plan-version/west-herts-2008/1/acute/amount?efficiency=-1",
        "plan-version/west-herts-2008/1/acute/amount?combination=both",
        "plan-version/west-herts-2008/1/acute",
    ],
)
def test_an_address_that_leads_nowhere_is_told_so(book, address):
    with pytest.raises(UserError):
        explain_plan(book, address)


def test_a_comparison_that_is_not_is_told_so(book):
    for end in ("1/2/acute/effect", "1/2/hosp/amount", "1/9/hosp/effect", "1/2/effect"):
        with pytest.raises(UserError):
            explain_comparison(book, f"plan-comparison/{PLACE}/{end}")
