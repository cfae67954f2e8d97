"""Claims against figures: what holds, what does not, and what cannot be told, each with its sentence."""

from __future__ import annotations

import pytest

from openpbc.finance.rules.claims import (
    Judged,
    Verdict,
    at_least,
    grows_above,
    nearer,
    part_of,
    releases,
    rests_on,
)

NAMES = {"A": "North", "B": "South"}
THOUSAND = 100_000


@pytest.mark.parametrize(
    ("before", "after", "verdict", "group", "says"),
    [
        ({"A": -900, "B": 900}, {"A": 0, "B": 0}, Verdict.HOLDS, "B", "Every group stands at its fair share."),
        ({"A": -9000, "B": 9000}, {"A": -10, "B": 500}, Verdict.HOLDS, "B", "Every group comes nearer, South least"),
        (
            {"A": -900, "B": 900},
            {"A": -1000, "B": 100},
            Verdict.FAILS,
            "A",
            "North moves away, from -0.090% to",
        ),
        ({"A": -900, "B": 900}, {"A": -1000, "B": 1000}, Verdict.FAILS, "B", "South moves away"),
        ({"A": -900, "B": 900}, {"A": -900, "B": 100}, Verdict.FAILS, "A", "North stays as far as it was, at -0.090%"),
    ],
)
def test_nearer(before, after, verdict: Verdict, group: str, says: str) -> None:
    found = nearer(before, after, NAMES)
    assert (found.verdict, found.group) == (verdict, group)
    assert found.sentence.startswith(says)
    assert ("of the others none comes nearer by more than" in found.sentence) == (after == {"A": -1000, "B": 100})


@pytest.mark.parametrize(
    ("deposit", "wanted", "verdict"),
    [
        (13_675, 13_700, Verdict.HOLDS),
        (15_646, 15_600, Verdict.HOLDS),
        (15_651, 15_600, Verdict.FAILS),
        (0, 0, Verdict.HOLDS),
    ],
)
def test_releases_to_a_tenth_of_a_million(deposit: int, wanted: int, verdict: Verdict) -> None:
    found = releases(deposit * THOUSAND, wanted * THOUSAND)
    assert found.verdict is verdict
    assert ("tenth of a million" in found.sentence) == (verdict is Verdict.HOLDS)


@pytest.mark.parametrize(("deposit", "verdict"), [(6_100, Verdict.HOLDS), (6_099, Verdict.FAILS)])
def test_at_least(deposit: int, verdict: Verdict) -> None:
    assert at_least(deposit * THOUSAND, 6_100 * THOUSAND).verdict is verdict


@pytest.mark.parametrize(
    ("in_scope", "whole", "verdict", "sentence"),
    [
        (None, None, Verdict.OPEN, "Without a base there is no growth."),
        (70_000, None, Verdict.HOLDS, "In scope 7.00% against 5.46%, a gap of 1.54 points."),
        (
            70_000,
            62_928,
            Verdict.HOLDS,
            "In scope 7.00% against 5.46%, a gap of 1.54 points; the whole budget grows by 6.29%, since what is out of "
            "scope grows less.",
        ),
        (
            50_000,
            51_000,
            Verdict.FAILS,
            "In scope 5.00% against 5.46%, a gap of -0.46 points; the whole budget grows by 5.10%.",
        ),
    ],
)
def test_grows_above(in_scope, whole, verdict: Verdict, sentence: str) -> None:
    assert grows_above(in_scope, whole, 54_600) == Judged(verdict, sentence)


def test_a_promise_rests_on_its_terms() -> None:
    assert rests_on(()) == Judged(Verdict.HOLDS, "The terms are set.")
    assert rests_on(("the date", "the interest")).sentence == "Nothing says: the date; the interest."
    assert rests_on(("the date",)).verdict is Verdict.OPEN


def test_part_of() -> None:
    assert part_of(1, 4) == 250_000
    assert part_of(1, 0) is None
