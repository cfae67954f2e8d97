"""Two clocks against a grid of days: whatever was said in whatever order, each cell holds what was said of it last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openpbc.organisations.rules.clocks import Belief, Clocked, covers, outside, overlaps
from openpbc.organisations.rules.register_changes import Believed, Change, Effect, changes
from openpbc.organisations.rules.told import Held, Named, ToldLink, ToldOrganisation, ToldRow

START = date(2008, 4, 1)
DAYS = 8


def day(number: int) -> date:
    return START + timedelta(days=number)


def holds(row: Clocked, on: date, known_on: date) -> bool:
    """Whether it was so on a day, as known on another."""
    return covers(row, on) and row.known_from <= known_on and (row.known_to is None or known_on < row.known_to)


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
            held = [row.said for row in rows if holds(row, day(at), day(known))]
            assert held == ([grid[at, known]] if (at, known) in grid else []), (at, known)


class Register:
    """A register in memory that takes files one by one."""

    def __init__(self) -> None:
        self.names: list[Belief[Named]] = []
        self.links: list[Belief[Held]] = []

    def take(self, row: ToldRow, as_at: date) -> Change:
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
        return change


MOST = 16  # the last day of the grid; what has no end goes on there
Days = dict[int, str]


def naive_names(before: Days, name: str, known: int, life: tuple[int, int | None] | None) -> Days:
    """Say what is believed of each day: told once more, a day at a time, and without any spell."""
    if life is None:
        return before | dict.fromkeys(_run(before, known), name)
    days = range(life[0], MOST + 1 if life[1] is None else life[1] + 1)
    old: Days = {at: before[max((each for each in before if each <= at), default=min(before))] for at in days if before}
    if life[1] is None or life[1] >= known:
        return {at: name if at >= known or not before else old[at] for at in days}
    turn = life[1]
    while before and turn - 1 in days and old[turn - 1] == old[turn]:
        turn -= 1
    return {at: name if at >= turn or not before else old[at] for at in days}


def naive_links(before: Days, told: str, known: int, life: tuple[int, int | None] | None, until: int | None) -> Days:
    """Say the same of holders; each is written with the number of the row that told it, to tell two spells apart."""
    holder = told[0]
    if life is not None:
        same = before.get(life[0], "") if before.get(life[0], "")[:1] == holder else ""
        days = range(life[0], MOST + 1 if life[1] is None else life[1] + 1)
        return {at: each for at, each in before.items() if at < life[0] and each != same} | dict.fromkeys(days, told)
    run = _run(before, known)
    if before.get(known, "")[:1] == holder:
        told = before[known]
    if until is not None:
        later = min((at for at in before if at > known and before[at] != before.get(known)), default=MOST + 1)
        before = {at: each for at, each in before.items() if at not in run}
        run = range(known, min(until + 1, later))
    return before | dict.fromkeys(run, told)


def _run(before: Days, known: int) -> range:
    """The days from one on of which the same is believed, or of which nothing is."""
    last = known
    while last < MOST and before.get(last + 1) == before.get(known):
        last += 1
    return range(known, last + 1)


dated = st.tuples(st.sampled_from("AB"), st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 6))))
snapshots = st.tuples(st.sampled_from("AB"), st.none())
told_files = st.lists(st.tuples(st.one_of(dated, snapshots), st.one_of(st.none(), st.integers(0, 5))), max_size=6)


@given(told_files)
@settings(max_examples=400)
def test_each_file_leaves_on_every_day_what_a_naive_register_believes(files) -> None:
    register = Register()
    names: Days = {}
    links: Days = {}
    then: dict[int, tuple[Days, Days]] = {}
    for known, ((name, spell), more) in enumerate(files, start=4):
        as_at = day(known)
        life = None if spell is None else (spell[0], None if spell[1] is None else spell[0] + spell[1])
        until = None if more is None else known + more
        first, last = (known, None) if life is None else life
        row = ToldRow(
            known,
            "P1",
            (ToldOrganisation("P1", Named(name, "practice"), life is not None, day(first), _day(last)),),
            (
                ToldLink(
                    "commissioned_by", "P1", Held(name, seen=life is None), life is not None, day(first),
                    _day(last if life else until),
                ),
            ),
        )  # fmt: skip
        assert register.take(row, as_at).effect is not Effect.LATER
        again = register.take(row, as_at)
        assert again.effect in (Effect.SAME, Effect.LATER) and not again.written  # the same again says nothing new
        names = naive_names(names, name, known, life)
        links = naive_links(links, f"{name}{known}", known, life, until)
        then[known] = names, links
        for on, (called, held) in then.items():  # what was believed once can still be asked for
            for at in range(MOST + 1):
                shown = [each.said.name for each in register.names if holds(each, day(at), day(on))]
                assert shown == ([called[at]] if at in called else []), (at, on)
                holders = [each.said.holder for each in register.links if holds(each, day(at), day(on))]
                assert holders == ([held[at][0]] if at in held else []), (at, on)


def _day(number: int | None) -> date | None:
    return None if number is None else day(number)


def told_practice(name: str, first: date, *, is_dated: bool, last: date | None = None) -> ToldRow:
    return ToldRow(1, "P1", (ToldOrganisation("P1", Named(name, "practice"), is_dated, first, last),))


def test_a_first_day_that_was_only_seen_is_corrected_by_a_file_that_knows_it() -> None:
    register = Register()
    register.take(told_practice("A", date(2022, 1, 1), is_dated=False), date(2022, 1, 1))
    assert register.names[0].said.seen
    change = register.take(told_practice("A", date(1974, 4, 1), is_dated=True), date(2023, 1, 1))
    assert (change.effect, change.sentence) == (Effect.CHANGED, "A (P1): open from 1 April 1974.")
    (now,) = [each for each in register.names if each.known_to is None]
    assert (now.valid_from, now.said.seen) == (date(1974, 4, 1), False)
    change = register.take(told_practice("B", date(1974, 4, 1), is_dated=True), date(2024, 1, 1))
    assert change.sentence == "A (P1) is now called B."
    assert [(each.said.name, each.said.seen) for each in register.names if each.known_to is None] == [
        ("A", False),
        ("B", True),  # since when it has been called so no file says
    ]
    ended = told_practice("B", date(1974, 4, 1), is_dated=True, last=date(2024, 6, 30))
    change = register.take(ended, date(2025, 1, 1))
    assert (change.effect, change.sentence) == (Effect.CLOSED, "B (P1): closed on 30 June 2024.")
