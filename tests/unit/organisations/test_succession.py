"""Mergers and closures: who stands for whom on a day, through any chain, and never two ways or in a circle."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from openpbc.kernel.problems import UserError
from openpbc.organisations.rules.succession import Succession, successions

FIRST = date(2008, 4, 1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def test_a_chain_is_followed_as_far_as_the_day_allows() -> None:
    held = successions([Succession("B", "C", on(20)), Succession("A", "B", on(10))])
    assert [held.heir("A", on(day)) for day in (9, 10, 19, 20)] == ["A", "B", "B", "C"]
    assert held.heir("A", None) == "C"
    assert held.heir("Z", on(30)) == "Z"


def test_every_practice_has_one_heir_and_the_heirs_are_alive() -> None:
    chance = random.Random("heirs")
    for _ in range(300):
        codes = [f"P{n}" for n in range(chance.randint(2, 12))]
        # A practice is succeeded by a later one in the list, so there is never a circle.
        listed = [
            Succession(code, chance.choice(codes[at + 1 :]), on(chance.randint(0, 30)))
            for at, code in enumerate(codes[:-1])
            if chance.random() < 0.5
        ]
        held = successions(chance.sample(listed, len(listed)))
        day = on(chance.randint(0, 30))
        ended = {each.predecessor for each in listed if each.on <= day}
        heirs = held.heirs(codes, day)
        assert set(heirs) == set(codes)
        assert not ended & set(heirs.values())
        assert all(heirs[code] == code for code in set(codes) - ended)


@pytest.mark.parametrize(
    ("listed", "what"),
    [
        ([Succession("A", "B", FIRST), Succession("A", "C", on(1))], "two successors"),
        ([Succession("A", "B", FIRST), Succession("B", "A", on(1))], "becomes itself"),
        ([Succession("A", "A", FIRST)], "becomes itself"),
        ([Succession("X", "A", FIRST), Succession("A", "B", on(2)), Succession("B", "A", on(1))], "becomes itself"),
    ],
)
def test_what_contradicts_itself_is_refused(listed: list[Succession], what: str) -> None:
    with pytest.raises(UserError, match=what):
        successions(listed)
