"""Runs the cases that specify appeals: what may be appealed, until when, who hears it, and its clock."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from openpbc.governance.rules.appeals import Appealed, clock, kept_out, may_hear, refusal

DAY = date(2008, 11, 5)
MATTER = "redesign/x/1"

# Outcome, stands, matter, days since, days allowed, appealed before: the start of the refusal, empty where it may.
CASES = (
    ("refused", True, MATTER, 400, None, False, ""),
    ("approved", True, MATTER, 0, 28, False, ""),
    ("returned", True, "", 28, 28, False, ""),
    ("refused", True, MATTER, 29, 28, False, "a decision may be appealed for 28 days, and the last of them was 3 Dec"),
    ("refused", True, MATTER, 1, None, True, "this group or practice has appealed"),
    ("refused", False, MATTER, 1, None, False, "this record was corrected or withdrawn"),
    ("noted", True, MATTER, 1, None, False, "nothing was decided here"),
    ("deferred", True, MATTER, 1, None, False, "nothing was decided here"),
    ("urgent", True, MATTER, 1, None, False, "nothing was decided here"),
    ("refused", True, "appeal/x/1", 1, None, False, "this decision settled an appeal"),
)


@pytest.mark.parametrize(("outcome", "stands", "matter", "since", "days", "known", "told"), CASES)
def test_what_may_be_appealed(
    outcome: str, stands: bool, matter: str, since: int, days: int | None, known: bool, told: str
) -> None:
    found = refusal(Appealed(outcome, stands, matter, DAY), DAY + timedelta(days=since), days, is_known=known)
    assert found.startswith(told) and bool(found) == bool(told)
    assert not told or re.search(r"\. [A-Z]", found), "it says what to do, or until when, in a sentence of its own"


def test_another_body_hears_it_and_one_that_decides() -> None:
    assert may_hear("board", "committee", decides=True) == ""
    assert "does not hear" in may_hear("committee", "committee", decides=True)
    assert "recommends" in may_hear("conclave", "committee", decides=False)


def test_nobody_who_decided_or_appealed_hears_it_under_any_account() -> None:
    two = frozenset({"ann@x", "ann@y"})
    found = kept_out(("ann@x", "bob@x"), "cay@x", {"ann@x": two, "ann@y": two})
    assert set(found) == {"ann@x", "ann@y", "bob@x", "cay@x"}
    assert found["ann@y"] == "took part in the decision that is appealed" and found["cay@x"] == "lodged the appeal"


def test_the_clock_stops_when_it_is_settled_and_is_due_only_if_a_time_is_set() -> None:
    today = DAY + timedelta(days=40)
    assert (clock(DAY, None, today, None).days, clock(DAY, None, today, None).due) == (40, None)
    assert clock(DAY, DAY + timedelta(days=30), today, 30).late is False
    assert clock(DAY, DAY + timedelta(days=31), today, 30).late is True
    assert clock(DAY, None, DAY + timedelta(days=30), 30).late is False
