"""No small count can be narrowed by arithmetic; the attack that shows it does find what the plain rule gives away."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from openpbc.kernel.disclosure import Profile, Protected, Sums, grid, line, protect, shares
from openpbc.kernel.disclosure.sums import TOTAL, tree
from openpbc.kernel.suppressed import Suppressed
from tests.property.kernel.disclosure_attack import cuts, known, naive_line, propagate

PROFILES = (Profile("HES_2018", 7, 5), Profile("HES_2008", 5))
TABLES = 10_000
# Extra counts hidden in a line that has a small one, on the average of many lines: what it may cost (goal SDC-2).
DEAREST = 0.4


def few(dice: random.Random) -> int:
    """A count such as a practice's month has them: often nought or small, seldom large."""
    return dice.choice((0, dice.randrange(8), dice.randrange(25), dice.randrange(25), dice.randrange(300)))


def any_table(dice: random.Random) -> Sums:
    """A line, a tree, shares of wholes, or a small grid, of random counts."""
    kind = dice.randrange(10)
    if kind < 5:
        return line({at: few(dice) for at in range(dice.randrange(2, 9))})
    if kind < 7:
        return tree(
            {group: {at: few(dice) for at in range(dice.randrange(1, 5))} for group in "ABC"[: dice.randrange(1, 4)]}
        )
    if kind < 8:
        return shares(_shares(dice))
    width = dice.randrange(2, 4)
    return grid([[few(dice) for _ in range(width)] for _ in range(dice.randrange(2, 4))])


def _shares(dice: random.Random) -> dict[int, tuple[int, int]]:
    pairs = [(few(dice), few(dice)) for _ in range(3)]
    return {at: (part, part + rest) for at, (part, rest) in enumerate(pairs)}


def as_read(sums: Sums, shown: Mapping[Any, Any], profile: Profile) -> dict[Any, tuple[int, int]]:
    """What a reader knows of each count before doing any arithmetic."""
    marks = {key: None if isinstance(value, Suppressed) else value for key, value in shown.items()}
    return {one.key: known(marks[one.key], profile.threshold, profile.rounding) for one in sums.counts}


def equations(sums: Sums) -> list[tuple[list[Any], list[Any]]]:
    """At each point, what comes in is what goes out."""
    points = {point for one in sums.counts for point in (one.source, one.target)}
    return [
        (
            [one.key for one in sums.counts if one.target == point],
            [one.key for one in sums.counts if one.source == point],
        )
        for point in sorted(points, key=str)
    ]


def narrowed(sums: Sums, shown: Mapping[Any, Any], profile: Profile) -> list[Any]:
    """The small counts, totals aside, of which a reader can rule out a value from 1 to the threshold."""
    proven = propagate(as_read(sums, shown, profile), equations(sums))
    small = [one.key for one in sums.counts if profile.is_small(one.value) and not one.is_total]
    return [key for key in small if proven[key][0] > 1 or proven[key][1] < profile.threshold]


def tables(count: int, seed: int, make: Callable[[random.Random], Sums] = any_table) -> list[tuple[Sums, Profile]]:
    dice = random.Random(seed)
    return [(make(dice), PROFILES[at % 2]) for at in range(count)]


def attack(count: int, seed: int) -> tuple[int, int]:
    """Protect and attack many tables; give how many small counts were hidden, and how many of them narrowed."""
    hidden = lost = 0
    for sums, profile in tables(count, seed):
        done = protect(sums, profile)
        hidden += len(done.small)
        lost += len(narrowed(sums, done.shown, profile))
    return hidden, lost


def test_no_small_count_is_narrowed_in_ten_thousand_tables() -> None:
    hidden, lost = attack(TABLES, 20080410)
    assert hidden > TABLES
    assert lost == 0


@pytest.mark.soak
def test_no_small_count_is_narrowed_in_a_hundred_thousand_tables() -> None:
    assert attack(10 * TABLES, 20181101)[1] == 0


def test_the_attack_narrows_what_hiding_small_counts_alone_leaves() -> None:
    narrowed_ones = hidden = 0
    for sums, profile in tables(1_000, 7):
        plain = {
            one.key: profile.hidden if profile.is_small(one.value) else profile.rounded(one.value)
            for one in sums.counts
        }
        hidden += sum(isinstance(value, Suppressed) for value in plain.values())
        narrowed_ones += len(narrowed(sums, plain, profile))
    assert narrowed_ones * 20 > hidden, "an attack that finds nothing anywhere shows nothing"


def test_not_even_a_linear_programme_narrows_a_small_count() -> None:
    attacked = 0
    for sums, profile in tables(400, 11):
        done = protect(sums, profile)
        bounds = as_read(sums, done.shown, profile)
        ends = {one.key: (one.source, one.target) for one in sums.counts}
        if len({point for pair in ends.values() for point in pair}) > 8:
            continue
        for one in sums.counts:
            if one.key in done.small and not one.is_total:
                least, most = cuts(bounds, ends, one.key)
                assert least <= 1 and most >= profile.threshold, (sums, one)
                attacked += 1
    assert attacked > 300


def test_a_second_way_to_protect_a_line_agrees() -> None:
    dice = random.Random(5)
    for at in range(TABLES):
        values, profile = [few(dice) for _ in range(dice.randrange(2, 8))], PROFILES[at % 2]
        done = protect(line(dict(enumerate(values))), profile)
        ours = [None if isinstance(done[key], Suppressed) else done[key] for key in (*range(len(values)), TOTAL)]
        theirs, total = naive_line(values, profile.threshold, profile.rounding)
        assert ours == [*theirs, total], (values, profile)


def test_it_costs_less_than_the_goal() -> None:
    """In lines of three to six counts of 10 to 15 people: extra counts hidden, and how far totals err."""
    dice = random.Random(13)
    extra = lines = error = people = 0
    for _ in range(4_000):
        mean = dice.choice((10, 15))
        values = {at: sum(dice.random() < mean / 60 for _ in range(60)) for at in range(dice.randrange(3, 7))}
        done = protect(line(values), PROFILES[0])
        if done.small:
            lines += 1
            extra += len(done.extra)
        if not isinstance(done[TOTAL], Suppressed):
            error += abs(done[TOTAL] - sum(values.values()))
            people += sum(values.values())
    assert extra <= DEAREST * lines
    assert error * 20 <= people, "a shown total errs by more than 5 % on average"


def test_nothing_is_hidden_that_need_not_be() -> None:
    done: Protected = protect(line({"a": 50, "b": 9, "c": 0}), PROFILES[0])
    assert not done.small and not done.extra
    assert dict(done.shown) == {"a": 50, "b": 10, "c": 0, TOTAL: 60}


def test_the_order_of_the_counts_is_irrelevant() -> None:
    for sums, profile in tables(300, 17):
        mixed = list(sums.counts)
        random.Random(1).shuffle(mixed)
        assert dict(protect(Sums(tuple(mixed)), profile).shown) == dict(protect(sums, profile).shown)
