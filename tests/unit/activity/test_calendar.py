"""Working days, points and states of an activity month, and the coding incentive at its boundaries."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from openpbc.activity import reads
from openpbc.activity.rules import timeliness
from openpbc.activity.rules.calendar import FALLBACK, NOT_SET, Progress, State, state_of
from openpbc.activity.rules.timeliness import ALL, PER_STREAM, Share, Standard, Tier
from openpbc.kernel.periods import Month, working_day
from openpbc.rulebook.reader import open_book

APRIL, JUNE = Month(2008, 4), Month(2008, 6)
STANDARD = Standard(10, 15, 950_000, 950_000, 900_000, 1_000_00, 400_00, PER_STREAM)
# The published table of working days: activity month, 5th, 10th, 15th and 20th working day of the next month.
GOLDEN = """
2008-04 2008-05-08 2008-05-15 2008-05-22 2008-05-30
2008-05 2008-06-06 2008-06-13 2008-06-20 2008-06-27
2008-06 2008-07-07 2008-07-14 2008-07-21 2008-07-28
2008-07 2008-08-07 2008-08-14 2008-08-21 2008-08-29
2008-08 2008-09-05 2008-09-12 2008-09-19 2008-09-26
2008-09 2008-10-07 2008-10-14 2008-10-21 2008-10-28
2008-10 2008-11-07 2008-11-14 2008-11-21 2008-11-28
2008-11 2008-12-05 2008-12-12 2008-12-19 2008-12-30
2008-12 2009-01-08 2009-01-15 2009-01-22 2009-01-29
2009-01 2009-02-06 2009-02-13 2009-02-20 2009-02-27
2009-02 2009-03-06 2009-03-13 2009-03-20 2009-03-27
2009-03 2009-04-07 2009-04-16 2009-04-23 2009-04-30
"""


@pytest.fixture(scope="module")
def book():
    return open_book("west-herts-2008")


@pytest.fixture(scope="module")
def clock(book):
    return reads.clock(book)


@pytest.mark.parametrize("line", GOLDEN.split("\n")[1:-1])
def test_the_golden_table_of_working_days(clock, line):
    month, *days = line.split()
    for n, day in zip((5, 10, 15, 20), map(date.fromisoformat, days), strict=True):
        assert working_day(Month.parse(month), n, clock.holidays) == day
        assert clock.working_day_of(Month.parse(month), datetime.combine(day, time(9))) == n


@pytest.mark.parametrize(
    ("month", "moment", "n", "tier"),
    [
        (APRIL, "2008-05-15 16:59", 10, Tier.LARGE),
        (APRIL, "2008-05-15 17:00", 11, Tier.SMALL),
        (APRIL, "2008-05-17 09:00", 12, Tier.SMALL),  # a Saturday counts as the Monday after
        (APRIL, "2008-05-17 18:00", 12, Tier.SMALL),
        (APRIL, "2008-05-16 17:00", 12, Tier.SMALL),  # Friday after the cut-off is Monday too
        (APRIL, "2008-05-22 16:59", 15, Tier.SMALL),
        (APRIL, "2008-05-22 17:00", 16, Tier.NONE),
        (APRIL, "2008-04-29 12:00", 0, Tier.LARGE),
        (JUNE, "2008-07-14 16:59", 10, Tier.LARGE),
        (JUNE, "2008-07-21 16:59", 15, Tier.SMALL),
        (Month(2009, 3), "2009-04-10 10:00", 8, Tier.LARGE),  # Good Friday counts as the Tuesday after Easter
    ],
)
def test_the_working_day_of_a_receipt(clock, month, moment, n, tier):
    found = clock.working_day_of(month, datetime.fromisoformat(moment))
    assert found == n
    assert timeliness.timely(found, STANDARD) == tier


def test_without_published_dates_the_fallback_says_so(book):
    found = reads.dates(book, JUNE)
    assert (found.flex, found.freeze, found.basis) == (date(2008, 7, 21), date(2008, 8, 21), FALLBACK)
    assert (found.flex_extract, found.freeze_extract) == (None, None)


def test_a_place_that_sets_nothing_has_no_dates(book, monkeypatch):
    from openpbc.rulebook.values import NotSet

    value = type(book).value
    lacking = lambda own, id, year=None: (  # noqa: E731
        NotSet(id, "", "2008/09", "") if id.startswith("submissions.fl") else value(own, id, year)
    )
    monkeypatch.setattr(type(book), "value", lacking)
    found = reads.dates(book, JUNE)
    assert (found.flex, found.freeze, found.basis) == (None, None, NOT_SET)


@pytest.mark.parametrize(
    ("flex", "freeze", "at_flex", "at_freeze", "waits", "state"),
    [
        (False, False, False, False, False, State.OPEN),
        (True, False, False, False, False, State.FLEX),
        (True, False, True, False, False, State.CHALLENGE),
        (True, True, True, False, False, State.FROZEN),
        (True, True, False, False, False, State.FROZEN),
        (True, True, True, True, True, State.FROZEN),
        (True, True, True, True, False, State.SETTLED),
        (False, False, True, False, False, State.CHALLENGE),  # no dates are set: the closes alone tell
    ],
)
def test_the_state_of_a_month(flex, freeze, at_flex, at_freeze, waits, state):
    assert state_of(Progress(flex, freeze, at_flex, at_freeze, waits)) == state


@pytest.mark.parametrize(
    ("part", "whole", "passes"),
    [
        (95_000, 100_000, True),
        (94_999, 100_000, False),
        (19, 20, True),
        (18, 19, False),
        (0, 0, False),
        (949, 1000, False),
    ],
)
def test_95_percent_passes_and_94_999_does_not(part, whole, passes):
    share, good = Share(part, whole), Share(1, 1)
    assert share.reaches(STANDARD.nhs_number_ppm) == passes
    assert timeliness.judged(10, share, good, STANDARD).tier == (Tier.LARGE if passes else Tier.NONE)
    assert timeliness.judged(10, good, share, STANDARD).tier == (Tier.LARGE if passes else Tier.NONE)


@pytest.mark.parametrize(
    ("lines", "before", "complete"),
    [
        (90, [100, 100, 100], True),
        (89, [100, 100, 100], False),
        (1, [], True),
        (90, [100], True),
        (91, [100, 102], True),
        (90, [100, 101], False),
    ],
)
def test_a_complete_submission_has_nine_tenths_of_the_months_before(lines, before, complete):
    assert timeliness.complete(lines, before, STANDARD) == complete


def test_the_scope_of_the_incentive():
    tiers = (Tier.LARGE, Tier.SMALL, None)
    assert timeliness.paid(tiers, PER_STREAM) == (Tier.LARGE, Tier.SMALL, Tier.NONE)
    assert timeliness.paid(tiers, ALL) == (Tier.NONE, Tier.NONE, Tier.NONE)
    assert timeliness.paid((Tier.LARGE, Tier.SMALL), ALL) == (Tier.LARGE, Tier.SMALL)


def test_amounts_are_computed_where_they_are_set():
    assert [timeliness.amount(tier, STANDARD) for tier in Tier] == [1_000_00, 400_00, 0]
    unset = Standard(10, 15, 950_000, 950_000, 900_000, None, None, PER_STREAM)
    assert [timeliness.amount(tier, unset) for tier in Tier] == [None, None, 0]
