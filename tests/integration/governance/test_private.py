"""What a private part and an interest keep back goes on being kept back: in search, mail, appeals and the register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.models import MeetingAction
from openpbc.governance.reads import LEAVES, Party, appeals, gate
from openpbc.governance.reads import items as items_read
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.site.digests import mail_for
from tests.integration.governance.committee import (
    BODY,
    BY,
    CHAIR,
    LAY,
    MATTER,
    SECRETARY,
    VOTERS,
    decide,
    opened,
    put,
    ready,
    seat_all,
    seen,
    votes,
)
from tests.integration.governance.test_appeals import lodge, seat_board
from tests.integration.governance.test_interest_matrix import read
from tests.integration.site.conftest import HERE, SIGN_INS, As
from tests.integration.site.test_search import found as searched

PLACE, WORD = f"/p/{HERE}", "Needleword"
# Roles with a seat in the committee, and one that keeps the papers of others.
IN, KEEPS, OUT = "group_manager", "committee_chair", "committee_secretary"
pytestmark = pytest.mark.usefixtures("people")


def sits(role: str, body: str = BODY) -> None:
    facts = {"person": SIGN_INS[role], "capacity": "member", "kind": "manager", "of": "", "votes": False}
    actions.declare_none(by=SYSTEM, place=HERE, person=SIGN_INS[role])
    actions.record_seat(by=SYSTEM, place=HERE, body=body, valid_from=date(2008, 4, 1), **facts)


def refused_in_private() -> tuple[int, int]:
    """The committee refuses something in private, with an action agreed; give the decision and the action."""
    seat_all()
    sits(IN)
    sits(KEEPS)
    meeting, item = ready(matter="", title=f"{WORD} plan", private=True)
    votes(item, "against")
    taken = decide(item, "refused")
    due = organisations.today() + timedelta(days=3)
    action = actions.agree_action(
        by=BY, place=HERE, meeting=meeting, text=f"Answer on {WORD}", owner=SIGN_INS[KEEPS], due=due, item=item
    )
    return taken, action


def reading(client: Client, path: str) -> bool:
    return WORD in read(client, path)


def test_a_private_decision_is_read_by_the_body_alone(as_role: As) -> None:
    taken, _ = refused_in_private()
    inside, outside = as_role(IN), as_role(OUT)
    for path in (f"{PLACE}/decisions", f"{PLACE}/decisions?download=decisions.csv", f"{PLACE}/decisions/{taken}"):
        assert reading(inside, path) and not reading(outside, path), path
    assert outside.get(f"{PLACE}/decisions/{taken}").status_code == 403
    assert outside.get(f"{PLACE}/decisions/new?replaces={taken}").status_code == 403
    assert "Taken in the private part of a meeting" in outside.get(f"{PLACE}/decisions").content.decode()
    assert {"Items of meetings", "Decisions"} <= set(searched(IN, WORD)) and searched(OUT, WORD) == {}
    wrong = reads.decision(taken)
    actions.record_decision(
        by=SYSTEM, place=HERE, body=BODY, taken_on=wrong.taken_on, minute=wrong.minute, outcome="withdrawn",
        title=wrong.title, text=f"{WORD} was wrong.", replaces=taken,
    )  # fmt: skip
    assert len(searched(IN, WORD)["Decisions"]) == 2 and searched(OUT, WORD) == {}
    assert not reading(outside, f"{PLACE}/decisions")


def test_an_appeal_against_a_private_decision_is_heard_in_private(as_role: As) -> None:
    taken, _ = refused_in_private()
    number = lodge(taken)
    inside, outside = as_role(IN), as_role(OUT)
    own = ("appeals", f"appeals/{number}", f"appeals/{number}/body")
    assert [reading(inside, f"{PLACE}/{each}") for each in own[:2]] == [True, True]
    assert [outside.get(f"{PLACE}/{each}").status_code for each in own] == [200, 403, 403]
    assert not reading(outside, f"{PLACE}/appeals") and not reading(outside, PLACE)
    assert WORD not in mail_for(SIGN_INS[OUT]).text
    seat_board()
    sits("finance_manager", "board")
    assert not reading(as_role("finance_manager"), f"{PLACE}/appeals/{number}")
    item = actions.hear_appeal(by=SYSTEM, place=HERE, number=number, body="board")
    assert seen(item).private
    assert reading(as_role("finance_manager"), f"{PLACE}/appeals/{number}")  # who hears it reads it
    meeting = actions.call_meeting(by=BY, place=HERE, body="board", held_on=organisations.today())
    actions.list_items(by=BY, place=HERE, meeting=meeting, items=[item])
    for path in (f"meetings/{meeting}", f"meetings/{meeting}/pack.zip", "bodies/board/meetings.ics", "appeals"):
        assert not reading(outside, f"{PLACE}/{path}"), path
    assert searched(OUT, WORD) == {}


def test_what_was_agreed_in_private_is_done_by_who_reads_it_and_does_not_travel(as_role: As) -> None:
    _, action = refused_in_private()
    page = reverse("governance:agreed-done", args=[HERE, action])
    assert reading(as_role(KEEPS), page) and reading(as_role(KEEPS), PLACE)
    text = mail_for(SIGN_INS[KEEPS]).text
    assert WORD not in text and "Do what you agreed in the" in text and page in text
    MeetingAction.objects.filter(pk=action).update(owner=SIGN_INS[OUT])
    assert not reading(as_role(OUT), PLACE) and page not in mail_for(SIGN_INS[OUT]).text
    for path in (page, reverse("governance:agreed-chase", args=[HERE, action])):
        assert as_role(OUT).get(path).status_code == 403 and not reading(as_role(OUT), path)


def test_what_is_ruled_after_an_appeal_was_lodged_closes_it_too(as_role: As) -> None:
    seat_all()
    _, item = ready()
    votes(item, "against")
    number = lodge(decide(item, "refused"))
    matter, who = f"appeal/{HERE}/{number}", SIGN_INS["finance_manager"]
    page = f"{PLACE}/appeals/{number}"
    assert as_role("finance_manager").get(page).status_code == 200 and not reads.withheld(who, HERE, matter)
    actions.rule_on_interest(by=SYSTEM, place=HERE, matter=MATTER, person=who, ruling=LEAVES, reason="A friend bids.")
    assert reads.withheld(who, HERE, matter) and matter in reads.sealed_matters(who, HERE)
    assert as_role("finance_manager").get(page).status_code == 403
    other = SIGN_INS["committee_chair"]
    actions.declare_interest(
        by=Actor(other, other), place=HERE, person=other, organisation="Late Ltd", nature="financial-personal",
        role="owner", held_from=date(2008, 1, 1),
    )  # fmt: skip
    actions.set_parties(by=SYSTEM, place=HERE, matter=MATTER, parties=[Party("Late Ltd", "possible-bidder")])
    assert not reads.standing(HERE, matter, other).votes
    assert as_role("committee_chair").get(page).status_code == 403
    with pytest.raises(UserError, match="the interest is material"):
        actions.rule_on_interest(
            by=SYSTEM, place=HERE, matter=matter, person=other, ruling="takes-part", reason="For this once."
        )


def test_who_left_an_item_that_is_no_matter_leaves_its_appeal_too() -> None:
    seat_all()
    item = put(matter="", title="A plan")
    opened(item)
    actions.declare_at_item(by=BY, place=HERE, item=item, person=LAY, what="My brother sells it.")
    votes(item, "against", tuple(each for each in VOTERS if each != LAY))
    taken = decide(item, "refused")
    number = lodge(taken)
    matter = f"appeal/{HERE}/{number}"
    assert reads.withheld(LAY, HERE, matter) and matter in reads.sealed_matters(LAY, HERE)
    assert not reads.withheld(SECRETARY, HERE, matter)
    assert "declared an interest" in appeals.kept_out(matter)[LAY] and "took part" in appeals.kept_out(matter)[CHAIR]
    assert gate.barred_appeal(LAY, appeals.appeal(organisations.book(HERE), number))
    # A ruling on the item of the meeting itself, after the appeal was lodged.
    first = items_read.item(HERE, item).address
    actions.rule_on_interest(by=SYSTEM, place=HERE, matter=first, person=SECRETARY, ruling=LEAVES, reason="Also hers.")
    assert reads.withheld(SECRETARY, HERE, matter)


def test_an_interest_closes_what_was_agreed_at_an_item_and_its_title_in_a_feed(as_role: As) -> None:
    seat_all()
    meeting, item = ready(title=f"{WORD} case")
    owner = SIGN_INS[KEEPS]
    facts = {"place": HERE, "meeting": meeting, "owner": owner, "due": organisations.today(), "item": item}
    action = actions.agree_action(by=BY, text=f"Answer on {WORD}", **facts)
    client = as_role(KEEPS)
    feed = actions.open_meeting_feed(by=Actor(owner, owner), place=HERE)
    paths = [reverse(f"governance:agreed-{each}", args=[HERE, action]) for each in ("done", "chase")]
    paths += [PLACE, reverse("governance:agreed", args=[HERE]), reverse("governance:meeting-feed", args=[feed])]
    news = actions.open_body_feed(by=Actor(owner, owner), place=HERE, body=BODY)
    paths += [reverse("governance:body-feed", args=[news])]
    assert [reading(client, path) for path in paths] == [True] * 6
    actions.rule_on_interest(by=SYSTEM, place=HERE, matter=MATTER, person=owner, ruling=LEAVES, reason="A friend bids.")
    assert [reading(client, path) for path in paths] == [False] * 6
    assert WORD not in mail_for(owner).text and searched(KEEPS, WORD) == {}
