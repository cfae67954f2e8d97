"""No small count can be narrowed by arithmetic; the attack that shows it does find what the plain rule gives away."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any

import pytest

from openpbc.kernel.disclosure import TOTAL, Profile, Table, protect
from tests.property.kernel.disclosure_attack import cuts, known, naive_line, propagate, read_table

PROFILES = (Profile("HES_2018", 7, 5), Profile("HES_2008", 5), Profile("NO_RECORDS", 7))
TABLES = 10_000
# Extra rows hidden in a line that has a small one, on the average of many lines: what it may cost (goal SDC-2).
DEAREST = 0.4


def few(dice: random.Random) -> int:
    """A count such as a practice's month has them: often nought or small, seldom large."""
    return dice.choice((0, dice.randrange(8), dice.randrange(25), dice.randrange(25), dice.randrange(300)))


def any_table(dice: random.Random) -> Table:
    """One count a row; or those that count, those that do not, and both together; or two counts apart."""
    rows, kind = range(dice.randrange(1, 9)), dice.randrange(4)
    if kind < 2:
        return {at: (few(dice),) for at in rows}
    pairs = {at: (few(dice), few(dice)) for at in rows}
    return {at: (one, two, one + two) if kind == 2 else (one, two) for at, (one, two) in pairs.items()}


def narrowed(table: Table, hidden: Collection[Any], profile: Profile) -> list[Any]:
    """The small counts of which a reader can rule out a value from 1 to the threshold."""
    bounds, equations = read_table(table, hidden, profile.threshold, profile.rounding)
    proven = propagate(bounds, equations)
    small = [(key, at) for key, row in table.items() for at, count in enumerate(row) if profile.is_small(count)]
    return [cell for cell in small if proven[cell][0] > 1 or proven[cell][1] < profile.threshold]


def tables(count: int, seed: int) -> list[tuple[Table, Profile]]:
    dice = random.Random(seed)
    return [(any_table(dice), PROFILES[at % 3]) for at in range(count)]


def attack(count: int, seed: int) -> tuple[int, int]:
    """Protect and attack many tables; give how many small counts there were, and how many of them were narrowed."""
    small = lost = 0
    for table, profile in tables(count, seed):
        small += sum(profile.is_small(cell) for row in table.values() for cell in row)
        lost += len(narrowed(table, protect(table, profile), profile))
    return small, lost


def test_no_small_count_is_narrowed_in_ten_thousand_tables() -> None:
    small, lost = attack(TABLES, 20080410)
    assert small > TABLES
    assert lost == 0


@pytest.mark.soak
def test_no_small_count_is_narrowed_in_a_hundred_thousand_tables() -> None:
    assert attack(10 * TABLES, 20181101)[1] == 0


def test_the_attack_narrows_what_hiding_small_counts_alone_leaves() -> None:
    narrowed_ones = small = 0
    for table, profile in tables(1_000, 7):
        plain = {key for key, row in table.items() if any(map(profile.is_small, row))}
        if any(profile.is_small(sum(column)) for column in zip(*table.values(), strict=True)):
            plain.add(TOTAL)
        small += sum(profile.is_small(cell) for row in table.values() for cell in row)
        narrowed_ones += len(narrowed(table, plain, profile))
    assert narrowed_ones * 20 > small, "an attack that finds nothing anywhere shows nothing"


def test_not_even_a_linear_programme_narrows_a_small_count() -> None:
    """A line is a flow of people from the parts to their total, of which every cut is tried."""
    attacked = 0
    for table, profile in tables(1_200, 11):
        if len(next(iter(table.values()))) > 1:
            continue
        hidden = protect(table, profile)
        bounds, _ = read_table(table, hidden, profile.threshold, profile.rounding)
        ends = {cell: ("b", "a") if cell[0] == TOTAL else ("a", "b") for cell in bounds}
        for key, (count,) in table.items():
            if profile.is_small(count):
                least, most = cuts(bounds, ends, (key, 0))
                assert least <= 1 and most >= profile.threshold, (table, key)
                attacked += 1
    assert attacked > 300


def test_a_second_way_to_protect_a_line_agrees() -> None:
    dice = random.Random(5)
    for at in range(TABLES):
        values, profile = [few(dice) for _ in range(dice.randrange(2, 8))], PROFILES[at % 3]
        hidden = protect({key: (value,) for key, value in enumerate(values)}, profile)
        theirs, total = naive_line(values, profile.threshold, profile.rounding)
        if TOTAL in hidden:
            assert total is None, (values, profile)
            continue
        assert total is not None
        assert hidden == {key for key, shown in enumerate(theirs) if shown is None}, (values, profile)


def test_it_costs_less_than_the_goal() -> None:
    """In lines of three to six counts of 10 to 15 people: extra counts hidden, and how far totals err."""
    dice, profile = random.Random(13), PROFILES[0]
    extra = lines = error = people = 0
    for _ in range(4_000):
        mean = dice.choice((10, 15))
        table = {at: (sum(dice.random() < mean / 60 for _ in range(60)),) for at in range(dice.randrange(3, 7))}
        hidden, small = protect(table, profile), {key for key, (count,) in table.items() if profile.is_small(count)}
        if small:
            lines += 1
            extra += len(hidden - small)
        if TOTAL not in hidden:
            whole = sum(count for (count,) in table.values())
            error += abs(profile.rounded(whole) - whole)
            people += whole
    assert extra <= DEAREST * lines
    assert error * 20 <= people, "a shown total errs by more than 5 % on average"


def test_nothing_is_hidden_that_need_not_be() -> None:
    assert protect({"a": (50,), "b": (9,), "c": (0,)}, PROFILES[0]) == frozenset()
    assert protect({"a": (50, 0), "b": (9, 12), "c": (8, 30)}, PROFILES[2]) == frozenset()
    assert protect({}, PROFILES[0]) == frozenset()


def test_who_sees_two_counts_of_a_row_sees_the_third() -> None:
    """Three who do not count are found from those who do and from all, so their row is hidden, and one beside it."""
    table = {"a": (40, 3, 43), "b": (90, 50, 140), "c": (60, 40, 100)}
    assert protect(table, PROFILES[2]) == {"a", "c"}


def test_a_total_that_leaves_too_little_room_is_hidden() -> None:
    assert protect({"a": (2,), "b": (3,), "c": (3,)}, PROFILES[2]) == {"a", "b", "c", TOTAL}
    assert protect({"a": (7,), "b": (7,)}, PROFILES[2]) == {"a", "b"}


def test_the_order_of_the_rows_is_irrelevant() -> None:
    for table, profile in tables(300, 17):
        mixed = list(table.items())
        random.Random(1).shuffle(mixed)
        assert protect(dict(mixed), profile) == protect(table, profile)


def test_known_marks_are_read_as_a_reader_would() -> None:
    assert known(None, 7, 5)[0] == 1
    assert known(10, 7, 5) == (8, 12)
