"""No sequence of actions finalises a decision that counts somebody who may not count, or that has no quorum.

A machine does whatever anybody might try, in any order, as anybody; most of it is refused. A naive oracle keeps its own
few sets of who sits where and who has an interest, from what succeeded, and knows nothing of the product's rules. Every
decision that comes into being is held against it at that moment.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from openpbc.governance import actions
from openpbc.governance.models import Decision, DecisionRecord
from openpbc.governance.rules.interests import Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.actions import join_accounts
from tests.integration.governance.committee import (
    BODY,
    BY,
    CHAIR,
    DAY,
    DIRECTOR,
    LAY,
    SEATS,
    SECRETARY,
    STAHCOM,
    VISITOR,
    opened,
    person,
    put,
    seat_all,
    seen,
    terms,
)
from tests.integration.governance.committee import VOTERS as COMMITTEE
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")

EXAMPLES, MANY = 25, 400
# The last is acted on by the chair before the meeting, which ratifies it; the case by hand is before no meeting.
MATTERS = (f"case/{HERE}/1", f"case/{HERE}/2", f"case/{HERE}/3")
BY_HAND = f"redesign/{HERE}/4"
DEPUTY = "deputy@x"
# With these the kinds that a quorum needs are fewer than half of the members, so that each can lack without the other.
MORE = tuple((f"lay{number}@x", "member", "lay", "", True) for number in (2, 3, 4))
VOTERS = (*COMMITTEE, *(who for who, *_ in MORE))
PEOPLE = (SECRETARY, *VOTERS, VISITOR, DEPUTY)
ANYBODY = st.sampled_from(PEOPLE)
ITEMS = st.sampled_from((0, 1, 2))
# The meeting bears a day that is long over: an interest may have begun before it, after it, or today.
BEGINS = st.sampled_from((date(2008, 1, 1), DAY, DAY + timedelta(days=1), organisations.today()))
VOTES = st.sampled_from(("for", "against", "abstains"))
KIND = {who: kind for who, _, kind, _, _ in (*SEATS, *MORE)}
GROUP = {who: of for who, _, _, of, _ in (*SEATS, *MORE)}
LEADS = {who for who, capacity, *_ in SEATS if capacity in ("chair", "vice-chair")}


class Committee(RuleBasedStateMachine):
    """What anybody may try at a meeting of two items; refusals are part of the game."""

    reached: ClassVar[list[str]] = []

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        seat_all()
        for who, capacity, kind, _, _ in MORE:
            person(who)
            seat = {"person": who, "capacity": capacity, "kind": kind, "valid_from": date(2008, 4, 1)}
            actions.record_seat(by=SYSTEM, place=HERE, body=BODY, **seat)  # type: ignore[arg-type]
        person(DEPUTY)
        terms(deputies=True, on=date(2008, 5, 1))
        self.items = [put(matter, title=matter) for matter in MATTERS[:2]]
        said = {"title": "x", "reasons": "x", "consulted": (LAY,), "on": DAY, "proposing": "WATCOM"}
        urgent = actions.act_urgently(by=Actor(CHAIR, CHAIR), place=HERE, body=BODY, matter=MATTERS[2], **said)
        self.meeting = opened(*self.items, there=())
        self.items.append(urgent)
        self.members = set(VOTERS)
        self.there: dict[str, str] = {}
        self.stood_in: dict[str, str] = {}
        self.out: list[set[str]] = [set(), set(), set()]
        self.same: dict[str, frozenset[str]] = {}
        self.taken: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def tried(self, action, **said) -> bool:
        try:
            with transaction.atomic():
                action(place=HERE, **said)
        except UserError:
            return False
        return True

    @initialize(people=st.sets(st.sampled_from(VOTERS)), usual=st.booleans(), asked=st.booleans())
    def come(self, people: set[str], usual: bool, asked: bool) -> None:
        for who in sorted(VOTERS if usual else people):
            self.mark(who, "present", "")
        if asked:
            self.ask(0)

    @rule(
        who=ANYBODY,
        presence=st.sampled_from(("present", "apologies", "left", "absent")),
        deputy=st.sampled_from(("", DEPUTY, VISITOR, CHAIR)),
    )
    def mark(self, who: str, presence: str, deputy: str) -> None:
        there = {who: (presence, deputy)}
        if self.tried(actions.record_attendance, by=BY, meeting=self.meeting, there=there):
            self.there[who] = presence
            self.stood_in.pop(who, None)
            if deputy:
                self.stood_in[who] = deputy

    @rule(one=ANYBODY, other=ANYBODY)
    def turn_out_to_be_one_person(self, one: str, other: str) -> None:
        ids = [organisations.person_by_sign_in(each).id for each in (one, other)]
        try:
            join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="one person")
        except UserError:
            return
        both = self.whole(one) | self.whole(other)
        self.same |= dict.fromkeys(both, both)

    def whole(self, who: str) -> frozenset[str]:
        """All sign-ins of the person with one."""
        return self.same.get(who, frozenset({who}))

    def is_out(self, who: str, at: int) -> bool:
        return bool(self.whole(who) & self.out[at])

    @rule(who=ANYBODY, at=ITEMS, begins=BEGINS)
    def hold_interest(self, who: str, at: int, begins: date = date(2008, 1, 1)) -> None:
        said = {"person": who, "organisation": f"Bidder {at}", "nature": "financial-personal", "role": "owner"}
        self.tried(actions.declare_interest, by=Actor(who, who), held_from=begins, **said)
        parties = (Party(f"Bidder {at}", "possible-bidder"),)
        self.tried(actions.set_parties, by=SYSTEM, matter=MATTERS[at], parties=parties)
        self.out[at].add(who)

    @rule(who=ANYBODY, at=ITEMS, by=ANYBODY, ruling=st.sampled_from(("leaves", "without-vote", "takes-part")))
    def say(self, who: str, at: int, by: str, ruling: str) -> None:
        said = {"item": self.items[at], "person": who, "what": f"Interest of {who} in {at}", "ruling": ruling}
        if self.tried(actions.declare_at_item, by=Actor(by, by), **said) and ruling != "takes-part":
            self.out[at].add(who)

    @rule(at=ITEMS)
    def ask(self, at: int) -> None:
        self.tried(actions.declare_none_at_item, by=BY, item=self.items[at])

    @rule(who=ANYBODY, at=ITEMS, choice=VOTES)
    def vote(self, who: str, at: int, choice: str) -> None:
        papers = seen(self.items[at]).papers_hash
        self.tried(actions.cast_vote, by=Actor(who, who), item=self.items[at], choice=choice, papers=papers)

    @rule(votes=st.dictionaries(ANYBODY, VOTES, max_size=6), at=ITEMS)
    def hands(self, votes: dict[str, str], at: int) -> None:
        self.tried(actions.record_votes, by=BY, item=self.items[at], votes=votes)

    @rule(at=ITEMS, choice=VOTES)
    def all_who_may(self, at: int, choice: str) -> None:
        once = {min(self.whole(who) & self.able(at)) for who in self.able(at)}
        votes = dict.fromkeys(sorted(once), choice)
        self.tried(actions.record_votes, by=BY, item=self.items[at], votes=votes)

    @rule(at=ITEMS, text=st.binary(min_size=1, max_size=4))
    def another_paper(self, at: int, text: bytes) -> None:
        self.tried(actions.add_paper, by=BY, item=self.items[at], name="case.txt", body=text)

    @rule(who=st.sampled_from(VOTERS))
    def no_member_any_more(self, who: str) -> None:
        from openpbc.governance.reads.seats import seats

        held = [each.id for each in seats(HERE, BODY) if each.person == who]
        if self.tried(actions.end_seat, by=SYSTEM, seat=held[0], last_day=date(2008, 10, 1), reason="left"):
            self.members.discard(who)

    @rule(who=ANYBODY)
    def new_member(self, who: str) -> None:
        said = {"person": who, "capacity": "member", "kind": "lay", "valid_from": date(2008, 4, 2)}
        self.tried(actions.record_seat, by=BY, body=BODY, **said)

    @rule(
        outcome=st.sampled_from(("approved", "refused", "noted")),
        at=ITEMS,
        body=st.sampled_from((BODY, "board", "group", "nominated_director")),
        named=st.lists(st.sampled_from((*PEOPLE, "A. Nother")), max_size=3),
    )
    def by_hand(self, outcome: str, at: int, body: str, named: list[str]) -> None:
        said = {"taken_on": DAY, "minute": "1.1", "title": "x", "text": "x", "took_part": named}
        record = actions.record_decision
        assert not self.tried(record, by=SYSTEM, body=BODY, outcome=outcome, matter=MATTERS[at], **said)
        assert not self.tried(record, by=SYSTEM, body=body, outcome="approved", matter=BY_HAND, **said)

    @rule(at=ITEMS, by=ANYBODY)
    def act_alone(self, at: int, by: str) -> None:
        said = {"body": BODY, "title": "x", "reasons": "x", "consulted": VOTERS[:2], "on": DAY, "matter": MATTERS[at]}
        self.tried(actions.act_urgently, by=Actor(by, by), **said)

    @rule(
        at=ITEMS,
        by=ANYBODY,
        outcome=st.sampled_from(("approved", "refused", "noted", "agreed")),
        casting=st.sampled_from(("", "", "for", "against")),
    )
    def decide(self, at: int, by: str, outcome: str, casting: str) -> None:
        said = {"item": self.items[at], "outcome": outcome, "reasons": "SYNTHETIC", "casting": casting}
        votes = dict(seen(self.items[at]).votes)
        if self.tried(actions.decide_item, by=Actor(by, by), **said):
            self.taken.add(at)
            self.reached.append(outcome)
            self.hold_against(at, outcome, casting, votes)

    @rule(at=ITEMS, outcome=st.sampled_from(("approved", "refused")))
    def the_secretary_decides(self, at: int, outcome: str) -> None:
        self.decide(at, SECRETARY, outcome, "")

    @rule(at=ITEMS, choice=VOTES)
    def take_it_properly(self, at: int, choice: str) -> None:
        """The way on which a decision should come about, in a room as the steps before left it."""
        self.ask(at)
        self.all_who_may(at, choice)
        self.decide(at, SECRETARY, "refused" if choice == "against" else "approved", "")

    @rule(at=ITEMS, who=ANYBODY, choice=VOTES)
    def vote_then_find_an_interest_then_decide(self, at: int, who: str, choice: str) -> None:
        """The order that hurts: the vote is there before the interest is."""
        self.ask(at)
        self.all_who_may(at, choice)
        self.hold_interest(who, at)
        self.decide(at, SECRETARY, "refused" if choice == "against" else "approved", "")

    @rule(at=ITEMS, who=ANYBODY, ruling=st.sampled_from(("leaves", "without-vote")), choice=VOTES)
    def vote_then_hear_of_an_interest_then_decide(self, at: int, who: str, ruling: str, choice: str) -> None:
        """The same, where it is said in the room and stands in no register."""
        self.ask(at)
        self.all_who_may(at, choice)
        self.say(who, at, SECRETARY, ruling)
        self.decide(at, SECRETARY, "refused" if choice == "against" else "approved", "")

    def seats(self, at: int) -> dict[str, str]:
        """Who sits in whose seat and may be counted at an item, as the oracle sees it."""
        found = {}
        for who in self.members:
            if self.is_out(who, at):
                continue
            if self.there.get(who) == "present":
                found[who] = who
            elif self.there.get(who) != "left" and who in self.stood_in and not self.is_out(self.stood_in[who], at):
                found[self.stood_in[who]] = who
        return found

    def able(self, at: int) -> set[str]:
        return set(self.seats(at))

    def hold_against(self, at: int, outcome: str, casting: str, votes: dict[str, str]) -> None:
        seats, record = self.seats(at), DecisionRecord.objects.get(item_id=self.items[at]).facts
        counted, people = set(record["counted"]), {self.whole(who) for who in record["counted"]}
        assert counted == set(seats) if not self.same else counted <= set(seats)
        assert len(people) == len(counted), "somebody was counted twice"
        assert set(votes) <= counted, "a vote was counted of somebody who may not vote"
        assert record["votes"] == votes
        assert 2 * len(people) >= len({self.whole(who) for who in self.members})
        seats = {who: holder for who, holder in seats.items() if who in counted}
        kinds = [KIND[who] for who in seats.values()]
        assert {"lay", "director", "clinician"} <= set(kinds)
        assert any(KIND[who] == "clinician" and GROUP[who] != "WATCOM" for who in seats.values())
        assert any(self.there.get(who) == "present" and not self.is_out(who, at) for who in LEADS)
        favour, against = (list(votes.values()).count(each) for each in ("for", "against"))
        if outcome == "approved":
            assert favour > against or (favour == against > 0 and casting == "for")
        if outcome == "refused":
            assert against > favour or (favour == against > 0 and casting == "against")
        assert outcome != "agreed"

    @invariant()
    def every_decision_that_counts_has_its_record(self) -> None:
        counting = Decision.objects.exclude(outcome="urgent")
        assert set(counting.values_list("pk", flat=True)) == set(
            DecisionRecord.objects.values_list("decision_id", flat=True)
        )
        assert len(self.taken) == counting.count()


def too_few_of_every_kind() -> None:
    """Three of nine: every kind is there and a chair too, and the share alone keeps them from deciding."""
    room = Committee()
    try:
        room.come({CHAIR, DIRECTOR, STAHCOM}, usual=False, asked=True)
        room.take_it_properly(0, "for")
        assert not room.taken, "fewer than half of the members decided"
        room.mark(LAY, "present", "")
        room.mark("lay2@x", "present", "")
        room.take_it_properly(0, "for")
        assert room.taken == {0}
    finally:
        room.teardown()


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(MANY, marks=pytest.mark.soak)])
def test_no_sequence_of_actions_counts_whom_it_may_not(examples: int) -> None:
    too_few_of_every_kind()
    checks = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
    limits = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=checks,
        derandomize=examples == EXAMPLES,  # the same at every push, so that what it finds is found again
        database=None if examples == EXAMPLES else settings.default.database,
    )
    Committee.reached.clear()
    run_state_machine_as_test(Committee, settings=limits)
    assert {"approved", "refused"} <= set(Committee.reached), (
        "the machine never got to a decision, so it showed nothing"
    )
