"""Assessments against a standard that changes: each point has one result, and none is told of what was not asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openpbc.governance.rules.standard import (
    NOT_ANSWERED,
    RESULTS,
    Point,
    Said,
    counted,
    fingerprint,
    held_against,
    not_asked,
)

POINTS = st.lists(st.builds(Point, st.sampled_from("abcd"), st.sampled_from(["x", "y"])), unique_by=lambda p: p.key)
ANSWERS = st.sampled_from([*RESULTS, NOT_ANSWERED])


@given(POINTS, POINTS, st.data())
def test_what_was_said_counts_for_the_points_that_were_asked_alone(
    then: list[Point], now: list[Point], data: st.DataObject
) -> None:
    said = tuple(Said(point, data.draw(ANSWERS), f"on {point.key}") for point in then)
    held = held_against(now, said)
    assert [each.point for each in held] == now
    for each in held:
        assert each in said if each.point in then else each == Said(each.point)
    assert sum(counted(held).values()) == len(now)
    assert not_asked(now, said) == len([point for point in now if point not in then])


@given(POINTS, POINTS)
def test_only_the_same_points_in_the_same_order_have_one_fingerprint(one: list[Point], other: list[Point]) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
