"""Disclosure control is applied once, hides money with its activity, and looks back at what was released."""

from __future__ import annotations

import random

import pytest

from openpbc.kernel.disclosure import Past, Profile, differences, grid, hide_money, line, protect, published
from openpbc.kernel.disclosure.sums import TOTAL
from openpbc.kernel.suppressed import Suppressed
from openpbc.rulebook.disclosure import profile, profile_for
from openpbc.rulebook.reader import open_book

HES_2018 = Profile("HES_2018", 7, 5)


def people(first: int, last: int) -> frozenset[str]:
    return frozenset(f"SYNTHETIC-{at}" for at in range(first, last))


def test_what_was_protected_cannot_be_protected_again() -> None:
    done = protect(line({"a": 3, "b": 40}), HES_2018)
    with pytest.raises(TypeError):
        line(done.shown)
    with pytest.raises(TypeError, match="suppressed before"):
        published(done["a"], HES_2018)


def test_counts_that_do_not_add_up_are_refused() -> None:
    from openpbc.kernel.disclosure import Count, Sums

    with pytest.raises(ValueError, match="add up"):
        Sums((Count("a", 3, "x", "y"), Count("t", 4, "y", "x", is_total=True)))


def test_a_profile_may_not_round_what_it_shows_to_nought() -> None:
    with pytest.raises(ValueError, match="nought"):
        Profile("odd", 1, 5)


def test_money_is_hidden_with_its_activity_and_never_alone() -> None:
    sums = line({"a": 3, "b": 40, "c": 60, "d": 0})
    done = protect(sums, HES_2018)
    pence = {"a": 300, "b": 4_000, "c": 6_000, "d": 0, TOTAL: 10_300}
    shown = hide_money(sums, done, pence)
    assert isinstance(shown["a"], Suppressed) and isinstance(shown["b"], Suppressed)
    assert (shown["c"], shown["d"], shown[TOTAL]) == (6_000, 0, 10_300)


def test_money_of_a_grid_leaves_no_sum_with_one_part_hidden() -> None:
    dice = random.Random(3)
    for _ in range(200):
        sums = grid([[dice.randrange(30) for _ in range(3)] for _ in range(3)])
        shown = hide_money(sums, protect(sums, HES_2018), {one.key: one.value * 100 for one in sums.counts})
        for point in {one.source for one in sums.counts} | {one.target for one in sums.counts}:
            ours = [one for one in sums.counts if point in (one.source, one.target)]
            hidden = [one for one in ours if isinstance(shown[one.key], Suppressed)]
            assert len(hidden) != 1 or all(one.value == 0 for one in ours if one not in hidden)


def test_a_group_that_differs_by_a_few_people_is_refused() -> None:
    past = [Past("practice A, May", people(0, 50))]
    assert differences(people(0, 53), past, HES_2018) is not None
    assert differences(people(2, 50), past, HES_2018) is not None
    found = differences(people(0, 53), past, HES_2018)
    assert found and "3" not in found.sentence and "practice A, May" in found.sentence
    assert differences(people(0, 50), past, HES_2018) is None
    assert differences(people(0, 58), past, HES_2018) is None
    assert differences(people(100, 103), past, HES_2018) is None


def test_two_released_groups_may_not_leave_a_few_people_of_a_third() -> None:
    past = [Past("A", people(0, 50)), Past("B", people(50, 100))]
    assert differences(people(0, 104), past, HES_2018) is not None
    whole = [Past("A and B", people(0, 104)), Past("B", people(50, 100))]
    assert differences(people(0, 50), whole, HES_2018) is not None


def test_two_years_of_releases_give_nobody_away() -> None:
    """24 months of practices, groups and groups of somebody's own choice, with resubmissions that add a few people."""
    dice = random.Random(24)
    refused = 0
    for month in range(24):
        practices = {
            name: set(people(month * 1_000 + at * 100, month * 1_000 + at * 100 + 60)) for at, name in enumerate("ABC")
        }
        past: list[Past] = []
        asked = []
        for turn in range(2):  # as first sent, and as sent again
            asked += [(f"{name} {turn}", frozenset(held)) for name, held in practices.items()]
            asked.append((f"group {turn}", frozenset(practices["A"] | practices["B"])))
            asked.append((f"own {turn}", frozenset(dice.sample(sorted(practices["A"] | practices["C"]), 110))))
            practices[dice.choice("ABC")] |= people(900_000 + month * 10, 900_000 + month * 10 + dice.randrange(1, 12))
        dice.shuffle(asked)
        for name, held in asked:
            if differences(held, past, HES_2018):
                refused += 1
            else:
                past.append(Past(name, held))
        for one in past:
            for other in past:
                assert not (one.people & other.people) or not HES_2018.is_small(len(one.people - other.people))
    assert refused > 24


def test_the_book_names_the_profiles_and_who_gets_which() -> None:
    book = open_book("west-herts-2008")
    assert profile(book, "HES_2008") == Profile("HES_2008", 5, 1)
    assert profile_for(book, "roles").is_off
    assert profile_for(book, "public") == profile_for(book, "somebody else") == HES_2018
