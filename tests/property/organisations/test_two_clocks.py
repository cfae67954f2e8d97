"""Two clocks against a grid of days: whatever was said in whatever order, each cell holds what was said of it last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openpbc.organisations.rules.clocks import Belief, outside, overlaps
from openpbc.organisations.rules.register_changes import Believed, Effect, changes
from openpbc.organisations.rules.told import Held, Named, ToldLink, ToldOrganisation, ToldRow

START = date(2008, 4, 1)
DAYS = 8


def day(number: int) -> date:
    return START + timedelta(days=number)


sayings = st.lists(
    st.tuples(st.integers(0, DAYS - 1), st.one_of(st.none(), st.integers(0, DAYS)), st.sampled_from("ABC")), max_size=7
)


@given(sayings)
def test_what_is_believed_equals_a_grid_of_days(said: list[tuple[int, int | None, str]]) -> None:
    rows: list[Belief[str]] = []
    grid: dict[tuple[int, int], str] = {}
    for known, (first, length, text) in enumerate(said, start=1):
        last = None if length is None else first + length
        until = None if last is None else day(last)
        ended = [row for row in rows if row.known_to is None and overlaps(row, day(first), until)]
        rows = [replace(row, known_to=day(known)) if row in ended else row for row in rows]
        rows.append(Belief(text, day(first), until, day(known)))
        rows += [Belief(row.said, start, end, day(known)) for row, start, end in outside(ended, day(first), until)]
        for at in range(first, DAYS if last is None else min(last + 1, DAYS)):
            for later in range(known, len(said) + 1):
                grid[at, later] = text
    for at in range(DAYS):
        for known in range(len(said) + 1):
            held = [row.said for row in rows if row.holds(day(at), day(known))]
            assert held == ([grid[at, known]] if (at, known) in grid else []), (at, known)


class Register:
    """A register in memory that takes files one by one, and the same told naively, a cell a day."""

    def __init__(self) -> None:
        self.names: list[Belief[Named]] = []
        self.links: list[Belief[Held]] = []

    def take(self, row: ToldRow, as_at: date) -> Effect:
        believed = Believed(
            {"P1": [each for each in self.names if each.known_to is None]},
            {"commissioned_by/P1": [each for each in self.links if each.known_to is None]},
        )
        (change,) = changes([row], believed, as_at)
        for written in change.written:
            held = self.links if written.kind else self.names
            for at, each in enumerate(held):
                if each.key in written.ended:
                    held[at] = replace(each, known_to=as_at)
            for belief in written.beliefs:
                held.append(replace(belief, key=len(held) + 1))
        return change.effect


dated = st.tuples(st.just(True), st.sampled_from("AB"), st.integers(0, 3), st.one_of(st.none(), st.integers(4, 7)))
snapshots = st.tuples(st.just(False), st.sampled_from("AB"), st.just(0), st.none())


@given(st.lists(st.one_of(dated, snapshots), min_size=1, max_size=6))
@settings(max_examples=150)
def test_a_file_is_believed_of_its_day_and_what_was_known_before_stays(
    files: list[tuple[bool, str, int, int | None]],
) -> None:
    register = Register()
    seen_before: dict[tuple[int, int], list[str]] = {}
    for known, (is_dated, name, first, last) in enumerate(files, start=4):
        as_at = day(known)
        start, end = (day(first), None if last is None else day(last)) if is_dated else (as_at, None)
        said = Named(name, "practice")
        row = ToldRow(
            known,
            "P1",
            (ToldOrganisation("P1", said, is_dated, start, end),),
            (ToldLink("commissioned_by", "P1", Held(name, seen=not is_dated), is_dated, start, end),),
        )
        effect = register.take(row, as_at)
        assert effect is not Effect.LATER
        assert register.take(row, as_at) in (Effect.SAME, Effect.LATER)  # the same file again says nothing new
        for held, text in ((register.names, "name"), (register.links, "holder")):
            now = [each for each in held if each.holds(as_at, None)]
            if end is None or end >= as_at:
                assert [getattr(each.said, text) for each in now] == [name]
            else:
                assert now == []
        for (at, then), was in seen_before.items():
            assert [each.said.name for each in register.names if each.holds(day(at), day(then))] == was
        for at in range(12):
            rows = [each.said.name for each in register.names if each.holds(day(at), day(known))]
            assert len(rows) <= 1
            seen_before[at, known] = rows
