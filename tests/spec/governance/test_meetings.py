"""Meetings, seats and minutes: what may follow what, which seats lack, and what the minutes say."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.governance.rules import meetings, minutes, seats
from openpbc.governance.rules.meetings import CANCELLED, CLOSED, OPEN, PLANNED, Listed
from openpbc.kernel.problems import UserError

DAY = date(2008, 11, 5)


@pytest.mark.parametrize(
    ("state", "may"), [(PLANNED, {OPEN, CANCELLED}), (OPEN, {CLOSED}), (CLOSED, set()), (CANCELLED, set())]
)
def test_a_meeting_is_planned_then_open_then_held_or_it_is_cancelled(state: str, may: set[str]) -> None:
    assert {wanted for wanted in meetings.STATES if not meetings.cannot_become(state, wanted)} == may


def test_a_meeting_opens_on_its_day_with_a_chair_and_a_secretary() -> None:
    assert not meetings.cannot_open(DAY, DAY, "s@x", "c@x")
    assert "has not come yet" in meetings.cannot_open(DAY, date(2008, 11, 4), "s@x", "c@x")
    assert "the chair" in meetings.cannot_open(DAY, DAY, "s@x", "")
    assert "secretary" in meetings.cannot_open(DAY, DAY, "", "c@x")


def test_a_meeting_ends_when_every_item_for_decision_has_an_outcome() -> None:
    items = [
        Listed(2, "Diabetes case", meetings.DECISION, meetings.LISTED),
        Listed(1, "Talk", meetings.DISCUSSION, meetings.LISTED),
        Listed(3, "Copd case", meetings.DECISION, meetings.DONE),
    ]
    assert meetings.cannot_close(items) == "these items have no outcome yet: 2 Diabetes case"
    assert not meetings.cannot_close(items[1:])


@pytest.mark.parametrize(
    ("moved", "to", "order"), [(3, 1, (3, 1, 2)), (1, 3, (2, 3, 1)), (1, 99, (2, 3, 1)), (2, 0, (2, 1, 3))]
)
def test_an_item_is_put_at_a_place(moved: int, to: int, order: tuple[int, ...]) -> None:
    assert meetings.renumbered((1, 2, 3), moved, to) == order


def seat(person: str, capacity: str = "member", kind: str = "clinician", of: str = "", **days: date) -> seats.Seat:
    return seats.Seat(
        person, capacity, kind, of, capacity not in ("secretary", "in attendance"), **{"valid_from": DAY} | days
    )


WANTED = (
    seats.Wanted("chair", "trust clinician", "", 1, seats.MUST, "co-chair of the trust"),
    seats.Wanted("", "clinician", "group", 1, seats.MUST, "GP lead of"),
    seats.Wanted("", "clinician", "practice_team", 1, seats.ASK, "seat for"),
)
UNITS = {"group": {"W": "WatCom", "D": "DatCom"}, "practice_team": {"R": "Red House"}}


def test_seats_that_lack_are_told_one_by_one() -> None:
    held = [seat("a", "chair", "clinician", "W"), seat("b", "member", "clinician", "")]
    assert seats.gaps(WANTED, held, UNITS) == (
        "No co-chair of the trust",
        "No GP lead of DatCom",
        "No seat for Red House: the sources give it none; ask the body whether it should",
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (seat("a", "king"), "is no capacity"),
        (seat("a", kind="prince"), "is no kind of member"),
        (seat("a", valid_to=date(2008, 1, 1)), "before the first"),
        (seats.Seat("a", "secretary", "other", "", True, DAY), "has no vote"),
        (seat("a", valid_from=date(2009, 1, 1)), "already holds a seat as member from 5 November 2008"),
    ],
)
def test_a_seat_that_cannot_be_held_is_refused(given: seats.Seat, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        seats.checked(given, [seat("a")])


def test_minutes_say_what_the_record_says_and_withhold_what_the_reader_may_not_see() -> None:
    taken = minutes.Taken(
        2, "Diabetes case", asked=True, declared=("D: partner in a bidder",), recused=("D",), chair="A",
        quorum="Quorum held: 3 of 4 voting members counted, 2 needed.", vote="3 for, 0 against, 0 abstained.",
        outcome="Approved", reasons="Fits the plan", decision=7, papers=(("case.pdf", "ab" * 32),),
        actions=("Publish by 1 December 2008 (S)",),
    )  # fmt: skip
    quiet = minutes.Taken(1, "Minutes", asked=True)
    held = minutes.Held(
        "Committee", 3, "ordinary meeting", DAY, "Hemel", ("A", "D"), apologies=("B",), items=(quiet, taken)
    )
    text, sha = minutes.fixed(minutes.written(held))
    assert "Declared: D: partner in a bidder" in text
    assert "Outcome: Approved. Decision 7." in text
    assert minutes.NONE_DECLARED in text
    redacted, other = minutes.fixed(minutes.written(held, {2: "You have an interest in this item."}))
    assert sha != other
    for secret in ("Diabetes", "partner", "Approved", "Fits", "case.pdf", "Publish"):
        assert secret not in redacted
    assert "2. Withheld\nYou have an interest in this item." in redacted


def test_a_decided_item_without_declarations_keeps_minutes_from_being_confirmed() -> None:
    held = minutes.Held("Committee", 3, "ordinary", DAY, "", items=(minutes.Taken(1, "Case", outcome="Approved"),))
    assert "say which interests were declared, or that none was" in minutes.unfit(held)[0]
    assert minutes.NOT_ASKED in minutes.fixed(minutes.written(held))[0]
