"""Sets of budgets and the ledger: whatever is approved in whatever order, the accounts hold the last set's lines."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance.rules.budget_sets import difference_journals, first_journals, sums
from openpbc.finance.rules.ledger import JOURNAL_KINDS, Draft, check_draft

DAY = date(2008, 4, 1)
ACCOUNTS = (
    "held/contingency", "held/unallocated", "held/not-at-group-level", "group/EAST/in-scope", "group/EAST/out-of-scope",
    "group/WEST/in-scope", "deposit/EAST", "deposit/WEST",
)  # fmt: skip
SETS = st.dictionaries(st.sampled_from(ACCOUNTS), st.integers(0, 10**12), min_size=1)


def post(balances: dict[str, int], journals) -> None:
    """Post journals as the ledger would; each must be one that the ledger takes."""
    for kind, entries in journals:
        check_draft(Draft(kind, entries, DAY, "a test"))
        assert kind in JOURNAL_KINDS
        for entry in entries:
            balances[entry.account] = balances.get(entry.account, 0) + entry.pence


@given(st.lists(SETS, min_size=1, max_size=6))
def test_any_sequence_of_sets_leaves_the_last_ones_lines_and_nought_in_all(sets) -> None:
    balances: dict[str, int] = {}
    before: dict[str, int] | None = None
    for lines in sets:
        allocation = sum(lines.values())
        assert sums(allocation, lines).difference == 0
        if before is None:
            post(balances, first_journals(allocation, lines))
        else:
            post(balances, difference_journals(before, lines, allocation - sum(before.values())))
        before = lines
        assert sum(balances.values()) == 0
        held = {code: pence for code, pence in balances.items() if pence and code != "allocation"}
        assert held == {code: pence for code, pence in lines.items() if pence}
        assert balances.get("allocation", 0) == -allocation


@given(SETS, st.integers(-(10**9), 10**9))
def test_the_difference_is_what_the_lines_are_above_the_allocation(lines, gap) -> None:
    found = sums(sum(lines.values()) - gap, lines)
    assert found.difference == gap
    assert found.held + found.groups + found.deposits == found.allocation + gap
