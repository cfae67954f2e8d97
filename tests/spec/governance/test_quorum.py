"""The quorum of one item and its vote, case by case: the roll, who has an interest, and what comes of it.

A member is name:capacity letter, kind letter, group, and marks: capacity C chair, V vice chair, m member, a in
attendance (no vote), s secretary (no vote); kind l lay, d director, c clinician, t provider's clinician, o other;
! present, - apologies, > left, and =name for a deputy who sits in. Votes are name and + for, - against, 0 abstains.
"""

from __future__ import annotations

import re

import pytest

from openpbc.governance.rules.quorum import (
    ABSENT,
    APOLOGIES,
    ATTENDING,
    CHAIR,
    CLINICIAN,
    DIRECTOR,
    LAY,
    LEFT,
    MEMBER,
    PRESENT,
    SECRETARY,
    TRUST,
    VICE,
    Member,
    Quorum,
    QuorumRule,
    needed,
    quorum,
    quorum_steps,
)
from openpbc.governance.rules.voting import ABSTAINS, AGAINST, FOR, RECOMMENDS, may_decide, refusal, tally
from openpbc.kernel.problems import UserError

RULE = QuorumRule(500_000, ((LAY, 1), (DIRECTOR, 1), (CLINICIAN, 1)), other_group=True, casting=True)
CAPACITY = {"C": CHAIR, "V": VICE, "m": MEMBER, "a": ATTENDING, "s": SECRETARY}
KIND = {"l": LAY, "d": DIRECTOR, "c": CLINICIAN, "t": TRUST, "o": "other"}
PRESENCE = {"!": PRESENT, "-": APOLOGIES, ">": LEFT, "?": ABSENT}
SEAT = re.compile(r"(\w+):([CVmas])([ldcto])(\w*)([!\->?])(?:=(\w+))?")

# A line holds the roll, who proposes, who is recused, then counted/needed/members, the chair and parts of sentences.
CASES = """
A:Cl! B:Vd! C:mcW! D:mcS!            | W |     | 4/2/4 A            | all are there
A:Cl! B:Vd! C:mcW! D:mcS!            | W | D   | 3/2/4 A every      | only the proposing group's clinician is left
A:Cl! B:Vd! C:mcW! D:mcS!            |   | D   | 3/2/4 A            | nobody proposes, so any clinician will do
A:Cl! B:Vd! C:mcW! D:mcS!            | W | C   | 3/2/4 A            | another group's clinician is left
A:Cl! B:Vd! C:mcW! D:mcS!            | W | A   | 3/2/4 B lay        | the vice chair presides; no lay member is left
A:Cl! B:Vd! C:mcW! D:mcS!            | W | A,B | 2/2/4 ~ lay dir nobody | chair and vice chair both have an interest
A:Cl! B:Vd- C:mcW! D:mcS!            | W |     | 3/2/4 A director   | the director sent apologies
A:Cl! B:md-=E C:mcW! D:mcS!          | W |     | 4/2/4 A            | a deputy counts in the director's place
A:Cl! B:md-=E C:mcW! D:mcS!          | W | E   | 3/2/4 A director   | the deputy has an interest
A:Cl! B:md-=E C:mcW! D:mcS!          | W | B   | 3/2/4 A director   | the director has one: a deputy does not mend it
A:Cl! B:md! C:mcS! D:mo> E:mo? F:mo- |   |     | 3/3/6 A            | exactly half
A:Cl! B:md! C:mcS! D:mo> E:mo? F:mo- G:mo? | | | 3/4/7 A 1-more     | half of seven is four
A:Cl! B:md! C:mcS! S:so! T:ao!       |   |     | 3/2/3 A            | who has no vote is no member for the quorum
A:Cl! B:md! C:mcS! A:ml!             |   |     | 3/2/4 A            | one person with two seats counts once
A:Cl-=E B:Vd! C:mcS! L:ml!           |   |     | 4/2/4 B            | a deputy does not take the chair
A:mt! B:mt!                          |   |     | 2/1/2 ~ lay dir clinician nobody | a room without a chair
"""


def member(text: str) -> Member:
    found = SEAT.fullmatch(text)
    assert found, text
    name, capacity, kind, of, presence, deputy = found.groups(default="")
    votes = capacity not in "as"
    return Member(name, CAPACITY[capacity], KIND[kind], of, votes, PRESENCE[presence], deputy)


def case(line: str) -> tuple[list[Member], str, frozenset[str], str]:
    roll, proposing, recused, told, _ = (part.strip() for part in line.split("|"))
    return [member(each) for each in roll.split()], proposing, frozenset(filter(None, recused.split(","))), told


LINES = [line for line in CASES.strip().splitlines() if line]


@pytest.mark.parametrize("line", LINES, ids=[line.rsplit("|", 1)[1].strip() for line in LINES])
def test_a_quorum(line: str) -> None:
    roll, proposing, recused, told = case(line)
    found = quorum(roll, recused, RULE, proposing)
    numbers, chair, *lacking = told.split()
    assert f"{found.present}/{found.needed}/{found.members}" == numbers
    assert (found.chair or "~") == chair
    assert len(found.lacking) == len(lacking), found.lacking
    for part in lacking:
        assert any(part.replace("-", " ") in sentence for sentence in found.lacking), found.lacking
    assert found.holds == (not lacking)


@pytest.mark.parametrize("line", LINES, ids=[line.rsplit("|", 1)[1].strip() for line in LINES])
def test_steps_give_the_number_that_counts_where_nobody_has_two_seats(line: str) -> None:
    roll, proposing, recused, _ = case(line)
    found = quorum(roll, recused, RULE, proposing)
    if len({each.person for each in roll}) == len(roll):
        assert sum(step.effect for step in quorum_steps(roll, found)) == found.present


@pytest.mark.parametrize(("members", "least"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (7, 4), (100, 50)])
def test_at_least_half_is_rounded_up(members: int, least: int) -> None:
    assert needed(members, 500_000) == least


HELD = Quorum(4, 2, ("A", "B", "C"), ("D",), "A")
LOST = Quorum(4, 2, ("A",), ("D",), "A", ("1 more voting member is needed",))
VOTES = {"+": FOR, "-": AGAINST, "0": ABSTAINS}
# votes | casting | outcome | quorum | sentence (a part), or empty when it may be
DECIDED = """
A+ B+ C- |         | approved |      |
A+ B+ C- |         | refused  |      | the votes do not say so
A- B- C+ |         | refused  |      |
A+ B-    |         | approved |      | the votes do not say so
A+ B-    |         | refused  |      | the votes do not say so
A+ B-    |         | deferred |      |
A+ B-    | for     | approved |      |
A+ B-    | against | refused  |      |
A+ B- C0 | for     | approved |      |
A0 B0 C0 |         | approved |      | the votes do not say so
         |         | approved |      | No vote was taken
         |         | noted    |      |
         |         | noted    | lost | No quorum
A+       |         | approved | lost | No quorum
         |         | deferred | lost |
A+ B+    |         | agreed   |      | it approves or refuses
A+ B-    |         | returned |      |
A-       |         | returned |      |
         |         | returned |      |
A+ B+    |         | returned |      | the votes carried it
         |         | returned | lost | No quorum
A+ B+    |         | carried  |      | is no outcome
"""
DECIDED_LINES = [line for line in DECIDED.strip("\n").splitlines() if line]


@pytest.mark.parametrize("line", DECIDED_LINES)
def test_an_outcome_needs_its_vote_and_the_quorum(line: str) -> None:
    votes, casting, outcome, held, sentence = (part.strip() for part in line.split("|"))
    counted = LOST if held else HELD
    found = tally({each[0]: VOTES[each[1]] for each in votes.split()}, counted, {}, casting)
    told = may_decide(outcome, counted, found)
    assert (sentence in told) if sentence else not told


def test_a_body_that_only_recommends_never_approves() -> None:
    found = tally({"A": FOR, "B": FOR}, HELD, {})
    assert "no power to approve" in may_decide("approved", HELD, found, RECOMMENDS)
    assert not may_decide("agreed", HELD, found, RECOMMENDS)


@pytest.mark.parametrize(
    ("votes", "casting", "sentence"),
    [
        ({"D": FOR}, "", "D has left this item: shares in the bidder"),
        ({"Z": FOR}, "", "Z is not a voting member who is present"),
        ({"A": "perhaps"}, "", "'perhaps' is no vote"),
        ({"A": FOR}, FOR, "there is no tie"),
        ({"A": ABSTAINS}, FOR, "there is no tie"),
        ({"A": FOR, "B": AGAINST}, "maybe", "a casting vote is for or against"),
    ],
)
def test_a_vote_that_may_not_be_counted_is_refused_by_name(votes: dict[str, str], casting: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        tally(votes, HELD, {"D": "shares in the bidder"}, casting)


def test_a_deputy_of_somebody_with_an_interest_is_told_so() -> None:
    assert "sit in for somebody who has an interest" in refusal("D", HELD, {})
