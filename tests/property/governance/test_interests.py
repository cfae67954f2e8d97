"""Who is conflicted: whatever the order, never less with more told, through any chain of owners."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openpbc.governance.rules import interests as rule
from openpbc.governance.rules.interests import Household, Interest, Ownership, Party
from openpbc.kernel.periods import months_after

START = date(2008, 4, 1)
PEOPLE, NAMES = ("a@x", "b@x", "c@x"), ("Alpha", "Beta", "Gamma", "Delta")
days = st.integers(0, 400).map(lambda each: START + timedelta(days=each))


@st.composite
def interests(draw: Any) -> Interest:
    first, last = sorted((draw(days), draw(days)))
    nature = draw(st.sampled_from(sorted(rule.NATURES)))
    declared = datetime(2008, 4, 1, 12, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 500)))
    return Interest(
        draw(st.integers(1, 99)), draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(NAMES)), nature,
        nature != rule.PROFESSIONAL, first, draw(st.sampled_from((None, last))), declared,
    )  # fmt: skip


parties = st.builds(Party, st.sampled_from(NAMES), st.sampled_from(sorted(rule.PARTS)))
owners = st.builds(Ownership, st.sampled_from(NAMES), st.sampled_from(NAMES))
homes = st.builds(Household, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
worlds = st.fixed_dictionaries(
    {
        "interests": st.lists(interests(), max_size=6, unique_by=lambda each: each.id),
        "parties": st.lists(parties, max_size=4),
        "on": days,
        "owners": st.lists(owners, max_size=5),
        "households": st.lists(homes, max_size=3),
    }
)


def found(world: dict[str, Any]) -> tuple[rule.Conflict, ...]:
    return rule.conflicts(**world)


@given(worlds, st.randoms(use_true_random=False))
def test_order_and_case_do_not_matter(world: dict[str, Any], random: Any) -> None:
    shuffled = dict(world)
    for name in ("interests", "parties", "owners", "households"):
        shuffled[name] = list(world[name])
        random.shuffle(shuffled[name])
    assert found(shuffled) == found(world)
    lowered = dict(world, parties=[Party(f"  {each.organisation.upper()} ", each.part) for each in world["parties"]])
    assert {each.person for each in found(lowered)} == {each.person for each in found(world)}


@given(worlds, interests(), owners, homes)
def test_telling_more_never_frees_anybody(world: dict[str, Any], more: Interest, owner: Ownership, home: Household):
    before = {(each.person, each.material) for each in found(world)}
    told = {"interests": more, "owners": owner, "households": home}
    for name, what in told.items():
        after = found(dict(world, **{name: [*world[name], what]}))
        assert {person for person, _ in before} <= {each.person for each in after}
        assert {each for each in before if each[1]} <= {(each.person, each.material) for each in after}


@given(worlds)
def test_an_interest_counts_on_the_days_on_which_it_was_held_whenever_it_was_declared(world: dict[str, Any]) -> None:
    by_number = {each.id: each for each in world["interests"]}
    for each in found(world):
        behind = by_number[each.interest]
        assert behind.held_on(world["on"])
        assert each.late == (behind.declared_at.date() > world["on"])
    early = [
        Interest(**(vars(each) | {"declared_at": datetime(1999, 1, 1, tzinfo=UTC)})) for each in world["interests"]
    ]
    assert {each.person for each in found(dict(world, interests=early))} == {each.person for each in found(world)}


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True), st.booleans())
def test_an_owner_of_an_owner_is_found_and_a_circle_of_owners_ends(chain: list[str], circle: bool) -> None:
    links = [Ownership(a, b) for a, b in zip(chain, chain[1:], strict=False)]
    links += [Ownership(chain[-1], chain[0])] if circle else []
    when = datetime(2008, 5, 1, tzinfo=UTC)
    top = Interest(1, "a@x", chain[0], rule.PROFESSIONAL, False, START, None, when)
    (conflict,) = rule.conflicts([top], [Party(chain[-1], rule.POSSIBLE_BIDDER)], START, owners=links)
    assert (conflict.nature, conflict.material) == (rule.INDIRECT, True)
    assert all(name in conflict.sentence for name in chain)
    if not circle:
        low = Interest(1, "a@x", chain[-1], rule.PROFESSIONAL, False, START, None, when)
        assert rule.conflicts([low], [Party(chain[0], rule.POSSIBLE_BIDDER)], START, owners=links) == ()


@given(days, st.integers(0, 60))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(days, days, st.integers(0, 90))
def test_a_declaration_is_late_by_the_days_over_those_allowed(held: date, told: date, allowed: int) -> None:
    over = rule.declared_late(held, told, allowed)
    assert over == max(0, (told - held).days - allowed)
    assert rule.ends_on(held, told) >= told
