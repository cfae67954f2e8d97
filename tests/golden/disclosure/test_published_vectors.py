"""Counts as published under the national rules of their time: 1 to 7 hidden and 5s since 2018, 1 to 5 hidden before."""

from __future__ import annotations

import pytest

from openpbc.kernel.disclosure import Profile, published, rate_ppm
from openpbc.kernel.suppressed import Suppressed

HES_2018, HES_2008, OFF = Profile("HES_2018", 7, 5), Profile("HES_2008", 5), Profile("PBC_INTERNAL", 0)
HIDDEN = "*"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, HIDDEN), (7, HIDDEN), (8, 10), (12, 10), (13, 15), (1000, 1000), (None, None)]
)
def test_since_2018(count: int | None, shown: int | str | None) -> None:
    assert _as_told(published(count, HES_2018)) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, HIDDEN), (5, HIDDEN), (6, 6), (1003, 1003)])
def test_in_2008(count: int, shown: int | str) -> None:
    assert _as_told(published(count, HES_2008)) == shown


def test_among_those_who_may_see_records_nothing_is_hidden() -> None:
    assert [published(count, OFF) for count in (0, 1, 7, 12)] == [0, 1, 7, 12]


def test_a_shown_ten_may_have_been_eight_to_twelve() -> None:
    assert HES_2018.reach(8) == HES_2018.reach(12) == (8, 12)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (3, 40, HIDDEN),  # the part is small
        (38, 40, HIDDEN),  # what is left of the whole is small
        (12, 40, 250_000),  # 10 of 40, from the rounded counts, and not 30 %
        (0, 40, 0),
        (40, 40, 1_000_000),
        (0, 0, None),
    ],
)
def test_a_rate_is_that_of_the_rounded_counts(part: int, whole: int, shown: int | str | None) -> None:
    assert _as_told(rate_ppm(part, whole, HES_2018)) == shown


def _as_told(shown: int | Suppressed | None) -> int | str | None:
    return str(shown) if isinstance(shown, Suppressed) else shown
