"""Quorum and votes: nobody who left, is away or has no vote ever counts, and recusals never make a quorum."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openpbc.governance.rules.quorum import (
    CAPACITIES,
    CLINICIAN,
    DIRECTOR,
    KINDS,
    LAY,
    PRESENCES,
    PRESENT,
    Member,
    QuorumRule,
    quorum,
)
from openpbc.governance.rules.voting import FOR, may_decide, refusal, tally

NAMES = "abcdefgh"
MEMBERS = st.builds(
    Member,
    person=st.sampled_from(NAMES),
    capacity=st.sampled_from(sorted(CAPACITIES)),
    kind=st.sampled_from(sorted(KINDS)),
    of=st.sampled_from(["", "W", "S"]),
    votes=st.booleans(),
    presence=st.sampled_from(sorted(PRESENCES)),
    deputy=st.sampled_from(["", "x", "y"]),
)
ROLLS = st.lists(MEMBERS, min_size=1, max_size=8, unique_by=lambda each: each.person)
RULES = st.builds(
    QuorumRule,
    share_ppm=st.integers(0, 1_000_000),
    kinds=st.sampled_from([(), ((LAY, 1),), ((LAY, 1), (DIRECTOR, 1), (CLINICIAN, 1))]),
    other_group=st.booleans(),
)
RECUSED = st.frozensets(st.sampled_from(NAMES + "xy"))


@given(ROLLS, RECUSED, RULES, st.sampled_from(["", "W"]))
def test_only_those_count_who_are_there_with_a_vote_and_without_an_interest(roll, recused, rule, proposing) -> None:
    found = quorum(roll, recused, rule, proposing)
    for name in found.counted:
        assert any(
            each.votes
            and each.person not in recused
            and name not in recused
            and ((each.person == name and each.presence == PRESENT) or each.deputy == name)
            for each in roll
        )
    assert found.chair not in recused


@given(ROLLS, RECUSED, st.sampled_from(NAMES), RULES)
def test_one_more_recusal_never_makes_a_quorum(roll, recused, another, rule) -> None:
    before, after = quorum(roll, recused, rule), quorum(roll, recused | {another}, rule)
    assert set(after.counted) <= set(before.counted)
    assert before.holds or not after.holds


@given(ROLLS, RECUSED, RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_roll_is_irrelevant(roll, recused, rule, chance) -> None:
    shuffled = list(roll)
    chance.shuffle(shuffled)
    assert quorum(roll, recused, rule) == quorum(shuffled, recused, rule)


@given(ROLLS, RECUSED, RULES)
def test_what_is_approved_has_a_quorum_and_more_votes_for_than_against(roll, recused, rule) -> None:
    counted = quorum(roll, recused, rule)
    able = [name for name in (*NAMES, "x", "y") if not refusal(name, counted, dict.fromkeys(recused, "r"))]
    assert able == sorted(counted.counted)
    found = tally(dict.fromkeys(able, FOR), counted, dict.fromkeys(recused, "r"))
    assert (not may_decide("approved", counted, found)) == (counted.holds and bool(able))
