"""Tables 1 and 2 drafted as a version of the plan: every printed line, and totals that differ as the checks say."""

from __future__ import annotations

import pytest

from openpbc.finance import actions
from openpbc.finance.reads import plan_figures
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.rules.checks import Verdict
from openpbc.finance.rules.plan_versions import by_section
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads

PLACE = "west-herts-2008"
THOUSAND = 100_000
TABLE_1 = {
    "allocation_0708": 653130, "debt_repaid": 27146, "growth": 37123, "parity_and_mff": -3874,
    "other_non_recurrent": -2576,
}  # fmt: skip
TABLE_2 = {
    "forecast_outturn": 653130, "remove_non_recurrent": -1100, "inflation": 14613, "full_year_effect": 1230,
    "acute": -1687, "mental_health_ld": 2978, "other_non_acute": -1644, "prescribing": 3458, "primary_care": 7385,
    "provider_services": 2906, "corporate": 608, "choosing_health": 1079, "contingency": 7108, "deposit": 15600,
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> reads.Version:
    organisations.load_place(by=SYSTEM, place=PLACE)
    actions.load_published_plan(by=SYSTEM, place=PLACE)
    return reads.plan_version(PLACE, "2008-09", 1)


def test_every_printed_line_is_in_the_version(version):
    held = {line.code: line.amount for line in version.lines}
    assert held.pop("dental") == 0, "nobody has notified it, so it changes nothing yet"
    assert held == {code: amount * THOUSAND for code, amount in (TABLE_1 | TABLE_2).items()}
    assert {line.code for line in version.provisional} == {"parity_and_mff", "other_non_recurrent", "dental"}


def test_the_totals_are_those_of_the_lines_and_the_printed_ones_stand_beside_them(version):
    assert version.totals.allocation == 710_949 * THOUSAND
    shown = {
        each.code: (each.amount // THOUSAND, (each.amount - version.total(f"total-{each.code}")) // THOUSAND)
        for each in version.printed
    }
    assert shown == {"committed": (690_066, 2), "uncommitted": (20_884, -1), "balance": (5_284, -1)}


def test_the_eight_investment_headings_come_to_their_net_sum(version):
    assert by_section(version.lines)["investment"] == 15_083 * THOUSAND
    savings = {line.code: line.amount for line in version.lines if line.method == "saving"}
    assert savings == {"acute": -1687 * THOUSAND, "other_non_acute": -1644 * THOUSAND}


def test_the_reserve_is_a_little_less_than_its_share_and_passes(version):
    found = plan_figures.reserve_check(organisations_reads.book(PLACE), version)
    assert (found.reserve, found.expected, found.difference) == (7_108_000_00, 7_109_490_00, -1_490_00)
    assert found.verdict is Verdict.ROUNDING


def test_the_whole_plan_is_traced_from_outturn_to_draft(version):
    found = plan_figures.bridge(version)
    assert found.base + sum(amount for _, _, amount in found.adjustments) == found.draft == version.committed
    told = {kind: amount // THOUSAND for _, kind, amount in found.adjustments if amount}
    assert told == {
        "non-recurrent spending taken out": -1100, "full-year effect": 1230, "inflation": 14613, "investment": 15083,
        "reserve": 7108,
    }  # fmt: skip


def test_the_plan_as_printed_and_its_version_do_not_differ(version):
    printed = reads.printed_version(organisations_reads.book(PLACE))
    assert reads.compare(printed, version) == ()
