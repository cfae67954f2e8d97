"""Lines of account in layers: whoever answers stands below, circles are told, and nobody is lost."""

from __future__ import annotations

import random

from openpbc.governance.rules.accountability import Line, layers, one_each


def test_lines_of_a_county_stand_in_layers() -> None:
    lines = [
        Line("committee", "pec"),
        Line("conclave", "pec", about="its work"),
        Line("conclave", "directors"),
        Line("pec", "board"),
        Line("board", "sha"),
        Line("conclave", "group"),
    ]
    rows = [sorted(row) for row in layers(lines).rows]
    assert rows == [["sha"], ["board"], ["directors", "group", "pec"], ["committee", "conclave"]]
    assert layers(lines).circles == ()


def test_two_sources_of_one_line_are_one_line() -> None:
    both = [Line("a", "b", source="one"), Line("a", "b", about="money", source="two")]
    assert one_each(both) == (both[1],)


def test_a_circle_is_told_and_everybody_still_stands_somewhere() -> None:
    shown = layers([Line("a", "b"), Line("b", "c"), Line("c", "a"), Line("d", "d")])
    assert sorted(name for row in shown.rows for name in row) == ["a", "b", "c", "d"]
    assert len(shown.circles) == 2


def test_whoever_answers_stands_below_whatever_the_lines() -> None:
    chance = random.Random("lines")
    for _ in range(300):
        names = [f"n{at}" for at in range(chance.randint(2, 9))]
        lines = [Line(*chance.sample(names, 2)) for _ in range(chance.randint(1, 14))]
        shown = layers(lines)
        at = {name: depth for depth, row in enumerate(shown.rows) for name in row}
        assert set(at) == {name for line in lines for name in (line.who, line.whom)}
        assert sum(len(row) for row in shown.rows) == len(at) and all(shown.rows)
        back = {(line.who, line.whom) for line in shown.circles}
        assert all(at[line.who] > at[line.whom] for line in lines if (line.who, line.whom) not in back)
        # Without the lines that lead back there is no circle left.
        assert layers(line for line in lines if (line.who, line.whom) not in back).circles == ()
