"""What somebody might try: each is refused with why, who can and until when, and the log keeps that it was tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.casework import actions as casework
from openpbc.governance import actions, reads
from openpbc.governance.models import Interest
from openpbc.governance.rules.interests import Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from openpbc.redesign import actions as redesign
from openpbc.redesign import reads as cases
from tests.integration.governance.committee import (
    BY,
    LAY,
    MATTER,
    STAHCOM,
    conflicted,
    decide,
    put,
    ready,
    seat_all,
    seen,
    votes,
)
from tests.integration.redesign.conftest import UNIT, agreed, as_actor, handed_in, reviewed, revision, step
from tests.integration.redesign.conftest import decide as decided
from tests.integration.site.conftest import HERE, SIGN_INS, As, send

pytestmark = pytest.mark.usefixtures("people")


def refused(what: str, do: Callable[[], object], *, said: str, can: str, by: str = "") -> None:
    """It is refused with a sentence that says why and who can or until when; nothing else is kept but that."""
    before = audit.head().sequence
    with pytest.raises(UserError, match=said) as told:
        do()
    assert can in told.value.sentence
    (kept,) = audit.events(after=before)
    assert (kept.action, kept.after, kept.reason) == ("audit.refuse", {"tried": what}, told.value.sentence)
    assert not by or kept.actor_id == by
    assert audit.verify().intact


def joined(one: str, other: str) -> None:
    ids = [people_reads.person_by_sign_in(SIGN_INS[each]).id for each in (one, other)]
    organisations.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="one person")


def test_nobody_approves_a_case_of_their_own_by_a_second_account_role_or_delegation() -> None:
    number = agreed()
    decided(number)
    joined("gp_lead", "committee_chair")
    own = {"place": HERE, "number": number, "way": "T11", "revision": revision(number), "reason": "Fair."}
    said, can = "nobody reviews or approves a case of their own", "Somebody who does not sit there does it"
    take = "redesign.take_step"
    chair = as_actor("committee_chair")
    refused(take, lambda: redesign.take_step(by=chair, **own), said=said, can=can, by="chair@demo")  # type: ignore[arg-type]
    second_role = Actor("gp@demo", "GP", frozenset({"gp_lead", "committee_secretary"}))
    refused(take, lambda: redesign.take_step(by=second_role, **own), said=said, can=can)  # type: ignore[arg-type]
    deputy = Actor("deputy@x", "Deputy", frozenset({"committee_chair"}), acting_for="gp@demo")
    refused(take, lambda: redesign.take_step(by=deputy, **own), said=said, can=can)  # type: ignore[arg-type]
    step("committee_secretary", "T11", number, reason="Fair.")


def test_nobody_reviews_a_case_of_their_own_by_a_second_account() -> None:
    number = handed_in()
    joined("gp_lead", "finance_manager")
    own = {"place": HERE, "number": number, "function": "finance", "version": 1, "outcome": "returned", "text": "x"}
    act = lambda: redesign.return_review(by=as_actor("finance_manager"), **own)  # type: ignore[arg-type] # noqa: E731
    refused("redesign.return_review", act, said="nobody reviews a case of their own", can="Somebody else reviews")


def test_two_bodies_do_not_decide_one_matter() -> None:
    seat_all()
    put(MATTER)
    refused("governance.put_on_agenda", lambda: put(MATTER, "board"), said="put this matter to the",
            can="wait for its outcome")  # fmt: skip
    by_hand = {"body": "board", "taken_on": date(2026, 3, 1), "minute": "1", "matter": MATTER, "outcome": "approved"}
    refused(
        "governance.record_decision",
        lambda: actions.record_decision(by=SYSTEM, place=HERE, title="x", text="x", **by_hand),  # type: ignore[arg-type]
        said="was put on the agenda of a meeting", can="Open the meeting and decide the item there",
    )  # fmt: skip


def test_nobody_votes_who_has_left_and_no_vote_of_theirs_is_counted() -> None:
    seat_all()
    _, item = ready()
    lay, papers = Actor(LAY, "Lay"), seen(item).papers_hash
    actions.declare_at_item(by=lay, place=HERE, item=item, person=LAY, what="shares")
    refused(
        "governance.cast_vote",
        lambda: actions.cast_vote(by=lay, place=HERE, item=item, choice="for", papers=papers),
        said="has left this item", can="until the item is decided; if it is wrong, tell who keeps the meeting", by=LAY,
    )  # fmt: skip
    refused("governance.record_votes", lambda: votes(item), said=f"{LAY} has left this item", can="until the item is")
    refused(
        "governance.rule_on_interest",
        lambda: actions.rule_on_interest(
            by=lay, place=HERE, matter=MATTER, person=LAY, ruling="takes-part", reason="I may."
        ),
        said="by somebody else: it was you", can="The chair rules, or the vice-chair",
    )  # fmt: skip
    votes(item, people=(STAHCOM, "chair@x", "vice@x", "director@x"))
    conflicted(STAHCOM)
    refused("governance.decide_item", lambda: decide(item), said=f"{STAHCOM} has left this item",
            can="Take the vote out of the record")  # fmt: skip


def test_a_paper_that_was_changed_is_neither_agreed_nor_voted_on() -> None:
    number = reviewed()
    own = {"place": HERE, "number": number, "unit": UNIT, "agreed": True, "route": "tender"}
    refused(
        "redesign.agree", lambda: redesign.agree(by=as_actor("group_manager"), version=2, **own),  # type: ignore[arg-type]
        said="version 1 was handed in by Demo GP practice lead on", can="Read the new version",
    )  # fmt: skip
    seat_all()
    _, item = ready()
    papers = seen(item).papers_hash
    actions.add_paper(by=BY, place=HERE, item=item, name="case.txt", body=b"other")
    lay = Actor(LAY, "Lay")
    refused(
        "governance.cast_vote",
        lambda: actions.cast_vote(by=lay, place=HERE, item=item, choice="for", papers=papers),
        said="The secretary changed the papers after you opened the item", can="Read them, then vote",
    )  # fmt: skip
    votes(item)
    decide(item)
    refused(
        "governance.add_paper",
        lambda: actions.add_paper(by=BY, place=HERE, item=item, name="case.txt", body=b"a third"),
        said="The secretary recorded the outcome of this item on", can="put the matter on a later agenda",
    )  # fmt: skip


TEXT = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' targetNamespace="x"><process id="redesign" isExecutable="true"><startEvent id="s"/>{}<endEvent id="e"/>'
    '<sequenceFlow id="f" sourceRef="s" targetRef="x"/><sequenceFlow id="g" sourceRef="x" targetRef="e"/>'
    "</process></definitions>"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.format('<scriptTask id="x" name="Pay"><script>import os</script></scriptTask>'), "a diagram carries no"),
        ('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>', "declares a document type or entities"),
        (TEXT.format('<serviceTask id="x" name="Pay" camunda:expression="pay_all"/>'), "service"),
        ("<x", "well-formed|not XML|no XML|cannot be read"),
    ],
    ids=["a script", "an entity bomb", "an unknown service", "no diagram"],
)
def test_no_diagram_carries_a_program(text: str, said: str) -> None:
    refused(
        "casework.store",
        lambda: casework.store(by=BY, place=HERE, process="redesign", name="own.bpmn", text=text.encode(), reason="x",
                               seen=0),
        said=said, can=".",
    )  # fmt: skip


def test_a_declaration_is_not_dated_back_and_none_hides_what_stands() -> None:
    """A declaration counts from the moment at which it is made; one after the decision comes too late to count."""
    seat_all()
    _, item = ready()
    votes(item)
    decide(item)
    lay = Actor(LAY, "Lay")
    refused(
        "governance.declare_at_item",
        lambda: actions.declare_at_item(by=lay, place=HERE, item=item, person=LAY, what="shares"),
        said="recorded the outcome of this item on", can="put the matter on a later agenda",
    )  # fmt: skip
    conflicted(LAY)
    (found,) = [each for each in reads.breaches(people_reads.book(HERE)) if each.declared.person == LAY]
    assert found.declared_on == people_reads.today() and found.declared.held_from < found.declared_on
    refused(
        "governance.declare_none", lambda: actions.declare_none(by=lay, place=HERE, person=LAY),
        said="was declared on", can="End it if it has ended",
    )  # fmt: skip


def test_no_interest_is_deleted_or_ended_twice() -> None:
    seat_all()
    conflicted(LAY)
    number = Interest.objects.get(person=LAY).pk
    lay, today = Actor(LAY, "Lay"), people_reads.today()
    actions.end_interest(by=lay, place=HERE, number=number, last_day=today, reason="Sold.")
    refused(
        "governance.end_interest",
        lambda: actions.end_interest(
            by=lay, place=HERE, number=number, last_day=today - timedelta(days=9), reason="Sold."
        ),
        said="Lay ended this interest on", can="It stays in the register",
    )  # fmt: skip
    assert reads.withheld(LAY, HERE, MATTER), "an end counts from the day after it was told"
    for statement in ("DELETE FROM governance_interest", "UPDATE governance_interest SET organisation = 'x'"):
        with pytest.raises(DatabaseError, match="only added|not allowed"), transaction.atomic():
            connection.cursor().execute(statement)
    assert reads.declaration(number, HERE).organisation == "Herts Diabetes Ltd"


def test_nobody_is_given_duties_on_both_sides() -> None:
    provider = people_reads.providers(HERE)[0].code
    who = people_reads.person_by_sign_in("contracts@demo").id
    given = {
        "role": "provider_lead",
        "place": HERE,
        "scope": "provider",
        "code": provider,
        "valid_from": date(2008, 4, 1),
    }
    give = lambda: organisations.assign_role(by=SYSTEM, user_id=who, **given)  # type: ignore[arg-type] # noqa: E731
    refused("organisations.assign_role", give, said="nobody both commissions and provides", can="End the other role")
    joined("contract_manager", "sha_manager")
    other = people_reads.person_by_sign_in("sha@demo").id
    under_another_account = lambda: organisations.assign_role(by=SYSTEM, user_id=other, **given)  # type: ignore[arg-type] # noqa: E731
    refused("organisations.assign_role", under_another_account, said="nobody both commissions", can="somebody else")
    organisations.end_role(
        by=SYSTEM, user_id=who, role="contract_manager", place=HERE, last_day=date(2008, 3, 31), reason="x"
    )
    give()


def test_what_is_tried_through_the_site_is_kept_too(as_role: As) -> None:
    """At a closed door, in a form that comes back, and where the whole request is undone."""
    number = agreed()
    case, client = f"/p/{HERE}/cases/{number}", as_role("committee_chair")
    given = {"reason": "x", "revision": str(revision(number)), "confirmed": "yes"}
    form = client.get(f"{case}/steps/T13").content.decode()
    joined("gp_lead", "committee_chair")
    answer = send(client, f"{case}/steps/T13", given)
    assert answer.status_code == 422 and "under whatever account" in answer.content.decode()
    (kept,) = audit.events(action="audit.refuse")
    assert (kept.actor_id, kept.after, kept.subject) == (
        "chair@demo",
        {"tried": "redesign.take_step"},
        f"{HERE}/{number}/T13",
    )
    actions.declare_interest(
        by=SYSTEM, place=HERE, person="chair@demo", organisation="Company", nature="financial-personal", role="x",
        held_from=date(2026, 1, 1),
    )  # fmt: skip
    actions.set_parties(by=SYSTEM, place=HERE, matter=cases.address(HERE, number),
                        parties=[Party("Company", "possible-bidder")])  # fmt: skip
    assert form and client.post(f"{case}/steps/T13", given).status_code == 403
    (closed,) = [each for each in audit.events(action="audit.refuse") if each.after == {"tried": "redesign:step"}]
    assert (closed.actor_id, "withheld from you because of an interest" in closed.reason) == ("chair@demo", True)
    assert audit.verify().intact


def test_a_refusal_is_kept_though_the_request_around_it_is_undone() -> None:
    from openpbc import audit as recording

    seat_all()
    put(MATTER)
    with pytest.raises(UserError) as told, transaction.atomic():
        put(MATTER, "board")
    assert audit.events(action="audit.refuse") == [], "it went with what was around it"
    recording.keep(told.value)
    recording.keep(told.value)
    assert len(audit.events(action="audit.refuse")) == 1
