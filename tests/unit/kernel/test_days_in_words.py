"""Days and moments as people read them: in English whatever the machine speaks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from openpbc.kernel.periods import day_text, moment_cell, moment_text
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import one_of


def test_a_day_and_a_moment_are_written_one_way() -> None:
    at = datetime(2007, 9, 4, 14, 5, tzinfo=UTC)
    assert day_text(date(2007, 9, 4)) == day_text(at) == "4 September 2007"
    assert moment_text(at) == "4 September 2007 at 14:05" and moment_cell(at) == "4 September 2007, 14:05"
    assert day_text(date(9999, 12, 31)) == "31 December 9999"


def test_a_value_is_one_of_those_known() -> None:
    assert one_of("state", "open", ("open", "shut")) == "open"
    with pytest.raises(UserError, match="'ajar' is not one of the choices") as caught:
        one_of("state", "ajar", {"open": "Open", "shut": "Shut"})
    assert caught.value.where == "state" and "Choose open, shut." in str(caught.value)
