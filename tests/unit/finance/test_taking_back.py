"""What comes back when a budget is lowered, and what a year's end gives back to whom: to the penny."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance.rules.indicative import taken_back
from openpbc.finance.rules.ledger import ALLOCATION, PARTNERS, Entry
from openpbc.finance.rules.year_end import check_decided, told_decisions, year_end
from openpbc.kernel.problems import UserError

HOLDINGS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 10**9), max_size=8)


@given(pence=st.integers(0, 10**10), own=st.integers(0, 10**9), below=HOLDINGS)
def test_nobody_gives_more_than_he_has_and_together_it_is_what_is_missing(
    pence: int, own: int, below: dict[str, int]
) -> None:
    back = taken_back(pence, own, below)
    short = min(max(0, pence - own), sum(below.values()))
    assert sum(back.values()) == short
    for code, share in back.items():
        assert 0 < share <= below[code]
        assert abs(share * sum(below.values()) - short * below[code]) < sum(below.values()), "in proportion, to a penny"


def test_what_a_line_holds_itself_goes_first() -> None:
    assert taken_back(100, 100, {"a": 50}) == {}
    assert taken_back(101, 100, {"a": 50, "b": 0}) == {"a": 1}
    assert taken_back(100, 0, {"a": 10, "b": 20}) == {"a": 10, "b": 20}


def test_partners_money_goes_back_to_partners_and_comes_from_them() -> None:
    found = year_end({"pool/beds/county": 30, "pool/beds/health": 10}, {"pool": True}, {"pool/beds/county"})
    assert set(found.opening) == {
        Entry(ALLOCATION, -10),
        Entry(PARTNERS, -30),
        Entry("pool/beds/county", 30),
        Entry("pool/beds/health", 10),
    }
    assert (found.carried_pence, found.lapsed_pence) == (40, 0)
    lapsed = year_end({"pool/beds/county": 30}, {"pool": False}, {"pool/beds/county"})
    assert (lapsed.carried_pence, lapsed.lapsed_pence, lapsed.lapsed[0]) == (0, 30, Entry(PARTNERS, 30))


def test_a_decision_is_of_what_is_open_and_has_a_reason() -> None:
    check_decided({}, "", ("pool",))
    check_decided({"pool": True}, "agreed", ("pool",))
    with pytest.raises(UserError, match="nothing to decide on accounts of kind held"):
        check_decided({"held": True}, "agreed", ("pool",))
    with pytest.raises(UserError, match="a decision needs a reason"):
        check_decided({"pool": True}, " ", ("pool",))
    assert told_decisions({}, "x") == "" and "carried. Why: agreed" in told_decisions({"pool": True}, "agreed")
