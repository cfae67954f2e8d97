"""Moves in and out of scope lose nothing, undo each other, and do not mind their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance import reads
from openpbc.finance.reads.settings import read_scope, scope_text
from openpbc.finance.rules.scope_moves import IN, OUT, ItemAmounts, ScopeChange, moved, net, rebased, shared_again
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book, open_book

THOUSAND = 100_000
CODES = ("DATCOM", "HERTSMERE", "STAHCOM", "WATCOM")
amounts = st.dictionaries(
    st.sampled_from(CODES), st.builds(ItemAmounts, st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1
)
changes = st.lists(st.tuples(amounts, st.sampled_from([IN, OUT])), max_size=6)


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


@given(amounts)
def test_what_one_scope_loses_the_other_gains(item: dict[str, ItemAmounts]) -> None:
    out = moved(item, OUT)
    assert all(each.base == -each.excluded_before for each in out.values())
    assert sum(each.excluded for each in out.values()) == sum(each.this for each in item.values())
    assert net([out, moved(item, IN)]) == {}


@given(changes, st.randoms(use_true_random=False))
def test_order_is_irrelevant(moves, chance) -> None:
    each = [moved(item, to) for item, to in moves]
    mixed = chance.sample(each, len(each))
    assert net(each) == net(mixed)
    text = scope_text(net(each))
    assert (read_scope(text) if text else {}) == net(each)


@given(amounts, st.dictionaries(st.sampled_from(CODES), st.integers(1, 10**6), min_size=1), st.sampled_from([IN, OUT]))
def test_another_basis_keeps_the_total_of_both_years(item, weights, scope) -> None:
    again = shared_again(item, weights)
    assert sum(each.last for each in again.values()) == sum(each.last for each in item.values())
    assert sum(each.this for each in again.values()) == sum(each.this for each in item.values())
    found = rebased(item, again, scope).values()
    assert sum(each.base for each in found) == sum(each.excluded for each in found) == 0
    assert sum(each.excluded_before for each in found) == 0


@given(changes)
def test_a_move_keeps_every_total_of_the_year(book: Book, moves) -> None:
    small = [
        moved({code: ItemAmounts(a.last % THOUSAND, a.this % THOUSAND) for code, a in i.items()}, to) for i, to in moves
    ]
    text = scope_text(net(small))
    for code in ("no_deposit", "share_out_after_deposit"):
        plain = reads.fair_shares(book, reads.Settings(code))
        result = reads.fair_shares(book, reads.Settings(code, scope=text))
        assert result.share_total == plain.share_total
        assert result.base_total == plain.base_total
        assert result.pot + sum(one.excluded for one in result.groups) == plain.pot + sum(
            one.excluded for one in plain.groups
        )
        assert result.amount + result.released + result.unallocated == result.pot


def test_an_item_of_a_hundred_moves_a_hundred(book: Book) -> None:
    item = {"WATCOM": ItemAmounts(100 * THOUSAND, 100 * THOUSAND)}
    scope = scope_text(moved(item, OUT))
    before, after = reads.fair_shares(book), reads.fair_shares(book, reads.Settings(scope=scope))
    one, other = before.group("WATCOM"), after.group("WATCOM")
    assert one.base - other.base == 100 * THOUSAND
    assert other.excluded - one.excluded == 100 * THOUSAND
    assert other.excluded_before - one.excluded_before == 100 * THOUSAND
    assert before.pot - after.pot == 100 * THOUSAND
    assert one.target - other.target == 100 * THOUSAND
    assert {group.base for group in before.groups[1:]} == {group.base for group in after.groups[1:]}


def test_moved_figures_are_explained(book: Book) -> None:
    from openpbc.finance.reads.explaining import explain
    from openpbc.kernel.steps import recompute

    result = reads.fair_shares(book, reads.Settings("deposit_as_budgeted", scope="WATCOM.-100.100.105"))
    for figure in ("base", "excluded", "excluded_by_rule", "excluded_before", "target", "amount", "total", "deposit"):
        found = explain(book, result.address("WATCOM", figure))
        assert found.value == recompute(found) == getattr(result.group("WATCOM"), figure)
    pot = explain(book, result.address("all", "pot"))
    assert pot.value == recompute(pot) == result.pot


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("NOBODY.-1.1.1", "there is no group 'NOBODY'"),
        ("WATCOM.-1", "is no move in or out of scope"),
        ("WATCOM.-1.1.1~WATCOM.-1.1.1", "is no move in or out of scope"),
        ("WATCOM.-99999999999999.1.1", "take more than WatCom holds"),
    ],
)
def test_moves_that_cannot_be_are_refused(book: Book, scope: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        reads.fair_shares(book, reads.Settings(scope=scope))


def test_settings_have_one_text() -> None:
    one = reads.Settings("no_deposit", cap=70_000, scope="WATCOM.-1.1.1~DATCOM.2.-2.-2~STAHCOM.0.0.0")
    assert one.query == "scenario=no_deposit&cap=70000&scope=DATCOM.2.-2.-2~WATCOM.-1.1.1"
    assert reads.Settings.parse(one.query) == one
    assert one.scope_changes["WATCOM"] == ScopeChange(-1, 1, 1)
