"""Disclosure control is applied once, hides money with its activity, and looks back at what was released."""

from __future__ import annotations

import random

import pytest

from openpbc.kernel.disclosure import Profile, Release, line, protect, published, release
from openpbc.rulebook.disclosure import profile, profile_for
from openpbc.rulebook.reader import open_book

HES_2018 = Profile("HES_2018", 7, 5)
PLAIN = Profile("plain", 7)  # nothing is rounded, so a reader knows every shown count to the unit


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


def test_what_moved_by_a_few_since_it_was_shown_is_hidden_and_not_alone() -> None:
    first = release({"a": 40, "b": 60, "c": 90}, [], PLAIN)
    assert first.hidden == frozenset()
    assert release({"a": 43, "b": 60, "c": 90}, [first], PLAIN).hidden == {"a", "b"}
    assert release({"a": 40, "b": 60, "c": 90}, [first], PLAIN).hidden == frozenset()
    assert release({"a": 48, "b": 60, "c": 90}, [first], PLAIN).hidden == frozenset()
    assert release({"a": 43}, [Release({"a": 40}, frozenset())], PLAIN, total=False).hidden == {"a"}


def test_what_was_hidden_stays_hidden() -> None:
    first = release({"a": 3, "b": 40, "c": 60}, [], PLAIN)
    assert first.hidden == {"a", "b"}
    second = release({"a": 30, "b": 400, "c": 600}, [first], PLAIN)
    assert second.hidden == {"a", "b"}
    assert release({"a": 30, "b": 400, "c": 600, "d": 5}, [first, second], PLAIN).hidden >= {"a", "b", "d"}


def test_two_years_of_releases_give_nobody_away() -> None:
    """24 months of practices and groups, with resubmissions: a reader lays all versions of a month side by side."""
    dice = random.Random(24)
    hidden_for_others = 0
    for _ in range(24 * 20):
        counts = {name: dice.randrange(90) for name in "ABCDEF"[: dice.randrange(2, 7)]}
        past: list[Release] = []
        for _ in range(4):
            past.append(release(dict(counts), past, PLAIN))
            for name in dice.sample(sorted(counts), dice.randrange(len(counts))):
                counts[name] = max(0, counts[name] + dice.randrange(-12, 13))
        alone = [one for one in past if len(one.hidden) == 1 and sum(map(bool, one.counts.values())) > 1]
        assert alone == []
        for at, later in enumerate(past):
            assert all(not PLAIN.is_small(later.counts[key]) for key in later.counts.keys() - later.hidden)
            for before in past[:at]:
                assert before.hidden <= later.hidden
                both = later.counts.keys() - later.hidden - before.hidden
                assert not any(PLAIN.is_small(abs(later.counts[key] - before.counts[key])) for key in both)
            hidden_for_others += sum(not PLAIN.is_small(later.counts[key]) for key in later.hidden)
    assert hidden_for_others > 100


def test_the_book_names_the_profiles_and_who_gets_which() -> None:
    book = open_book("west-herts-2008")
    assert profile(book, "HES_2008") == Profile("HES_2008", 5, 1)
    assert profile_for(book, "roles").is_off
    assert profile_for(book, "public") == profile_for(book, "somebody else") == HES_2018
