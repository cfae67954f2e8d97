"""Pathways, shifts of money, compared versions and clocks, over generated cases."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openpbc.redesign.rules.clocks import Stay, clock_steps, days_by_stage, whole_clock
from openpbc.redesign.rules.pathway import SETTINGS, PathwayStage, pathway_faults
from openpbc.redesign.rules.shifts import Shift, ShiftTable, shift_faults, shift_steps
from openpbc.redesign.rules.transitions import STAGES
from openpbc.redesign.rules.versions import SAME, body_hash, differences

ORDER = ("self", "primary", "acute", "primary", "self")
PENCE = st.integers(0, 10**12)
LINES = st.lists(st.sampled_from("abcde"), max_size=8)


def fits(settings: list[str]) -> bool:
    """Say by trying whether a list of settings is a walk along the order, hospital left out or not."""
    joined = [each for at, each in enumerate(settings) if at == 0 or settings[at - 1] != each]
    ways = [["self", "primary"], ["self", "primary", "self"]]
    ways += [[*ORDER[:3], *back] for back in (["primary"], ["self"], ["primary", "self"], ["self", "primary"])]
    return joined in ways


@given(st.lists(st.sampled_from(list(SETTINGS)), max_size=9))
def test_a_pathway_is_good_exactly_if_it_walks_the_order(settings: list[str]) -> None:
    found = pathway_faults([PathwayStage(each, "something") for each in settings])
    assert (found == ()) == fits(settings)


@given(st.lists(st.tuples(PENCE, PENCE), min_size=1, max_size=6), PENCE, PENCE)
def test_a_table_balances_exactly_if_what_leaves_or_is_new_arrives_or_is_saved(moves, saving: int, new: int) -> None:
    table = ShiftTable(tuple(Shift(f"giver {at}", "receiver", *each) for at, each in enumerate(moves)), saving, new)
    balanced = sum(out for out, _ in moves) + new == sum(into for _, into in moves) + saving
    assert balanced == (not any("balance" in sentence for sentence in shift_faults(table)))
    for figure, value in (("out", table.out), ("into", table.into), ("difference", table.difference)):
        assert sum(step.effect for step in shift_steps(table, figure)) == value


@given(LINES, LINES)
def test_two_versions_side_by_side_give_both_back_in_order(before: list[str], after: list[str]) -> None:
    found = differences(("part",), {"part": before}, {"part": after})
    assert [each.before for each in found if each.before] == before
    assert [each.after for each in found if each.after] == after
    assert all(each.before == each.after for each in found if each.kind == SAME)
    assert before != after or all(each.kind == SAME for each in found)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
def test_a_hash_does_not_depend_on_the_order_of_names(body: dict[str, object]) -> None:
    assert body_hash(body) == body_hash(dict(reversed(body.items())))
    assert body_hash(body | {"one more": 1}) != body_hash(body)


WALKS = st.lists(
    st.tuples(st.sampled_from([code for code in STAGES if code != "live"]), st.integers(0, 90)), max_size=8
)


@given(WALKS, st.booleans())
def test_clocks_are_sums_of_stays(path: list[tuple[str, int]], starts: bool) -> None:
    day, stays = date(2008, 4, 1), []
    for stage, days in [*path, ("live", 10)] if starts else path:
        stays.append(Stay(stage, day, day + timedelta(days)))
        day += timedelta(days)
    assert sum(days_by_stage(stays, day).values()) == sum(stay.days(day) for stay in stays)
    whole = whole_clock(stays, day)
    steps = clock_steps(stays, day, {})
    if whole is None:
        assert steps == ()
    else:
        assert sum(step.effect for step in steps) == whole
