"""Appeals: lodged for one's own, heard by another body without those who decided, and settled by a decision."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from openpbc.audit.models import AuditEvent
from openpbc.governance import actions, reads
from openpbc.governance.commands import governance
from openpbc.governance.reads import appeals, items, meetings
from openpbc.governance.reads.sitting import recused
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.site import rooms
from tests.integration.governance.committee import (
    BODY,
    BY,
    CHAIR,
    LAY,
    MATTER,
    SECRETARY,
    conflicted,
    decide,
    opened,
    person,
    ready,
    seat_all,
    terms,
    votes,
)
from tests.integration.site.conftest import HERE, SIGN_INS, As, send

AGAINST = f"/p/{HERE}/decisions"
GROUNDS = "SYNTHETIC: the cost was read wrongly."
FRESH = ("boardvice@x", "boardlay@x")


@pytest.fixture(autouse=True)
def refused(people: None) -> int:
    """The committee has refused a case."""
    seat_all()
    _, item = ready()
    votes(item, "against")
    return decide(item, "refused")


def actor(role: str) -> Actor:
    return organisations.viewer_by_sign_in(SIGN_INS[role]).actor


def lodge(against: int, role: str = "group_manager", appellant: str = "DATCOM") -> int:
    return actions.lodge_appeal(by=actor(role), place=HERE, against=against, appellant=appellant, grounds=GROUNDS)


def found(number: int = 1) -> appeals.Appeal:
    return appeals.appeal(organisations.book(HERE), number)


def seat_board() -> None:
    """The Board: its chair chairs the committee as well; two of its members were not there."""
    members = ((SECRETARY, "secretary", "other"), (CHAIR, "chair", "lay"), (FRESH[0], "vice-chair", "director"),
               (FRESH[1], "member", "lay"))  # fmt: skip
    for who, capacity, kind in members:
        person(who)
        actions.record_seat(by=SYSTEM, place=HERE, body="board", person=who, capacity=capacity, kind=kind, of="",
                            votes=who != SECRETARY, valid_from=date(2008, 4, 1))  # fmt: skip
    terms("board")


def test_an_appeal_is_heard_by_another_body_without_those_who_decided(refused: int) -> None:
    number = lodge(refused)
    assert found().state == "lodged" and found().clock.due is None
    with pytest.raises(UserError, match="the body that decided does not hear the appeal"):
        actions.hear_appeal(by=SYSTEM, place=HERE, number=number, body=BODY)
    with pytest.raises(UserError, match="recommends and decides nothing"):
        actions.hear_appeal(by=SYSTEM, place=HERE, number=number, body="conclave")
    seat_board()
    item = actions.hear_appeal(by=SYSTEM, place=HERE, number=number, body="board")
    assert found().state == "waiting to be heard"
    opened(item, body="board", on=organisations.today(), there=(SECRETARY, CHAIR, *FRESH))
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    with pytest.raises(UserError):
        votes(item, "for", (CHAIR, *FRESH))  # the chair took part in the refusal
    votes(item, "for", FRESH)
    settled = reads.decision(decide(item, "approved"))
    assert settled.matter == f"appeal/{HERE}/{number}" and settled.body == "board"
    assert (found().state, found().result) == ("decided", "allowed")
    with pytest.raises(Stale, match="this appeal is settled: it was allowed"):
        actions.hear_appeal(by=SYSTEM, place=HERE, number=number, body="clinical_committee")
    with pytest.raises(UserError, match="settled an appeal"):
        lodge(settled.id)


def test_no_other_way_lets_the_same_body_settle_it(refused: int) -> None:
    number = lodge(refused)
    matter = f"appeal/{HERE}/{number}"
    with pytest.raises(UserError, match="does not hear the appeal against its decision"):
        actions.put_on_agenda(by=SYSTEM, place=HERE, body=BODY, matter=matter, title="The same again")
    with pytest.raises(UserError, match="does not hear the appeal against its decision"):
        actions.record_decision(by=SYSTEM, place=HERE, body=BODY, taken_on=organisations.today(), minute="9",
                                outcome="refused", text="No.", matter=matter, title="x")  # fmt: skip
    with pytest.raises(UserError, match="recommends and decides nothing"):
        actions.put_on_agenda(by=SYSTEM, place=HERE, body="conclave", matter=matter, title="By a side door")
    with pytest.raises(UserError, match="recommends and decides nothing"):
        actions.record_decision(by=SYSTEM, place=HERE, body="conclave", taken_on=organisations.today(), minute="9",
                                outcome="refused", text="No.", matter=matter, title="x")  # fmt: skip
    assert set(appeals.kept_out(matter)) >= {CHAIR, LAY, SIGN_INS["group_manager"]}


def test_one_appeals_for_ones_own_once_and_may_take_it_back(refused: int) -> None:
    with pytest.raises(UserError, match="you do not speak for this group or practice"):
        lodge(refused, appellant="WATCOM")
    with pytest.raises(UserError, match="you do not speak for this group or practice"):
        lodge(refused, role="finance_manager")
    number = lodge(refused)
    with pytest.raises(UserError, match="has appealed against this decision before"):
        lodge(refused)
    practice = organisations.viewer_by_sign_in(SIGN_INS["practice_staff"]).codes(HERE, "practice")[0]
    assert lodge(refused, "practice_staff", practice) == number + 1
    with pytest.raises(UserError, match="you do not speak for whoever appealed"):
        actions.take_back_appeal(by=actor("finance_manager"), place=HERE, number=number, reason="x")
    actions.take_back_appeal(by=actor("group_manager"), place=HERE, number=number, reason="Settled between us.")
    assert found(number).state == "withdrawn"
    told = AuditEvent.objects.filter(action__in=("governance.lodge_appeal", "governance.take_back_appeal"))
    assert [row.subject for row in told.order_by("sequence")] == [f"appeal/{HERE}/{each}" for each in (1, 2, 1)]


def test_who_is_kept_out_of_the_matter_is_kept_out_of_the_appeal(refused: int, as_role: As) -> None:
    conflicted(SIGN_INS["finance_manager"])
    lodge(refused)
    assert f"appeal/{HERE}/1" in reads.sealed_matters(SIGN_INS["finance_manager"], HERE)
    client = as_role("finance_manager")
    assert client.get(f"/p/{HERE}/appeals/1").status_code == 403
    assert "Diabetes case" not in client.get(f"/p/{HERE}/appeals").content.decode()
    conflicted(SIGN_INS["group_manager"], matter=MATTER)
    with pytest.raises(Withheld):
        lodge(refused, appellant="HERTSMERE" if "HERTSMERE" in _own("group_manager") else "DATCOM")


def test_an_interest_that_comes_up_later_in_the_matter_closes_the_appeal_as_well(refused: int, as_role: As) -> None:
    number = lodge(refused)
    seat_board()
    item = actions.hear_appeal(by=SYSTEM, place=HERE, number=number, body="board")
    conflicted(SIGN_INS["finance_manager"])  # a possible bidder is listed after the appeal was lodged
    conflicted(FRESH[1])
    who = SIGN_INS["finance_manager"]
    assert reads.withheld(who, HERE, f"appeal/{HERE}/{number}")
    assert f"appeal/{HERE}/{number}" in reads.sealed_matters(who, HERE)
    assert as_role("finance_manager").get(f"/p/{HERE}/meeting-items/{item}").status_code == 403
    meeting = actions.call_meeting(by=SYSTEM, place=HERE, body="board", held_on=organisations.today())
    assert FRESH[1] in recused(items.item(HERE, item), meetings.meeting(HERE, meeting))


def _own(role: str) -> dict[str, str]:
    return appeals.speaks_for(organisations.viewer_by_sign_in(SIGN_INS[role]), HERE)


def test_the_pages_lead_from_the_decision_to_the_body(refused: int, as_role: As) -> None:
    client, secretary = as_role("group_manager"), as_role("committee_secretary")
    page = client.get(f"{AGAINST}/{refused}").content.decode()
    assert f"{AGAINST}/{refused}/appeal" in page
    assert "Appeal against this decision" not in as_role("finance_manager").get(f"{AGAINST}/{refused}").content.decode()
    given = {"appellant": "DATCOM", "grounds": GROUNDS, "confirmed": "yes"}
    answer = send(client, f"{AGAINST}/{refused}/appeal", given)
    assert answer.headers["Location"] == f"/p/{HERE}/appeals/1"
    page = secretary.get(f"/p/{HERE}/appeals/1").content.decode()
    assert "It cannot be heard yet: no body is named." in page and "Took part in the decision" in page
    text = "Name who hears appeal 1: Diabetes case"
    waiting = [
        each.text for each in rooms.work(organisations.book(HERE), organisations.viewer_by_sign_in("secretary@demo"))
    ]
    assert text in waiting
    choices = secretary.get(f"/p/{HERE}/appeals/1/body").content.decode()
    assert 'value="board"' in choices and f'value="{BODY}"' not in choices
    assert send(secretary, f"/p/{HERE}/appeals/1/body", {"body": "board"}).status_code == 302
    assert "It waits for the Board." in client.get(f"/p/{HERE}/appeals/1").content.decode()
    assert "1 of 1 appeals wait for their decision." in client.get(f"/p/{HERE}/appeals").content.decode()
    assert rooms.matter_page(f"appeal/{HERE}/1") == f"/p/{HERE}/appeals/1"
    told = CliRunner().invoke(governance, ["appeals", "--place", HERE, "--json"], catch_exceptions=False).output
    assert json.loads(told)[0]["state"] == "waiting to be heard"
