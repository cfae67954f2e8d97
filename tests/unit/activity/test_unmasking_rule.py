"""How often somebody may be shown a patient, by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from openpbc.activity.rules.unmasking import in_sight, must_wait

NOW = datetime(2008, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_ago", "wait"),
    [
        ([], None),
        ([1] * 19, None),
        ([1] * 20, 59),
        ([60, *[1] * 19], None),
        ([59, *[1] * 19], 1),
        ([59, 58, *[1] * 19], 2),
        ([1] * 25, 59),
    ],
)
def test_the_twenty_first_of_an_hour_waits(minutes_ago: list[int], wait: int | None) -> None:
    asked = [NOW - timedelta(minutes=minutes) for minutes in minutes_ago]
    assert must_wait(asked, NOW, 20) == (NOW + timedelta(minutes=wait) if wait is not None else None)


def test_none_allowed_is_never() -> None:
    assert must_wait([], NOW, 0) == NOW + timedelta(hours=1)


def test_it_stays_in_sight_for_a_quarter_of_an_hour() -> None:
    assert in_sight(NOW - timedelta(minutes=14, seconds=59), NOW) and not in_sight(NOW - timedelta(minutes=15), NOW)
