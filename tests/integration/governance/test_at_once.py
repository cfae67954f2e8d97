"""Two people at one matter, item, vote or meeting at the same moment: one wins, the other is told, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from openpbc.audit import reads as audit
from openpbc.governance import actions
from openpbc.governance.models import Decision, DecisionRecord, Item, Meeting
from openpbc.governance.reads import items as items_read
from openpbc.governance.rules.interests import Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from tests.integration.at_once import at_once
from tests.integration.governance.committee import (
    BODY,
    BY,
    CHAIR,
    DAY,
    LAY,
    VOTERS,
    called,
    opened,
    person,
    put,
    seat_all,
    seen,
    votes,
)
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.django_db(transaction=True)
# Nine pairs here: with the pairs of casework 10,000 interleavings before a release, a few at every push.
ROUNDS = pytest.mark.parametrize("rounds", [2, pytest.param(900, marks=pytest.mark.soak)])
OTHER = Actor(CHAIR, "The chair")
MATTERS: Iterator[int] = count(1)


@pytest.fixture(autouse=True)
def committee(transactional_db) -> None:
    organisations.load_place(by=SYSTEM, place=HERE)
    seat_all()


@pytest.fixture
def meeting() -> int:
    return opened()


def matter() -> str:
    return f"case/{HERE}/{next(MATTERS)}"


def item_in(meeting: int) -> int:
    item = put(matter())
    actions.list_items(by=BY, place=HERE, meeting=meeting, items=(item,))
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    votes(item)
    return item


def one_was_told(results: list[object]) -> str:
    told = [each for each in results if isinstance(each, str)]
    assert len(told) == 1, results
    return told[0]


@ROUNDS
def test_two_bodies_and_one_matter(rounds: int) -> None:
    for seed in range(rounds):
        at = matter()
        results = at_once(lambda at=at: put(at), lambda at=at: put(at, "board"), seed=seed)
        assert "put this matter to the" in one_was_told(results)
        assert Item.objects.filter(matter=at).count() == 1


@ROUNDS
def test_two_secretaries_record_two_outcomes_of_one_item(rounds: int, meeting: int) -> None:
    for seed in range(rounds):
        item = item_in(meeting)
        results = at_once(
            *(
                lambda by=by, said=said, item=item: actions.decide_item(
                    by=by, place=HERE, item=item, outcome=said, reasons="SYNTHETIC"
                )
                for by, said in ((BY, "approved"), (OTHER, "deferred"))
            ),
            seed=seed,
        )
        assert "recorded the outcome of this item on" in one_was_told(results)
        assert DecisionRecord.objects.filter(item=item).count() == 1
    assert Decision.objects.count() == rounds
    assert audit.verify().intact


@ROUNDS
def test_a_vote_against_the_decision(rounds: int, meeting: int) -> None:
    lay = Actor(LAY, "Lay")
    for seed in range(rounds):
        item = item_in(meeting)
        papers = seen(item).papers_hash
        told, _ = at_once(
            lambda item=item, papers=papers: actions.cast_vote(
                by=lay, place=HERE, item=item, choice="against", papers=papers
            ),
            lambda item=item: actions.decide_item(by=BY, place=HERE, item=item, outcome="approved", reasons="x"),
            seed=seed,
        )
        found = seen(item)
        assert (dict(found.votes)[LAY] == "against") == (told is None)
        assert told is None or "The secretary recorded the outcome of this item on" in str(told)
        assert found.outcome == "approved"
        assert found.record["votes"] == dict(found.votes), "what was counted is what is kept"


@ROUNDS
def test_a_vote_against_a_recusal(rounds: int, meeting: int) -> None:
    lay = Actor(LAY, "Lay")
    for seed in range(rounds):
        item = item_in(meeting)
        papers = seen(item).papers_hash
        told, declared = at_once(
            lambda item=item, papers=papers: actions.cast_vote(
                by=lay, place=HERE, item=item, choice="against", papers=papers
            ),
            lambda item=item: actions.declare_at_item(by=lay, place=HERE, item=item, person=LAY, what="shares"),
            seed=seed,
        )
        assert not isinstance(declared, str), "an interest is never too late while the item is open"
        assert told is None or "has left this item" in str(told)
        assert LAY not in seen(item).votes
        actions.decide_item(by=BY, place=HERE, item=item, outcome="approved", reasons="x")
        assert LAY not in seen(item).record["counted"]


@ROUNDS
def test_a_vote_against_an_interest_that_is_declared_in_the_register(rounds: int, meeting: int) -> None:
    lay = Actor(LAY, "Lay")
    for seed in range(rounds):
        item = item_in(meeting)
        company, papers = f"Bidder {seed}", seen(item).papers_hash
        said = {"person": LAY, "organisation": company, "nature": "financial-personal", "role": "owner"}
        parties = (Party(company, "possible-bidder"),)
        actions.set_parties(by=SYSTEM, place=HERE, matter=seen(item).matter, parties=parties)
        at_once(
            lambda item=item, papers=papers: actions.cast_vote(
                by=lay, place=HERE, item=item, choice="against", papers=papers
            ),
            lambda said=said: actions.declare_interest(by=lay, place=HERE, held_from=DAY, **said),
            seed=seed,
        )
        with pytest.raises(UserError, match="has left this item"):
            actions.decide_item(by=BY, place=HERE, item=item, outcome="approved", reasons="x")
        votes(item, people=tuple(each for each in VOTERS if each != LAY))


@ROUNDS
def test_a_changed_paper_against_the_decision(rounds: int, meeting: int) -> None:
    for seed in range(rounds):
        item = item_in(meeting)
        results = at_once(
            lambda item=item: actions.add_paper(by=BY, place=HERE, item=item, name="case.txt", body=b"other"),
            lambda item=item: actions.decide_item(by=BY, place=HERE, item=item, outcome="approved", reasons="x"),
            seed=seed,
        )
        told, found = one_was_told(results), seen(item)
        if found.outcome:
            assert "recorded the outcome" in told
            assert [each.version for each in found.current_papers] == [1]
        else:
            assert "No vote was taken" in told
            assert not found.votes


@ROUNDS
def test_one_item_for_two_agendas(rounds: int) -> None:
    agendas = (called(), called())
    for seed in range(rounds):
        item = put(matter())
        results = at_once(
            *(
                lambda at=at, item=item: actions.list_items(by=BY, place=HERE, meeting=at, items=(item,))
                for at in agendas
            ),
            seed=seed,
        )
        assert "put this item on an agenda already" in one_was_told(results)
    listed = [items_read.items(HERE, at) for at in agendas]
    assert sum(map(len, listed)) == rounds
    for found in listed:
        assert [each.number for each in found] == list(range(1, len(found) + 1))


@ROUNDS
def test_somebody_goes_while_the_item_is_decided(rounds: int, meeting: int) -> None:
    for seed in range(rounds):
        item = item_in(meeting)
        state = "left" if seed % 2 == 0 else "present"
        at_once(
            lambda state=state: actions.record_attendance(
                by=OTHER, place=HERE, meeting=meeting, there={LAY: (state, "")}
            ),
            lambda item=item: actions.decide_item(by=BY, place=HERE, item=item, outcome="approved", reasons="x"),
            seed=seed,
        )
        record = seen(item).record
        assert set(record["votes"]) <= set(record["counted"])
        actions.record_attendance(by=OTHER, place=HERE, meeting=meeting, there={LAY: ("present", "")})


@ROUNDS
def test_two_meetings_are_called_and_one_seat_is_given_twice(rounds: int) -> None:
    for seed in range(rounds):
        who = f"new{seed}@x"
        person(who)
        at_once(called, called, seed=seed)
        results = at_once(
            *(
                lambda kind=kind, who=who: actions.record_seat(
                    by=BY, place=HERE, body=BODY, person=who, capacity="member", kind=kind, valid_from=DAY
                )
                for kind in ("lay", "director")
            ),
            seed=seed,
        )
        assert who in one_was_told(results)
    numbers = list(Meeting.objects.filter(body=BODY).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 2 * rounds + 1))


def test_two_who_speak_for_a_group_and_one_appeal(meeting: int) -> None:
    """Of two who take it back one is told; of one who takes it back and one who names a body, too."""
    speaker = Actor("speaker@x", "The speaker")
    person(speaker.id)
    who = people_reads.person_by_sign_in(speaker.id)
    for unit in ("DATCOM", "WATCOM"):
        organisations.assign_role(
            by=SYSTEM, user_id=who.id, role="group_manager", place=HERE, scope="unit", code=unit, valid_from=DAY
        )
    item = item_in(meeting)
    votes(item, "against")
    against = actions.decide_item(by=BY, place=HERE, item=item, outcome="refused", reasons="SYNTHETIC")

    def takes_back(number: int) -> None:
        actions.take_back_appeal(by=speaker, place=HERE, number=number, reason="SYNTHETIC")

    for unit, other in (("DATCOM", takes_back), ("WATCOM", _hears)):
        number = actions.lodge_appeal(by=speaker, place=HERE, against=against, appellant=unit, grounds="SYNTHETIC")
        told = one_was_told(at_once(lambda at=number: takes_back(at), lambda at=number, do=other: do(at)))
        assert "this appeal is settled" in told or "waits for a body already" in told


def _hears(number: int) -> None:
    actions.hear_appeal(by=BY, place=HERE, number=number, body="board")
