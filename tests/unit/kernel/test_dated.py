"""Dates as papers give them: to the day or to the month."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.kernel.dated import Dated
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.ui.forms import day_or_month

SEPTEMBER = Dated.of(Month(2007, 9))


def test_a_month_is_read_written_and_put_in_order_as_a_month() -> None:
    assert (str(SEPTEMBER), SEPTEMBER.name, SEPTEMBER.first) == ("2007-09", "September 2007", date(2007, 9, 1))
    assert (
        Dated.parse("2007-09") == SEPTEMBER == Dated.kept(date(2007, 9, 30), True) == Dated.kept(date(2007, 9, 3), True)
    )
    day = Dated.parse("2007-09-04")
    assert (str(day), day.name, day.first) == ("2007-09-04", "4 September 2007", day.last)
    assert Dated.kept(date(2007, 9, 30), None) == Dated(date(2007, 9, 30)) != SEPTEMBER
    assert sorted([SEPTEMBER, Dated(date(2007, 10, 1)), day]) == [day, SEPTEMBER, Dated(date(2007, 10, 1))]


@pytest.mark.parametrize("text", ["", "2007-13", "2007-9", "2007-02-30", "September", "0001-01"])
def test_what_is_no_date_is_a_persons_mistake(text: str) -> None:
    with pytest.raises(UserError, match="is not a date"):
        Dated.parse(text)


@pytest.mark.parametrize("text", ["September 2007", "Sep 2007", "2007-09", "9/2007"])
def test_a_form_takes_a_month(text: str) -> None:
    assert day_or_month(text) == SEPTEMBER


@pytest.mark.parametrize("text", ["4 September 2007", "4 Sep 2007", "2007-09-04", "4/9/2007"])
def test_a_form_takes_a_day(text: str) -> None:
    assert day_or_month(text) == Dated(date(2007, 9, 4))


@pytest.mark.parametrize(("text", "sentence"), [("autumn", "neither a day nor a month"), ("March 1066", "too far")])
def test_a_form_refuses_anything_else(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        day_or_month(text)
