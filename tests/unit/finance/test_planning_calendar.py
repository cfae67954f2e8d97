"""A planned date is never made more exact than it is known, and is counted to its last day."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest

from openpbc.finance.reads.planning_calendar import shown
from openpbc.finance.rules.planning_calendar import PRECISIONS, Span, State, reminds, span, standing
from openpbc.ui.calendars import Dated, calendar_bytes

CASES = [
    ("day", date(2008, 1, 24), date(2008, 1, 24), date(2008, 1, 24), "24 January 2008"),
    ("month-end", date(2008, 3, 31), date(2008, 3, 31), date(2008, 3, 31), "end of March 2008"),
    ("year-end", date(2006, 12, 31), date(2006, 12, 31), date(2006, 12, 31), "end of 2006"),
    ("mid-month", date(2008, 2, 15), date(2008, 2, 1), date(2008, 2, 29), "mid-February 2008"),
    ("month", date(2005, 8, 1), date(2005, 8, 1), date(2005, 8, 31), "August 2005"),
    ("season", date(2008, 10, 1), date(2008, 9, 1), date(2008, 11, 30), "September 2008 to November 2008"),
    ("academic-year", date(2008, 7, 31), date(2007, 9, 1), date(2008, 8, 31), "school year 2007/08"),
    ("academic-year", date(2008, 9, 1), date(2008, 9, 1), date(2009, 8, 31), "school year 2008/09"),
    ("year", date(2011, 3, 31), date(2010, 4, 1), date(2011, 3, 31), "2010/11"),
    ("period", date(2008, 9, 1), date(2008, 9, 1), date(2009, 3, 31), "September 2008 to March 2009"),
]


@pytest.mark.parametrize("precision, day, first, last, words", CASES)
def test_a_date_covers_what_is_known_of_it(precision, day, first, last, words):
    covered = span(day, precision, date(2009, 3, 31))
    assert covered == Span(first, last)
    assert shown(covered, precision) == words


def test_every_precision_has_a_case():
    assert {case[0] for case in CASES} == set(PRECISIONS)


@pytest.mark.parametrize(
    "on, happened, state, days, words",
    [
        (date(2008, 1, 31), None, State.COMING, 29, "in 29 days"),
        (date(2008, 2, 1), None, State.NOW, 28, "in 28 days"),
        (date(2008, 2, 29), None, State.NOW, 0, "today"),
        (date(2008, 3, 2), None, State.PAST, -2, "2 days past"),
        (date(2008, 3, 2), date(2008, 2, 14), State.DONE, -2, "done"),
    ],
)
def test_days_are_counted_to_the_last_day(on, happened, state, days, words):
    found = standing(span(date(2008, 2, 15), "mid-month"), happened, on)
    assert (found.state, found.days, found.text) == (state, days, words)


def test_a_reminder_comes_in_time_and_stops_when_it_is_done():
    days = span(date(2008, 2, 15), "mid-month")
    assert not reminds(days, None, None, date(2008, 2, 28)), "nobody asked"
    assert not reminds(days, None, 7, date(2008, 2, 21))
    assert reminds(days, None, 7, date(2008, 2, 22))
    assert reminds(days, None, 7, date(2008, 5, 1)), "what is late goes on reminding"
    assert not reminds(days, date(2008, 2, 14), 7, date(2008, 2, 22))


def test_the_feed_spans_the_month_and_keeps_its_identifiers():
    month = Dated("calendar-x-1", "Deposit", "mid-February", date(2008, 2, 1), date(2008, 2, 29), remind_days=7)
    first, again = calendar_bytes("Dates", [month]), calendar_bytes("Dates", [month])
    assert first == again, "equal dates give equal bytes"
    event = next(iter(icalendar.Calendar.from_ical(first).walk("VEVENT")))
    assert str(event["UID"]) == "calendar-x-1@openpbc"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2008, 2, 1), date(2008, 3, 1))
    assert event.decoded("TRANSP") == "TRANSPARENT"
    alarm = next(iter(event.walk("VALARM")))
    assert alarm.decoded("TRIGGER").days == 21, "seven days before the last day, counted from the first"


def test_hostile_words_cannot_break_out_of_an_event():
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged"
    body = calendar_bytes("Dates", [Dated("a", hostile, hostile, date(2008, 2, 1), date(2008, 2, 1))])
    assert len(list(icalendar.Calendar.from_ical(body).walk("VEVENT"))) == 1
