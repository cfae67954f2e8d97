"""Whoever may bid, or has an interest, neither answers for a group nor is counted where the case is decided."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.governance import actions as governance
from openpbc.governance import reads as governing
from openpbc.governance.rules.withholding import LEAVES, MAY_BID
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.reads.versions import agreements_in_force, void_agreements
from openpbc.site import rooms
from tests.integration.redesign.conftest import SEATS, UNIT, as_actor, forming, proposed, reviewed, revision, step
from tests.integration.redesign.test_conclave import chosen
from tests.integration.redesign.test_seats import joined, takes_in
from tests.integration.redesign.test_separation import COMPANY, SYSTEM, concerns, lead, refusals, seat
from tests.integration.redesign.walker import plain
from tests.integration.site.conftest import HERE, SIGN_INS, As

pytestmark = pytest.mark.usefixtures("people")


def votes(number: int, role: str) -> bool:
    return governing.standing(HERE, reads.address(HERE, number), SIGN_INS[role]).votes


def answers(number: int, by: Actor) -> None:
    actions.agree(by=by, place=HERE, number=number, unit=UNIT, version=1, agreed=True, route="tender")


def work(role: str) -> dict[str, str]:
    viewer = organisations.viewer_by_sign_in(SIGN_INS[role])
    return {each.text: each.reason for each in rooms.work(organisations.book(HERE), viewer)}


def test_whoever_may_bid_has_no_vote_in_the_case_under_any_account_until_somebody_else_takes_it_back() -> None:
    number = forming()
    takes_in("gp_lead", number, "gp_lead", "commissioner", leads=True, side="both")
    joined("gp_lead", "conclave_chair")
    assert not votes(number, "gp_lead") and not votes(number, "conclave_chair") and votes(number, "group_manager")
    stands = governing.standing(HERE, reads.address(HERE, number), SIGN_INS["gp_lead"])
    assert stands.sees and stands.because == MAY_BID, "the redesign needs them, so they see its papers"
    takes_in("group_manager", number, "gp_lead", "commissioner", leads=True)
    assert votes(number, "gp_lead") and votes(number, "conclave_chair")


def test_what_the_chair_ruled_stays_whatever_is_said_of_a_bid() -> None:
    number, matter = forming(), reads.address(HERE, 1)
    governance.rule_on_interest(
        by=SYSTEM, place=HERE, matter=matter, person=SIGN_INS["gp_lead"], ruling=LEAVES, reason="SYNTHETIC"
    )
    takes_in("group_manager", number, "gp_lead", "commissioner", side="both")
    takes_in("group_manager", number, "gp_lead", "commissioner", side="commissioner")
    assert governing.standing(HERE, matter, SIGN_INS["gp_lead"]).ruling == LEAVES


def test_no_group_is_answered_for_by_a_possible_bidder_or_somebody_undeclared(as_role: As) -> None:
    number = reviewed()
    seat(number, "gp_lead", "commissioner", leads=True, side="both")
    deputy = Actor("deputy@x", "Deputy", frozenset({"gp_lead"}), acting_for=SIGN_INS["gp_lead"])
    for by in (as_actor("gp_lead"), deputy):
        with pytest.raises(UserError, match=r"(?s)may bid.*Somebody else who speaks for the group answers; that holds"):
            answers(number, by)
    with pytest.raises(UserError, match="Demo conclave co-chair has never declared interests"):
        answers(number, as_actor("conclave_chair"))
    assert sum("you cannot answer for a group" in each for each in refusals()) == 3
    page = as_role("gp_lead").get(f"/p/{HERE}/cases/{number}/groups/{UNIT}/answer").content.decode()
    assert "You cannot answer for a group here" in page and "may bid" in page
    assert "Continue" not in page, "what cannot be sent is not opened"
    assert work("gp_lead")["Answer on 'Breathing clinics'"].startswith("You cannot answer for a group here")
    case = plain(as_role("gp_lead").get(f"/p/{HERE}/cases/{number}").content.decode())
    assert "Agree for a group cannot start yet Commissioning groups, with you You cannot answer" in case
    assert "your turn" not in case, "what cannot be done is nobody's turn"
    manager = as_role("group_manager").get(f"/p/{HERE}/cases/{number}").content.decode()
    for answer, title, lacks in (
        ("yes", "Agree for DatCom", "What has to change"),
        ("no", "Say no for DatCom", "Route"),
    ):
        address = f"/p/{HERE}/cases/{number}/groups/{UNIT}/answer?agreed={answer}"
        assert f'href="{address}"' in manager
        form = as_role("group_manager").get(address).content.decode()
        assert title in form and lacks not in form and f'name="agreed" value="{answer}"' in form
    answers(number, as_actor("group_manager"))


def test_an_answer_is_void_once_its_giver_has_an_interest_and_the_group_answers_again(as_role: As) -> None:
    number = reviewed()
    answers(number, as_actor("gp_lead"))
    concerns(number, governing.Party(COMPANY, governing.POSSIBLE_BIDDER))
    governance.declare_interest(
        by=SYSTEM, place=HERE, person=SIGN_INS["gp_lead"], organisation=COMPANY, nature="financial-personal",
        role="Owner", held_from=date(2008, 4, 1),
    )  # fmt: skip
    known = reads.case(HERE, number)
    assert not agreements_in_force(known) and set(void_agreements(known)) == {UNIT}
    with pytest.raises(UserError, match="DatCom has not agreed yet"):
        step("group_manager", "T08", number)
    page = as_role("group_manager").get(f"/p/{HERE}/cases/{number}").content.decode()
    assert "void" in page and "somebody else of the group answers" in page
    assert "Answer on 'Breathing clinics'" in work("group_manager")
    answers(number, as_actor("group_manager"))
    lead(number, "group_manager")
    step("group_manager", "T08", number)
    assert reads.case(HERE, number).stage == "approval"


def test_the_step_that_agrees_a_priority_does_not_wait_for_itself(as_role: As) -> None:
    number = proposed()
    page = as_role("group_manager").get(f"/p/{HERE}/cases/{number}").content.decode()
    assert "Agree the priority" in page and "No group has agreed this priority" not in page
    assert "No group has agreed this priority" in as_role("analyst").get(f"/p/{HERE}/cases/{number}").content.decode()


def test_a_group_is_told_to_form_the_joint_group_until_its_seats_are_filled() -> None:
    number = forming()
    said = work("group_manager")["Form the joint group of 'Breathing clinics'"]
    assert said == "8 of 8 seats are empty; drafting cannot start before they are filled."
    seat(number, "group_manager", *SEATS["group_manager"])
    assert not any(text.startswith("Form the joint group") for text in work("group_manager")), "a member sees the step"
    assert work("gp_lead")["Form the joint group of 'Breathing clinics'"].startswith("7 of 8")
    assert not any(text.startswith("Form the joint group") for text in work("analyst"))


def test_a_group_is_told_to_name_who_leads_before_the_conclave_can_choose(as_role: As) -> None:
    number = chosen()
    told = work("group_manager")
    assert told["Name the group that leads 'Breathing clinics' for all"] == "The conclave cannot choose it before."
    page = as_role("group_manager").get(f"/p/{HERE}/cases/{number}").content.decode()
    assert "the conclave chooses it, with a group named that leads it for all" in page
    actions.concern_group(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), unit=UNIT, leads=True
    )
    assert not any(text.startswith("Name the group") for text in work("group_manager"))
