"""What a plan comes to and lacks, what support a group is due, and what it earns under the incentive scheme."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance.rules.commissioning import PlannedItem, cost_of, cost_steps, gap, plan_findings, support_due
from openpbc.finance.rules.incentives import Competency, earned, missing

items = st.builds(
    PlannedItem,
    number=st.integers(1, 99),
    title=st.text(max_size=5),
    cost=st.none() | st.integers(-(10**10), 10**10),
    priority=st.sampled_from(["", "P01"]),
    scope=st.sampled_from(["in", "out"]),
)


@given(st.lists(items, max_size=12), st.integers(0, 10**12))
def test_cost_gap_and_findings_account_for_every_item(found, budget):
    costed = [item.cost for item in found if item.cost is not None]
    assert cost_of(found) == sum(costed) == sum(step.effect for step in cost_steps(found, "x"))
    assert gap(budget, cost_of(found)) + cost_of(found) == budget
    rules = [finding.rule for finding in plan_findings(found, has_context=True)]
    assert rules.count("GP-03") == len(found) - len(costed)
    assert rules.count("GP-04") == sum(not item.priority for item in found)


def test_the_gap_of_the_worked_example():
    assert gap(687_767_000_00, 690_000_000_00) == -2_233_000_00


@given(st.integers(0, 500), st.integers(0, 10**7))
def test_support_doubles_with_the_practices(practices, rate):
    assert support_due(2 * practices, rate).effect == 2 * support_due(practices, rate).effect


SCHEME = (
    Competency("C01", "Plan agreed", "group", 10_000_00, True),
    Competency("C02", "Prescribing reviewed", "patient", 25, False),
    Competency("C03", "Not priced", "group", None, True),
)


def test_only_what_is_shown_and_priced_earns():
    found = earned(SCHEME, {"C01": "part", "C02": "met", "C03": "met"}, patients=1_000)
    assert [step.effect for step in found.steps] == [5_000_00, 250_00]
    assert found.without_amount == ("Not priced",)
    assert earned(SCHEME, {"C01": "not met", "C02": "part"}, 1_000).pence == 0


def test_an_amount_for_each_patient_needs_the_list():
    found = earned(SCHEME, {"C02": "met"}, patients=None)
    assert (found.pence, found.without_amount) == (0, ("Prescribing reviewed",))


def test_what_nobody_looked_at_is_named():
    assert missing(SCHEME, {"C01"}) == ("Prescribing reviewed", "Not priced")
