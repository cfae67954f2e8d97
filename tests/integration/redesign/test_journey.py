"""A case before its committee, by the forms of the site alone: returned, and decided after a late conflict.

A refusal, and the case that is opened again, are walked in the browser (``tests/browser/test_redesign_journey.py``).
"""

from __future__ import annotations

import pytest

from openpbc.governance import actions as governance
from openpbc.governance.models import Item, Opening
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from openpbc.redesign import reads
from tests.integration.redesign.conftest import UNIT, reviewed
from tests.integration.redesign.walker import Person, number_of
from tests.integration.site.conftest import HERE, As

pytestmark = pytest.mark.one_database

AT, REVIEWERS = f"/p/{HERE}", ("finance_manager", "analyst", "contract_manager")
COMPANY = "SYNTHETIC Company"
TESTS = {each: f"SYNTHETIC: {each}." for each in ("fair", "swift", "suited")}


@pytest.fixture
def person(as_role: As):
    """Give somebody at the site by role."""
    governance.demonstrate_meetings(by=SYSTEM, place=HERE)
    return lambda role: Person(as_role(role))


def stage(number: int) -> str:
    return reads.case(HERE, number).stage


def today() -> str:
    return f"{organisations.today():%-d %B %Y}"


def sent_for_approval(person) -> int:
    """Let the group agree a case that was reviewed, and send it with its paper to the committee."""
    number = reviewed()
    answers(person("gp_lead"), number, "existing-contract")
    return number


def answers(gp: Person, number: int, route: str) -> None:
    """Agree for the group and send the case for approval."""
    gp.fill(f"{AT}/cases/{number}/groups/{UNIT}/answer", agreed="yes", route=route)
    gp.fill(f"{AT}/cases/{number}/steps/T08")


def sits(secretary: Person, title: str = "Breathing clinics") -> tuple[str, str]:
    """Call and open a meeting with the case on its agenda and everybody there; give the meeting and the item."""
    meeting = secretary.fill(f"{AT}/meetings/new?body=governance_committee", held_on=today(), starts_at="14:00")
    item = Item.objects.get(place=HERE, title=title, state="waiting").pk
    secretary.fill(f"{meeting}/agenda", item=str(item))
    secretary.fill(f"{meeting}/open")
    secretary.fill(f"{meeting}/attendance")
    return meeting, f"{AT}/meeting-items/{item}"


def decides(secretary: Person, item: str, outcome: str, reasons: str, **votes: str) -> None:
    """Ask for interests, take the vote as it is shown unless said otherwise, and record the outcome."""
    if "Everybody was asked" in secretary.links(f"{item}/room"):
        secretary.fill(f"{item}/asked")
    if outcome != "returned":
        secretary.fill(f"{item}/votes", **votes)
    secretary.fill(f"{item}/decide", outcome=outcome, reasons=reasons, **TESTS)


def test_a_case_is_returned_written_anew_compared_and_approved_by_the_next_meeting(person) -> None:
    number = sent_for_approval(person)
    case = f"{AT}/cases/{number}"
    secretary, gp, contracts = person("committee_secretary"), person("gp_lead"), person("contract_manager")
    told = secretary.read(case)
    assert "Decide the case cannot start yet PBC Governance Committee, with you" in told
    assert "It waits to be put on the agenda of a meeting." in told
    assert "Not in the plan: no intention of the commissioning plan is linked to it. The body says why" in told
    assert "Approve" not in secretary.links(case), "nothing is carried out before the body has decided"
    assert "It cannot be done yet: No decision of the body that approves" in secretary.read(f"{case}/steps/T12")
    _, item = sits(secretary)
    told = gp.read(case)
    assert "of meeting 3 on" in told
    assert "The case waits at 'Approval by the Governance Committee', for PBC Governance Committee." in told
    assert "It cannot be done yet" in secretary.read(f"{case}/steps/T12"), "it stands on an agenda and is not decided"
    decides(secretary, item, "returned", "SYNTHETIC: say who drives patients there.")
    assert secretary.links(f"{item}/room")["What it is about, where the decision is carried out"] == case
    assert f"The PBC Governance Committee returned it for more work on {today()}" in gp.read(case)
    assert "Carry out the decision on 'Breathing clinics': return with reasons" in secretary.read(f"{AT}")
    secretary.fill(f"{case}/steps/T12")  # the reasons stand in the form already
    assert stage(number) == "drafting"
    assert "say who drives patients there" in gp.read(case)

    gp.fill(f"{case}/parts/risks/write", text="SYNTHETIC: volunteers drive them.")
    gp.fill(f"{case}/steps/T04")
    compared = gp.read(f"{case}/compare?a=1&b=2")
    assert "volunteers drive them" in compared and "changed" in compared
    for reviewer in map(person, REVIEWERS):
        for name, sheet in reviewer.links(case).items():
            if "/reviews/" in sheet:
                reviewer.fill(sheet, outcome="returned", text=f"SYNTHETIC: {name} read it.")
    person("analyst").fill(f"{case}/steps/T06")
    answers(gp, number, "tender")
    assert "Carry out" not in secretary.read(f"{AT}"), "the decision on the first version does not count for the second"
    _, item = sits(secretary)
    decides(secretary, item, "approved", "SYNTHETIC: fair, swift and suited.")
    assert "Reject" not in secretary.links(case)
    secretary.fill(f"{case}/steps/T11")
    assert stage(number) == "approved"
    person("provider_lead").read(case, 403)
    assert "Start the tender: 'Breathing clinics'" in contracts.read(AT)
    assert "not for existing contract" in contracts.read(f"{case}/steps/T15A")
    contracts.fill(f"{case}/steps/T15C")
    assert stage(number) == "tender"
    person("provider_lead").read(f"{case}/versions/2", 403)


def test_an_interest_that_is_declared_after_the_papers_were_opened_voids_the_vote_and_is_told_to_the_chair(
    person,
) -> None:
    number = sent_for_approval(person)
    case, secretary, analyst = f"{AT}/cases/{number}", person("committee_secretary"), person("analyst")
    matter = secretary.links(case)["Whom it concerns, and who has an interest"]
    person("contract_manager").fill(
        f"{AT}/matters/parties?matter=redesign/{HERE}/{number}", parties=f"{COMPANY}; possible-bidder"
    )
    meeting, item = sits(secretary)
    secretary.fill(f"{item}/asked")
    papers = [href for href in analyst.links(f"{item}/room").values() if "/papers/" in href]
    assert len(papers) == 1 and analyst.client.get(papers[0]).status_code == 200
    analyst.read(f"{case}/versions/1")
    analyst.fill(f"{item}/vote", choice="for")
    secretary.fill(f"{item}/votes", **{f"v{at}": "for" for at in range(5)})

    analyst.fill(
        f"{AT}/interests/new", organisation=COMPANY, role="Owner", nature="financial-personal", held_from="1 May 2008"
    )
    for path in (case, f"{case}/versions/1", f"{item}/room", papers[0]):
        assert analyst.client.get(path).status_code == 403, path
    room = secretary.read(f"{item}/room")
    assert "Demo information analyst: for, void: they have left this item" in room and "Take the vote again" in room
    assert "has left this item" in secretary.refused(f"{item}/decide", outcome="approved", reasons="SYNTHETIC: yes.")
    assert "Demo information analyst" in secretary.read(matter)

    chair = person("committee_chair")
    late = next(href for text, href in chair.links(f"{AT}/interests/late").items() if "/late/" in href)
    listed = chair.read(late)
    assert f"case-{number}-version-1.pdf" in listed and "version 1" in listed
    assert Opening.objects.filter(person="analyst@demo").count() == 2
    chair.fill(late, text="SYNTHETIC: the vote is taken again without them.")
    assert "of 0 the chair has not been told" in chair.read(f"{AT}/interests/late")

    secretary.fill(f"{item}/votes")
    approves = {"outcome": "approved", "reasons": "SYNTHETIC: it is wanted."}
    unsaid = secretary.refused(f"{item}/decide", **approves, **TESTS | {"swift": ""})
    assert "othing is said on the test 'swift'" in unsaid and "every group's case is asked the same" in unsaid
    decision = secretary.fill(f"{item}/decide", **approves, **TESTS)
    assert "Swift SYNTHETIC: swift." in secretary.read(decision)
    assert "Fair: SYNTHETIC: fair." in secretary.read(f"{meeting}/minutes")
    told = secretary.read(decision)
    assert "Vote 4 for, 0 against" in told
    secretary.fill(f"{case}/steps/T11")
    assert stage(number) == "approved"
    assert number_of(case) == number
