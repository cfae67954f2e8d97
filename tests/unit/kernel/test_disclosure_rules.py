"""Disclosure control is applied once, to true counts, and looks back at what was released."""

from __future__ import annotations

import random

import pytest

from openpbc.kernel.disclosure import TOTAL, Profile, Release, protect, published, release
from openpbc.rulebook.disclosure import profile, profile_for
from openpbc.rulebook.reader import open_book

HES_2018 = Profile("HES_2018", 7, 5)
PLAIN = Profile("plain", 7)  # nothing is rounded, so a reader knows every shown count to the unit


def line(**counts: int) -> dict[str, tuple[int, ...]]:
    return {key: (count,) for key, count in counts.items()}


def test_what_was_hidden_cannot_be_taken_again() -> None:
    with pytest.raises(TypeError):
        protect({"a": (HES_2018.hidden,), "b": (40,)}, HES_2018)  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        protect(line(a=-1), HES_2018)
    with pytest.raises(TypeError, match="suppressed before"):
        published(HES_2018.hidden, HES_2018)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"a": (1, 2), "b": (1,)}, {TOTAL: (1,)}])
def test_a_table_that_is_none_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="a table"):
        protect(wrong, PLAIN)


def test_a_profile_may_not_round_what_it_shows_to_nought() -> None:
    with pytest.raises(ValueError, match="nought"):
        Profile("odd", 1, 5)


def test_what_moved_by_a_few_since_it_was_shown_is_hidden_and_not_alone() -> None:
    first = release(line(a=40, b=60, c=90), [], PLAIN)
    assert first.hidden == frozenset()
    assert release(line(a=43, b=60, c=90), [first], PLAIN).hidden == {"a", TOTAL}
    assert release(line(a=43, b=57, c=90), [first], PLAIN).hidden == {"a", "b"}
    assert release(line(a=43, b=60, c=80), [first], PLAIN).hidden == {"a", TOTAL}
    assert release(line(a=43, b=60, c=99), [first], PLAIN).hidden == {"a", "b"}
    assert release(line(a=40, b=60, c=90), [first], PLAIN).hidden == frozenset()
    assert release(line(a=48, b=60, c=90), [first], PLAIN).hidden == frozenset()


def test_a_count_that_moved_hides_its_row() -> None:
    first = release({"a": (40, 50), "b": (60, 70)}, [], PLAIN)
    assert release({"a": (40, 53), "b": (60, 90)}, [first], PLAIN).hidden == {"a", "b"}


def test_what_was_hidden_stays_hidden() -> None:
    first = release(line(a=3, b=40, c=60), [], PLAIN)
    assert first.hidden == {"a", "b"}
    second = release(line(a=30, b=400, c=600), [first], PLAIN)
    assert second.hidden == {"a", "b"}
    assert release(line(a=30, b=400, c=600, d=5), [first, second], PLAIN).hidden >= {"a", "b", "d"}
    assert TOTAL in release(line(a=900), [Release(line(a=3), frozenset({"a", TOTAL}))], PLAIN).hidden


def test_two_years_of_releases_give_nobody_away() -> None:
    """24 months of practices and groups, with resubmissions: a reader lays all versions of a month side by side."""
    dice = random.Random(24)
    hidden_for_others = 0
    for _ in range(24 * 20):
        counts = {name: dice.randrange(90) for name in "ABCDEF"[: dice.randrange(2, 7)]}
        past: list[Release] = []
        for _ in range(4):
            past.append(release(line(**counts), past, PLAIN))
            for name in dice.sample(sorted(counts), dice.randrange(len(counts))):
                counts[name] = max(0, counts[name] + dice.randrange(-12, 13))
        assert not any(len(one.hidden) == 1 for one in past if TOTAL not in one.hidden)
        for at, later in enumerate(past):
            assert all(not PLAIN.is_small(later.table[key][0]) for key in later.table.keys() - later.hidden)
            for before in past[:at]:
                assert before.hidden <= later.hidden
                both = later.table.keys() - later.hidden - before.hidden
                assert not any(PLAIN.is_small(abs(later.table[key][0] - before.table[key][0])) for key in both)
                wholes = [sum(count for (count,) in one.table.values()) for one in (before, later)]
                assert TOTAL in later.hidden or not PLAIN.is_small(abs(wholes[0] - wholes[1]))
            hidden_for_others += sum(not PLAIN.is_small(later.table[key][0]) for key in later.hidden - {TOTAL})
    assert hidden_for_others > 100


def test_the_book_names_the_profiles_and_who_gets_which() -> None:
    book = open_book("west-herts-2008")
    assert profile(book, "HES_2008") == Profile("HES_2008", 5, 1)
    assert profile_for(book, "roles").is_off
    assert profile_for(book, "public") == profile_for(book, "somebody else") == HES_2018
