"""A meeting from its calling to its confirmed minutes, and every way in which somebody could do what they may not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.governance import actions, reads
from openpbc.governance.models import DecisionRecord, Item, Paper
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads import minutes as minutes_read
from openpbc.governance.reads import papers
from openpbc.governance.reads import seats as seats_read
from openpbc.governance.reads.sitting import barred
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.models import User
from tests.integration.governance.committee import (
    BODY,
    BY,
    CHAIR,
    DAY,
    DIRECTOR,
    LAY,
    MATTER,
    SECRETARY,
    STAHCOM,
    VICE,
    VISITOR,
    VOTERS,
    WATCOM,
    called,
    conflicted,
    decide,
    opened,
    person,
    present,
    put,
    ready,
    seat_all,
    seen,
    terms,
    votes,
)
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture(autouse=True)
def committee(people: None) -> None:
    seat_all()


def test_a_decision_is_kept_with_all_that_stood_behind_it() -> None:
    _, item = ready()
    votes(item)
    number = decide(item)
    found = reads.decision(number, HERE)
    assert (found.outcome, found.minute, found.taken_on, found.approves) == ("approved", "1.1", DAY, True)
    record = seen(item).record
    assert record["counted"] == sorted(VOTERS)
    assert record["votes"] == dict.fromkeys(sorted(VOTERS), "for")
    assert record["papers"][0][2] == seen(item).current_papers[0].sha256
    assert record["chair"] == CHAIR
    (event,) = audit.events(after=audit.head().sequence - 1)
    assert (event.action, event.subject) == ("governance.decide_item", f"decision/{HERE}/{number}")


def test_who_has_an_interest_leaves_and_the_quorum_is_counted_without_them() -> None:
    conflicted(WATCOM)
    _, item = ready()
    with pytest.raises(UserError, match="watcom@x has left this item"):
        votes(item)
    votes(item, people=tuple(each for each in VOTERS if each != WATCOM))
    decide(item)
    record = seen(item).record
    assert WATCOM not in record["counted"]
    assert WATCOM in record["recused"]
    assert "Herts Diabetes Ltd" in record["recused"][WATCOM]
    assert "withheld" in barred(WATCOM, seen(item))


def test_an_interest_that_is_found_after_the_vote_makes_the_vote_uncountable() -> None:
    _, item = ready()
    votes(item)
    conflicted(STAHCOM)
    with pytest.raises(UserError, match="stahcom@x has left this item"):
        decide(item)
    assert not reads.decisions(HERE)


def test_an_interest_declared_in_the_room_takes_the_vote_out() -> None:
    _, item = ready()
    votes(item)
    actions.declare_at_item(by=Actor(LAY, "Lay"), place=HERE, item=item, person=LAY, what="My sister works there")
    assert LAY not in seen(item).votes
    with pytest.raises(UserError, match="lay@x has left this item"):
        actions.cast_vote(by=Actor(LAY, "Lay"), place=HERE, item=item, choice="for", papers=seen(item).papers_hash)
    decide(item)
    assert LAY in seen(item).record["recused"]
    assert "withheld" in barred(LAY, seen(item))


def test_the_quorum_is_lost_by_recusals_and_the_item_can_only_be_deferred() -> None:
    conflicted(VICE)
    _, item = ready(there=(SECRETARY, CHAIR, VICE, WATCOM, STAHCOM))
    votes(item, people=(CHAIR, WATCOM, STAHCOM))
    with pytest.raises(UserError, match="No quorum: .* no director of the commissioner is left"):
        decide(item)
    decide(item, "deferred")
    (again,) = items_read.waiting(HERE)
    assert (again.matter, again.current_papers[0].name) == (MATTER, "case.txt")


def test_the_vice_chair_presides_when_the_chair_has_an_interest() -> None:
    conflicted(CHAIR)
    _, item = ready()
    votes(item, people=tuple(each for each in VOTERS if each != CHAIR))
    decide(item)
    assert seen(item).record["chair"] == VICE


def test_a_tie_needs_a_casting_vote() -> None:
    _, item = ready()
    half = dict.fromkeys(VOTERS[:3], "for") | dict.fromkeys(VOTERS[3:], "against")
    actions.record_votes(by=BY, place=HERE, item=item, votes=half)
    with pytest.raises(UserError, match="the votes do not say so"):
        decide(item)
    decide(item, "refused", casting="against")
    assert "casting vote against" in seen(item).record["vote"]


def test_nobody_votes_before_everybody_was_asked_for_interests() -> None:
    item = put()
    opened(item)
    with pytest.raises(UserError, match="nobody was asked for interests"):
        votes(item)
    with pytest.raises(UserError, match="nobody was asked for interests"):
        decide(item, "deferred")


@pytest.mark.parametrize(
    ("who", "sentence"),
    [(SECRETARY, "not a voting member"), (VISITOR, "not a voting member"), ("nobody@x", "not a voting member")],
)
def test_who_has_no_vote_cannot_cast_one(who: str, sentence: str) -> None:
    _, item = ready()
    with pytest.raises(UserError, match=sentence):
        actions.record_votes(by=BY, place=HERE, item=item, votes={who: "for"})
    with pytest.raises(UserError, match=sentence):
        actions.cast_vote(by=Actor(who, who), place=HERE, item=item, choice="for", papers=seen(item).papers_hash)


def test_who_goes_takes_the_vote_along() -> None:
    meeting, item = ready()
    votes(item)
    present(meeting, **{LAY: ("left", "")})
    assert LAY not in seen(item).votes
    with pytest.raises(UserError, match="lay@x is not a voting member who is present"):
        votes(item)


def test_a_deputy_sits_only_where_the_terms_allow_it_and_nobody_sits_for_two() -> None:
    meeting, item = ready(there=(SECRETARY, CHAIR, VICE, WATCOM, STAHCOM))
    with pytest.raises(UserError, match="allow no deputies"):
        present(meeting, **{DIRECTOR: ("apologies", VISITOR)})
    terms(deputies=True, on=date(2008, 5, 1))
    with pytest.raises(UserError, match="on the roll already"):
        present(meeting, **{DIRECTOR: ("apologies", WATCOM)})
    with pytest.raises(UserError, match="already sits in for somebody"):
        present(meeting, **{DIRECTOR: ("apologies", VISITOR), LAY: ("apologies", VISITOR)})
    present(meeting, **{DIRECTOR: ("apologies", VISITOR)})
    votes(item, people=(CHAIR, VICE, WATCOM, STAHCOM, VISITOR))
    decide(item)
    assert seen(item).record["deputies"] == {VISITOR: DIRECTOR}


def test_a_second_account_gives_nobody_a_second_seat() -> None:
    person("second@x")
    from openpbc.organisations import actions as people_actions

    one, other = (organisations.person_by_sign_in(name).id for name in (LAY, "second@x"))
    people_actions.join_accounts(by=SYSTEM, user_id=one, with_user_id=other, reason="one person")
    with pytest.raises(UserError, match="already holds a seat"):
        actions.record_seat(
            by=BY, place=HERE, body=BODY, person="second@x", capacity="member", kind="lay", valid_from=DAY
        )


def test_only_who_keeps_the_meetings_of_the_body_may() -> None:
    meeting, item = ready()
    other = Actor(WATCOM, "WatCom", roles=frozenset({"committee_secretary"}))
    for act in (
        lambda: actions.decide_item(by=other, place=HERE, item=item, outcome="deferred", reasons="x"),
        lambda: actions.record_votes(by=other, place=HERE, item=item, votes={}),
        lambda: actions.close_meeting(by=other, place=HERE, meeting=meeting),
        lambda: actions.record_attendance(by=other, place=HERE, meeting=meeting, there={}),
        lambda: actions.declare_none_at_item(by=other, place=HERE, item=item),
        lambda: actions.record_seat(
            by=other, place=HERE, body=BODY, person=VISITOR, capacity="member", kind="lay", valid_from=DAY
        ),
    ):
        with pytest.raises(UserError, match="only the secretary and the chairs"):
            act()


def test_one_matter_waits_for_one_body_at_a_time() -> None:
    item = put()
    assert put() == item
    with pytest.raises(Stale, match="put this matter to the .*, where it waits"):
        put(body="board")
    actions.take_back(by=BY, place=HERE, item=item, reason="SYNTHETIC", for_good=True)
    assert put(body="board") != item


def test_a_decided_item_is_not_decided_again_and_its_papers_and_votes_stay() -> None:
    _, item = ready()
    votes(item)
    decide(item)
    with pytest.raises(Stale, match="The secretary recorded the outcome of this item on .*: approved"):
        decide(item, "refused")
    for act in (
        lambda: actions.add_paper(by=BY, place=HERE, item=item, name="case.txt", body=b"another text"),
        lambda: votes(item, "against"),
        lambda: actions.declare_none_at_item(by=BY, place=HERE, item=item),
        lambda: actions.take_back(by=BY, place=HERE, item=item, reason="no"),
    ):
        with pytest.raises(Stale, match="recorded the outcome of this item"):
            act()


def test_a_changed_paper_voids_the_votes_cast_on_the_older_one() -> None:
    _, item = ready()
    votes(item)
    shown = seen(item).papers_hash
    actions.add_paper(by=BY, place=HERE, item=item, name="case.txt", body=b"SYNTHETIC second version")
    assert not seen(item).votes
    assert [each.version for each in seen(item).current_papers] == [2]
    with pytest.raises(Stale, match=r"The secretary changed the papers on .* at \d\d:\d\d, after you opened the item"):
        actions.cast_vote(by=Actor(LAY, "Lay"), place=HERE, item=item, choice="for", papers=shown)


def test_a_vote_that_is_left_on_other_papers_is_not_counted() -> None:
    """Past the actions, which void it: somebody put another paper into the database."""
    _, item = ready()
    votes(item)
    Paper.objects.filter(item=item, current=True).update(sha256="0" * 64)
    with pytest.raises(UserError, match="voted on other papers.*The secretary takes the vote again; until then"):
        decide(item)


def test_a_paper_that_was_changed_on_the_disk_is_not_given_out() -> None:
    item = put()
    sha = seen(item).current_papers[0].sha256
    assert papers.content(sha) == b"SYNTHETIC case for change"
    papers.path_of(sha).write_bytes(b"forged")
    with pytest.raises(UserError, match="was changed on the disk"):
        papers.content(sha)
    papers.path_of(sha).unlink()
    with pytest.raises(UserError, match="is gone"):
        papers.content(sha)


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [("a.exe", b"x", "is no paper"), ("a.pdf", b"", "is empty"), ("a.pdf", b"x" * ((20 << 20) + 1), "at most")],
)
def test_a_file_that_is_no_paper_is_refused(name: str, body: bytes, sentence: str) -> None:
    item = put()
    with pytest.raises(UserError, match=sentence):
        actions.add_paper(by=BY, place=HERE, item=item, name=name, body=body)


def test_the_register_takes_nothing_by_hand_that_a_meeting_decides() -> None:
    said = {"place": HERE, "minute": "9/9", "outcome": "approved", "text": "x", "title": "y"}
    with pytest.raises(UserError, match="since 1 April 2008 what the .* decides is recorded in its meetings"):
        actions.record_decision(by=SYSTEM, body=BODY, taken_on=DAY, **said)
    put()
    with pytest.raises(UserError, match="put on the agenda of a meeting"):
        actions.record_decision(by=SYSTEM, body="board", taken_on=DAY, matter=MATTER, **said)
    with pytest.raises(UserError, match="no power to approve"):
        actions.record_decision(by=SYSTEM, body="conclave", taken_on=DAY, **said)
    _, item = ready(matter=f"case/{HERE}/18")
    votes(item)
    number = decide(item)
    taken = {"body": BODY, "taken_on": DAY, "matter": f"case/{HERE}/18", "replaces": number}
    with pytest.raises(UserError, match="is recorded in its meetings"):
        actions.record_decision(by=SYSTEM, **(said | taken | {"outcome": "refused"}))
    actions.record_decision(by=SYSTEM, **(said | taken | {"outcome": "withdrawn"}))
    assert not reads.decision(number).approves


def test_a_body_that_recommends_agrees_and_never_approves() -> None:
    seat_all("conclave")
    _, item = _conclave()
    votes(item)
    with pytest.raises(UserError, match="no power to approve"):
        decide(item)
    number = decide(item, "agreed")
    assert not reads.decision(number).approves


def _conclave() -> tuple[int, int]:
    item = put(f"case/{HERE}/19", "conclave")
    meeting = opened(item, body="conclave")
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    return meeting, item


def test_an_urgent_action_counts_only_once_the_body_has_ratified_it() -> None:
    chair = Actor(CHAIR, "The chair")
    facts = {"place": HERE, "body": BODY, "title": "Winter beds", "reasons": "SYNTHETIC", "matter": MATTER, "on": DAY}
    with pytest.raises(UserError, match="only a chair or vice chair"):
        actions.act_urgently(by=BY, consulted=(LAY,), **facts)
    with pytest.raises(UserError, match="nobody was consulted"):
        actions.act_urgently(by=chair, consulted=(CHAIR,), **facts)
    with pytest.raises(UserError, match="visitor@x cannot be consulted"):
        actions.act_urgently(by=chair, consulted=(VISITOR,), **facts)
    item = actions.act_urgently(by=chair, consulted=(LAY,), **facts)
    assert reads.approval(HERE, MATTER) is None
    meeting = opened()
    (listed,) = items_read.items(HERE, meeting)
    assert (listed.id, listed.kind) == (item, "ratification")
    with pytest.raises(UserError, match="no outcome yet: 1 Winter beds"):
        actions.close_meeting(by=BY, place=HERE, meeting=meeting)
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    votes(item)
    decide(item)
    assert reads.approval(HERE, MATTER) is not None


def test_minutes_write_themselves_are_confirmed_at_a_later_meeting_and_then_fixed() -> None:
    meeting, item = ready()
    votes(item)
    actions.note_item(by=BY, place=HERE, item=item, note="The committee asked about transport.")
    decide(item)
    actions.agree_action(
        by=BY, place=HERE, meeting=meeting, text="Publish the case", owner=SECRETARY, due=date(2008, 12, 1), item=item
    )
    actions.close_meeting(by=BY, place=HERE, meeting=meeting)
    later = opened(on=date(2008, 12, 3))
    confirming = actions.add_item(
        by=BY, place=HERE, meeting=later, title="Minutes of meeting 1", kind="minutes", minutes_of=meeting
    )
    with pytest.raises(UserError, match="minutes are confirmed, not decided"):
        decide(confirming, "noted")
    actions.declare_none_at_item(by=BY, place=HERE, item=confirming)
    actions.confirm_minutes(by=BY, place=HERE, item=confirming)
    text = meetings_read.confirmed_text(meeting)
    for part in ("Outcome: Approved", "asked about transport", "Action: Publish the case", "6 for, 0 against"):
        assert part in text
    with pytest.raises(UserError, match="were confirmed and are fixed"):
        actions.note_item(by=BY, place=HERE, item=item, note="something else")
    with pytest.raises(UserError, match="were confirmed and are fixed"):
        actions.note_meeting(by=BY, place=HERE, meeting=meeting, note="something else")


def test_who_may_not_see_an_item_finds_none_of_it_in_the_minutes() -> None:
    conflicted(WATCOM)
    meeting, item = ready()
    votes(item, people=tuple(each for each in VOTERS if each != WATCOM))
    decide(item)
    person_of = {name: organisations.viewer_by_sign_in(name) for name in (WATCOM, LAY)}
    told = {name: str(minutes_read.minutes(viewer, HERE, meeting)) for name, viewer in person_of.items()}
    assert "Diabetes case" in told[LAY]
    assert "Diabetes case" not in told[WATCOM]
    assert "Withheld" in told[WATCOM]


def test_a_private_item_opens_to_the_body_alone() -> None:
    item = put(private=True)
    opened(item)
    assert not barred(LAY, seen(item))
    assert "private part" in barred(VISITOR, seen(item))
    assert "private part" in barred("public", seen(item))


def test_a_cancelled_meeting_gives_its_items_back() -> None:
    item = put()
    meeting = called()
    actions.list_items(by=BY, place=HERE, meeting=meeting, items=(item,))
    actions.cancel_meeting(by=BY, place=HERE, meeting=meeting, reason="snow")
    assert [each.id for each in items_read.waiting(HERE)] == [item]
    with pytest.raises(UserError, match="the meeting is cancelled"):
        actions.open_meeting(by=BY, place=HERE, meeting=meeting)


def test_the_agenda_is_numbered_anew_when_an_item_moves() -> None:
    meeting = called()
    made = [actions.add_item(by=BY, place=HERE, meeting=meeting, title=f"Talk {number}") for number in (1, 2, 3)]
    actions.change_item(by=BY, place=HERE, item=made[2], title="Talk 3", private=False, place_on_agenda=1)
    assert [each.title for each in items_read.items(HERE, meeting)] == ["Talk 3", "Talk 1", "Talk 2"]
    with pytest.raises(Stale, match=r"changed this item on .* at \d\d:\d\d, after you opened it"):
        actions.change_item(by=BY, place=HERE, item=made[2], title="x", private=False, seen=1)


def test_a_meeting_cannot_open_without_terms_a_chair_or_its_day() -> None:
    with pytest.raises(UserError, match="no terms of reference in force"):
        actions.open_meeting(by=SYSTEM, place=HERE, meeting=_called_for("board", DAY))
    with pytest.raises(UserError, match="has not come yet"):
        actions.open_meeting(by=BY, place=HERE, meeting=called(on=date(2099, 1, 1)))


def _called_for(body: str, on: date) -> int:
    return actions.call_meeting(by=SYSTEM, place=HERE, body=body, held_on=on)


def test_both_printed_names_find_one_body_and_the_conclave_tells_who_lacks() -> None:
    book = organisations.book(HERE)
    names = ("PBC Governance Group", "pbc governance committee", "governance_committee")
    assert {seats_read.find_body(book, name).code for name in names} == {BODY}
    gaps = seats_read.membership_gaps(book, "conclave", DAY)
    assert sum("GP lead of" in gap for gap in gaps) == 4
    assert sum("co-chair" in gap for gap in gaps) == 2
    assert any("Red House" in gap and "ask the body" in gap for gap in gaps)


def test_what_meetings_agreed_is_chased_until_it_is_done() -> None:
    meeting = opened()
    action = actions.agree_action(
        by=BY, place=HERE, meeting=meeting, text="Write to the trust", owner=LAY, due=date(2008, 12, 1)
    )
    actions.chase_action(by=BY, place=HERE, action=action)
    (found,) = meetings_read.agreed(HERE, is_open=True)
    assert (found.chased, found.is_late(date(2009, 1, 1))) == (1, True)
    with pytest.raises(UserError, match="only the secretary and the chairs"):
        actions.finish_action(by=Actor(VISITOR, "V"), place=HERE, action=action, outcome="done", on=DAY)
    actions.finish_action(by=Actor(LAY, "Lay"), place=HERE, action=action, outcome="written", on=DAY)
    assert not meetings_read.agreed(HERE, is_open=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_item SET state = 'listed' WHERE state = 'decided'",
        "DELETE FROM governance_ballot",
        "UPDATE governance_ballot SET choice = 'against'",
        "UPDATE governance_decisionrecord SET sha256 = ''",
        "DELETE FROM governance_decisionrecord",
    ],
)
def test_the_database_keeps_what_was_decided(statement: str) -> None:
    _, item = ready()
    votes(item)
    decide(item)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)
    assert DecisionRecord.objects.count() == 1
    assert Item.objects.get(pk=item).state == "decided"


def test_nobody_votes_who_has_not_declared_interests_or_too_long_ago() -> None:
    later = organisations.today() + timedelta(days=400)
    assert "ran out on" in reads.undeclared(HERE, LAY, later)
    User.objects.create(sign_in="new@x", display_name="New")
    facts = {"capacity": "member", "kind": "lay", "votes": True, "valid_from": date(2008, 4, 1)}
    actions.record_seat(by=SYSTEM, place=HERE, body=BODY, person="new@x", **facts)
    item = put()
    opened(item, there=(SECRETARY, *VOTERS, "new@x"))
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    with pytest.raises(UserError, match="new@x has never declared .* declares now, or the secretary does so"):
        votes(item, people=("new@x",))
    actions.declare_none(by=BY, place=HERE, person="new@x")
    votes(item, people=("new@x",))
