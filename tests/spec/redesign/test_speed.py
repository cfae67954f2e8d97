"""Runs the cases that specify clocks over several cases: medians, averages, hand-ins, fairness, all by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.redesign.rules import speed
from openpbc.redesign.rules.clocks import Stay, clock_steps, whole_clock
from openpbc.redesign.rules.speed import Fairness, Move, Took

DAY = date(2008, 4, 1)

# Days of the cases, then median, average and longest, worked out by hand; half days are rounded up, as money is.
SPREADS = (
    ((), None, None, None),
    ((7,), 7, 7, 7),
    ((400, 10, 20), 20, 143, 400),
    ((10, 20), 15, 15, 20),
    ((10, 21, 400, 30), 26, 115, 400),
    ((0, 0, 0), 0, 0, 0),
)

# The moves of a case by day, then each hand-in with its end: (handed in, ended, outcome).
HISTORIES = (
    ("T04:0", [(0, None, "")]),
    ("T04:0 T06:5 T08:9 T11:30", [(0, 30, "approved")]),
    ("W06:0 T06:5 T08:9 T13:30", [(0, 30, "rejected")]),
    ("T04:0 T05:5 T04:20 T06:25 T08:30 T12:40", [(0, 5, "sent back before a decision"), (20, 40, "returned")]),
    ("T04:0 T06:5 T09:8", [(0, 8, "sent back before a decision")]),
    ("T04:0 T06:5 T08:9 T14:30 T08:33 T11:50", [(0, 30, "another route"), (30, 50, "approved")]),
    ("T04:0 T23:2 T23B:90", [(0, None, "")]),
    ("T04:0 T24:3", [(0, 3, "withdrawn")]),
    ("T04:0 T06:5 T08:9 T11:30 T15C:31 T19:60 T20:61 T08:64 T11:70", [(0, 30, "approved"), (61, 70, "approved")]),
    ("T01:0 T02:5 T23:6 T23B:9", []),
)
_TO = {
    "T04": "review", "W06": "review", "T06": "groups", "T08": "approval", "T11": "approved", "T12": "drafting",
    "T13": "rejected", "T14": "groups", "T05": "drafting", "T09": "drafting", "T23": "held", "T23B": "drafting",
    "T24": "withdrawn", "T15C": "tender", "T19": "procurement-failed", "T20": "groups", "T01": "prioritised",
    "T02": "forming",
}  # fmt: skip


def spread(days: tuple[int, ...]) -> speed.Spread:
    return speed.spread(Took(number, f"case {number}", each) for number, each in enumerate(days, 1))


@pytest.mark.parametrize(("days", "median", "mean", "longest"), SPREADS)
def test_a_spread_is_the_hand_calculation(
    days: tuple[int, ...], median: int | None, mean: int | None, longest: int | None
) -> None:
    found = spread(days)
    assert (found.median, found.mean, found.longest, found.count) == (median, mean, longest, len(days))


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=30))
def test_the_steps_of_every_figure_add_up_to_it(days: list[int]) -> None:
    found = spread(tuple(days))
    for figure in (speed.MEDIAN, speed.MEAN, speed.LONGEST, speed.COUNT):
        assert sum(step.effect for step in found.steps(figure)) == found.value(figure)
    assert min(days) <= (found.median or 0) <= max(days)


@pytest.mark.parametrize(("history", "ends"), HISTORIES)
def test_each_hand_in_ends_as_its_case_went(history: str, ends: list[tuple[int, int | None, str]]) -> None:
    moves = [
        Move(way, _TO[way], DAY + timedelta(days=int(day)))
        for way, day in (each.split(":") for each in history.split())
    ]
    found = [
        ((each.handed_in - DAY).days, (each.ended - DAY).days if each.ended else None, each.outcome)
        for each in speed.rounds(1, "Knees", moves)
    ]
    assert found == ends


def fair(*ends: tuple[int | None, str]) -> Fairness:
    found = [
        speed.Round(number, "x", DAY, None if days is None else DAY + timedelta(days=days), outcome)
        for number, (days, outcome) in enumerate(ends, 1)
    ]
    return speed.fairness(found, DAY + timedelta(days=100))


def test_fairness_counts_decisions_and_leaves_out_what_nobody_decided() -> None:
    found = fair((10, "approved"), (30, "rejected"), (20, "approved"), (90, speed.SENT_BACK), (None, ""))
    assert (found.decided, found.ended_as("approved"), found.ended_as(""), found.approval_rate) == (3, 2, 1, 666_667)
    assert (found.spread.median, found.spread.longest) == (20, 30)
    assert speed.beside(found.spread, fair((26, "approved")).spread) == -6
    assert fair((None, "")).approval_rate is None


def test_late_is_after_the_target_decided_or_not_and_never_what_was_sent_back() -> None:
    today = DAY + timedelta(days=57)
    on_time, waits = speed.Round(1, "x", DAY, DAY + timedelta(days=56), "approved"), speed.Round(2, "x", DAY)
    back = speed.Round(3, "x", DAY, today, speed.SENT_BACK)
    assert [each.late(8, today) for each in (on_time, waits, back)] == [False, True, False]
    assert not waits.late(8, DAY + timedelta(days=56))


def test_longer_than_some_months_is_by_the_calendar() -> None:
    begun = [Stay("prioritised", date(2007, 9, 7), date(2007, 10, 1)), Stay("forming", date(2007, 10, 1))]
    assert not speed.over_months(begun, 12, date(2008, 9, 7))
    assert speed.over_months(begun, 12, date(2008, 9, 8))
    live = [Stay("prioritised", date(2007, 9, 7), date(2008, 9, 1)), Stay("live", date(2008, 9, 1))]
    assert not speed.over_months(live, 12, date(2010, 1, 1))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_days_by_stage_add_up_to_the_whole_clock(lengths: list[int]) -> None:
    stages = ("prioritised", "forming", "drafting", "review", "drafting", "review", "held", "groups", "approval")
    stays, day = [], DAY
    for at, length in enumerate(lengths):
        stays.append(Stay(stages[min(at, 8)], day, day + timedelta(days=length)))
        day += timedelta(days=length)
    assert sum(step.effect for step in clock_steps(stays, day, {})) == whole_clock(stays, day)


def test_overdue_counts_a_case_once_and_only_what_was_put_to_a_decision() -> None:
    days = [DAY + timedelta(days=at) for at in range(200)]
    found = (
        speed.Round(1, "late, then in time", days[0], days[57], speed.RETURNED),
        speed.Round(1, "late, then in time", days[60], days[70], speed.APPROVED),
        speed.Round(2, "on the last day", days[0], days[56], speed.REJECTED),
        speed.Round(3, "waits too long", days[0]),
        speed.Round(4, "sent back", days[0], days[90], speed.SENT_BACK),
        speed.Round(5, "taken back", days[0], days[90], speed.TAKEN_BACK),
    )
    held = speed.overdue(9, found, 8, days[100])
    assert [each.number for each in held.late] == [1, 3] and [each.number for each in held.measured] == [1, 2, 3]
    assert (held.cases, held.share) == (9, 666_667)
    assert speed.overdue(2, (), 8, DAY).share is None
