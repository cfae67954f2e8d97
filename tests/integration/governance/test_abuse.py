"""What somebody might try: each is refused with why, who can and until when, and the log keeps that it was tried."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
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
    BODY,
    DAY,
    DIRECTOR,
    LAY,
    MATTER,
    STAHCOM,
    VOTERS,
    conflicted,
    decide,
    person,
    put,
    ready,
    seat_all,
    seen,
    votes,
)
from tests.integration.governance.tried import TRIED, Tried, joined
from tests.integration.redesign.conftest import agreed, revision, step
from tests.integration.redesign.conftest import decide as decided
from tests.integration.site.conftest import HERE, SIGN_INS, As, send
from tests.told import told

pytestmark = pytest.mark.usefixtures("people")


def refused(what: str, do: Callable[[], object], *, why: str, who: str, until: str, by: str = "") -> None:
    """It is refused with a sentence that says why, who can and until when; nothing else is kept but that."""
    before = audit.head().sequence
    with pytest.raises(UserError) as refusal:
        do()
    told(refusal.value.sentence, why=why, who=who, until=until)
    (kept,) = audit.events(after=before)
    assert (kept.action, kept.after, kept.reason) == ("audit.refuse", {"tried": what}, refusal.value.sentence)
    assert not by or kept.actor_id == by
    assert audit.verify().intact


@pytest.mark.parametrize("tried", TRIED, ids=[each.name for each in TRIED])
def test_what_is_tried_with_a_form_is_refused_told_and_kept(as_role: As, tried: Tried) -> None:
    doing = tried.ready(as_role)
    before = audit.head().sequence
    answer = doing()
    assert answer.status_code in (403, 409, 422)
    (kept,) = audit.events(after=before)
    assert (kept.action, kept.actor_id, kept.after) == ("audit.refuse", tried.by, {"tried": tried.kept})
    told(kept.reason, why=tried.why, who=tried.who, until=tried.until)
    page = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
    for part in (tried.why, tried.who, tried.until):
        assert part[1:] in page, "a sentence begins with a capital on a page of its own"
    assert audit.verify().intact


def test_nobody_approves_a_case_of_their_own_for_somebody_whom_they_stand_in_for() -> None:
    number = agreed()
    decided(number)
    own = {"place": HERE, "number": number, "way": "T11", "revision": revision(number), "reason": "Fair."}
    deputy = Actor("deputy@x", "Deputy", frozenset({"committee_chair"}), acting_for="gp@demo")
    refused(
        "redesign.take_step", lambda: redesign.take_step(by=deputy, **own), by="deputy@x",  # type: ignore[arg-type]
        why="nobody reviews or approves a case of their own", who="Somebody who does not sit there does it",
        until="as long as you sit there",
    )  # fmt: skip
    step("committee_secretary", "T11", number, reason="Fair.")


def test_no_vote_of_whoever_left_is_recorded_or_counted() -> None:
    seat_all()
    _, item = ready()
    lay = Actor(LAY, "Lay")
    actions.declare_at_item(by=lay, place=HERE, item=item, person=LAY, what="shares")
    out = {"who": "tell who keeps the meeting", "until": "until the item is decided"}
    refused("governance.record_votes", lambda: votes(item), why=f"{LAY} has left this item", **out)
    refused(
        "governance.rule_on_interest",
        lambda: actions.rule_on_interest(
            by=lay, place=HERE, matter=MATTER, person=LAY, ruling="takes-part", reason="I may."
        ),
        why="by somebody else: it was you", who="The chair rules, or the vice-chair", until="that holds for good",
    )  # fmt: skip
    votes(item, people=(STAHCOM, "chair@x", "vice@x", "director@x"))
    conflicted(STAHCOM)
    refused("governance.decide_item", lambda: decide(item), why=f"{STAHCOM} has left this item",
            who="The secretary takes the vote out", until="until then the item cannot be decided")  # fmt: skip


def test_a_declaration_counts_from_the_moment_at_which_it_is_made() -> None:
    """One on what was held before is late: it is told to the chair, and what it dates back to is not made undone."""
    seat_all()
    _, item = ready()
    votes(item)
    decide(item)
    conflicted(LAY)
    (found,) = [each for each in reads.breaches(people_reads.book(HERE)) if each.declared.person == LAY]
    assert found.declared_on == people_reads.today() and found.declared.held_from < found.declared_on


def test_no_interest_is_deleted_and_an_end_counts_from_the_day_on_which_it_is_told() -> None:
    seat_all()
    conflicted(LAY)
    number, today = Interest.objects.get(person=LAY).pk, people_reads.today()
    last = today - timedelta(days=9)
    actions.end_interest(by=Actor(LAY, "Lay"), place=HERE, number=number, last_day=last, reason="Sold.")
    assert reads.withheld(LAY, HERE, MATTER), "an end counts from the day after it was told"
    for statement in ("DELETE FROM governance_interest", "UPDATE governance_interest SET organisation = 'x'"):
        with pytest.raises(DatabaseError, match="only added|not allowed"), transaction.atomic():
            connection.cursor().execute(statement)
    assert reads.declaration(number, HERE).organisation == "Herts Diabetes Ltd"


def test_nobody_has_duties_on_both_sides_by_joining_two_accounts() -> None:
    ids = {each: people_reads.person_by_sign_in(f"{each}@demo").id for each in ("contracts", "provider")}
    join = lambda: organisations.join_accounts(  # noqa: E731
        by=SYSTEM, user_id=ids["contracts"], with_user_id=ids["provider"], reason="one person"
    )
    refused("organisations.join_accounts", join, why="nobody both commissions",
            who="An administrator ends one of the roles", until="then the accounts are joined")  # fmt: skip
    organisations.end_role(
        by=SYSTEM, user_id=ids["contracts"], role="contract_manager", place=HERE, last_day=date(2008, 3, 31), reason="x"
    )
    join()


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
    sides = {"why": "nobody both commissions and provides", "who": "give this one to somebody else",
             "until": "It holds until the other role has ended"}  # fmt: skip
    give = lambda: organisations.assign_role(by=SYSTEM, user_id=who, **given)  # type: ignore[arg-type] # noqa: E731
    refused("organisations.assign_role", give, **sides)
    joined("contract_manager", "sha_manager")
    other = people_reads.person_by_sign_in("sha@demo").id
    under_another_account = lambda: organisations.assign_role(by=SYSTEM, user_id=other, **given)  # type: ignore[arg-type] # noqa: E731
    refused("organisations.assign_role", under_another_account, **sides)
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
    assert "<form method" not in form.partition("<main")[2], "what cannot be done yet shows no form"
    answer = send(client, f"{case}/steps/T13", given, form=f"{case}/comments/add")
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


def one_person(one: str, other: str) -> None:
    ids = [people_reads.person_by_sign_in(each).id for each in (one, other)]
    organisations.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="one person")


def test_accounts_that_are_joined_after_both_were_seated_count_once() -> None:
    seat_all()
    one_person(DIRECTOR, LAY)
    meeting, item = ready()
    lay, papers = Actor(LAY, "Lay"), seen(item).papers_hash
    told = {"why": f"{LAY} would count one person twice: that person counts here as {DIRECTOR}"}
    told |= {"who": "tell who keeps the meeting", "until": "until the item is decided"}
    refused(
        "governance.cast_vote",
        lambda: actions.cast_vote(by=lay, place=HERE, item=item, choice="for", papers=papers), **told,
    )  # fmt: skip
    refused("governance.record_votes", lambda: votes(item), **told)
    votes(item, people=tuple(each for each in VOTERS if each != LAY))
    decide(item)
    record = seen(item).record
    assert (record["members"], record["needed"], len(record["counted"]), len(record["votes"])) == (5, 3, 5, 5)
    assert record["quorum"] == "Quorum held: 5 of 5 voting members counted, 3 needed."


def test_who_voted_twice_before_the_accounts_were_joined_is_counted_once(as_role: As) -> None:
    seat_all()
    person("secretary@demo")
    facts = {"person": SIGN_INS["committee_secretary"], "capacity": "secretary", "kind": "other", "votes": False}
    actions.record_seat(by=SYSTEM, place=HERE, body=BODY, valid_from=date(2008, 4, 1), **facts)
    _, item = ready()
    votes(item)
    one_person(DIRECTOR, LAY)
    refused("governance.decide_item", lambda: decide(item), why=f"{LAY} would count one person twice",
            who="The secretary takes the vote out", until="until then the item cannot be decided")  # fmt: skip
    room = as_role("committee_secretary").get(f"/p/{HERE}/meeting-items/{item}/room").content.decode()
    assert "void: that person counts under another account" in room and "Take the vote again" in room
    votes(item, people=tuple(each for each in VOTERS if each != LAY))
    decide(item)
    assert seen(item).record["votes"].keys() == set(VOTERS) - {LAY}


@pytest.mark.parametrize("ended", [False, True])
def test_an_interest_that_begins_after_the_day_of_the_meeting_voids_the_vote(ended: bool) -> None:
    """The meeting is dated back, and decided while the interest is held, or after it ended again."""
    seat_all()
    _, item = ready()
    votes(item)
    first, party = DAY + timedelta(days=1), people_reads.providers(HERE)[0].code
    if ended:  # one by a role, since an end that is declared counts from the day on which it is told
        organisations.assign_role(
            by=SYSTEM, user_id=people_reads.person_by_sign_in(LAY).id, role="provider_lead", place=HERE,
            scope="provider", code=party, valid_from=first, valid_to=first + timedelta(days=7),
        )  # fmt: skip
    else:
        facts = {"organisation": party, "nature": "financial-personal", "role": "shareholder", "held_from": first}
        actions.declare_interest(by=Actor(LAY, LAY), place=HERE, person=LAY, **facts)  # type: ignore[arg-type]
    actions.set_parties(by=SYSTEM, place=HERE, matter=MATTER, parties=(Party(party, "possible-bidder"),))
    refused("governance.record_votes", lambda: votes(item, "against"), why=f"{LAY} has left this item",
            who="tell who keeps the meeting", until="until the item is decided")  # fmt: skip
    refused("governance.decide_item", lambda: decide(item), why=f"{LAY} has left this item",
            who="The secretary takes the vote out", until="until then the item cannot be decided")  # fmt: skip
    votes(item, people=tuple(each for each in VOTERS if each != LAY))
    decide(item)
    record = seen(item).record
    assert LAY in record["left"] and LAY in record["recused"] and LAY not in record["counted"]
