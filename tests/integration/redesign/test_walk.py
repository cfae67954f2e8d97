"""A case from an idea to procurement and back, by the people whose turn it is; every refusal tells what is missing."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.kernel.problems import Stale, UserError
from openpbc.redesign import actions, reads
from openpbc.redesign.reads import versions
from tests.integration.redesign.conftest import (
    UNIT,
    agreed,
    as_actor,
    decide,
    drafting,
    forming,
    handed_in,
    prioritised,
    proposed,
    review,
    reviewed,
    revision,
    seated,
    step,
    written,
)
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")


def stage(number: int = 1) -> str:
    return reads.case(HERE, number).stage


def test_a_case_goes_from_idea_to_procurement_to_its_start() -> None:
    number = agreed()
    decide(number)
    step("committee_secretary", "T11", number, reason="Fair, swift and suited.")
    assert (stage(), reads.case(HERE, number).decided_route) == ("approved", "existing-contract")
    step("contract_manager", "T15A", number)
    step("contract_manager", "T16", number, evidence="Variation 1", reason="Signed.")
    step("contract_manager", "T21", number, evidence="Policy 1", reason="Starts.")
    step("group_manager", "T22", number, evidence="Admissions fell", reason="It worked.")
    found = reads.case(HERE, number)
    assert [each.way for each in found.passages] == [
        "T00", "T01", "T02", "T03", "T04", "T06", "T07", "T08", "T11", "T15A", "T16", "T21", "T22",
    ]  # fmt: skip
    (version,) = reads.versions_of(found)
    assert version.intact and version.body["case"]["title"] == "Breathing clinics"
    assert audit.verify().intact


def test_a_priority_moves_on_with_the_first_group_that_ranks_it() -> None:
    number = proposed()
    with pytest.raises(UserError, match="ranks begin with 1"):
        actions.rank_priority(by=as_actor("gp_lead"), place=HERE, number=number, unit=UNIT, rank=0, revision=1)
    with pytest.raises(UserError, match="does not concern this group"):
        actions.rank_priority(by=as_actor("gp_lead"), place=HERE, number=number, unit="WATCOM", rank=1, revision=1)
    actions.rank_priority(by=as_actor("gp_lead"), place=HERE, number=number, unit=UNIT, rank=2, revision=1)
    assert (stage(), reads.case(HERE, number).best_rank) == ("prioritised", 2)


def test_a_second_group_in_one_area_needs_a_reason() -> None:
    forming()
    number = prioritised(title="More breathing")
    with pytest.raises(UserError, match=r"There is a group for this area already \(case 1, joint group forming\)"):
        step("group_manager", "T02", number)
    step("group_manager", "T02", number, reason="It is about children.")
    assert stage(number) == "forming"


def test_drafting_waits_for_every_seat_and_a_lead_and_is_opened_by_members_alone() -> None:
    number = forming()
    seated(number)
    with pytest.raises(UserError, match="Only members of the joint group"):
        step("finance_manager", "T03", number)
    step("gp_lead", "T03", number)
    fresh = forming(title="Another", area="Other")
    actions.add_member(
        by=as_actor("gp_lead"), place=HERE, number=fresh, revision=revision(fresh), person="gp@demo",
        kind="commissioner", side="commissioner", on=reads.case(HERE, number).members[0].joined_on,
    )  # fmt: skip
    with pytest.raises(UserError, match=r"Nobody sits for consultant.*The group has no lead"):
        step("gp_lead", "T03", fresh)


def test_an_unfinished_case_is_not_handed_in_and_says_what_is_missing() -> None:
    number = drafting()
    with pytest.raises(UserError, match=r"The pathway has no stage yet.*Risks is not written"):
        step("gp_lead", "T04", number)
    written(number)
    actions.write_prose(
        by=as_actor("gp_lead"), place=HERE, number=number, part="safety", revision=1, text="None.", applies=False
    )
    with pytest.raises(UserError, match="safe and effective"):
        step("gp_lead", "T04", number)


def test_parts_are_written_by_members_while_the_case_is_drafted_and_each_has_its_own_revision() -> None:
    number = drafting()
    with pytest.raises(UserError, match="only members of the joint group write its case"):
        actions.write_prose(by=as_actor("analyst"), place=HERE, number=number, part="risks", revision=0, text="x")
    actions.write_prose(by=as_actor("gp_lead"), place=HERE, number=number, part="risks", revision=0, text="Mine")
    actions.write_prose(
        by=as_actor("group_manager"), place=HERE, number=number, part="estates", revision=0, text="Ours"
    )
    with pytest.raises(Stale, match="Demo GP practice lead changed this part of case 1"):
        actions.write_prose(by=as_actor("group_manager"), place=HERE, number=number, part="risks", revision=0, text="x")
    with pytest.raises(UserError, match="is no figure that a case can cite"):
        actions.write_prose(
            by=as_actor("gp_lead"), place=HERE, number=number, part="finance", revision=0, text="x",
            figures=("finance/blmk-2023/plan/x/y",),
        )  # fmt: skip


def test_a_review_that_asks_for_more_work_keeps_the_case_and_members_review_nothing() -> None:
    number = handed_in()
    own = {"place": HERE, "number": number, "version": 1, "text": "See the costs."}
    actions.return_review(by=as_actor("finance_manager"), function="finance", outcome="more-work", **own)
    with pytest.raises(UserError, match="Finance has neither returned"):
        step("finance_manager", "T06", number)
    with pytest.raises(UserError, match="nobody reviews a case of their own"):
        actions.return_review(by=as_actor("gp_lead"), function="finance", outcome="returned", **own)
    with pytest.raises(UserError, match="you do not review for finance"):
        actions.return_review(by=as_actor("analyst"), function="finance", outcome="returned", **own)
    step("finance_manager", "T05", number, reason="The costs are missing.")
    assert stage() == "drafting"
    step("gp_lead", "T04", number)
    with pytest.raises(Stale, match="version 2 was handed in by Demo GP practice lead"):
        actions.return_review(by=as_actor("finance_manager"), function="finance", outcome="returned", **own)


def test_a_no_takes_the_case_back_and_agreements_are_of_a_version() -> None:
    number = reviewed()
    own = {"by": as_actor("group_manager"), "place": HERE, "number": number, "unit": UNIT}
    with pytest.raises(UserError, match="needs a reason"):
        actions.agree(**own, version=1, agreed=False)
    actions.agree(**own, version=1, agreed=False, reason="Too dear.")
    found = reads.case(HERE, number)
    assert (found.stage, found.refusals) == ("drafting", 1)
    step("gp_lead", "T04", number)
    assert versions.agreements_in_force(reads.case(HERE, number)) == {}
    assert len(versions.agreements(found)) == 1


def test_groups_that_said_no_twice_ask_for_a_settlement_and_go_on_after_it() -> None:
    number = reviewed()
    own = {"by": as_actor("group_manager"), "place": HERE, "number": number, "unit": UNIT}
    for version in (1, 2):
        with pytest.raises(UserError, match="have to disagree twice before somebody else is asked"):
            step("group_manager", "T10", number, reason="We do not agree.")
        actions.agree(**own, version=version, agreed=False, reason="Too dear.")
        step("gp_lead", "T04", number)
        review(number, version + 1)
    step("group_manager", "T10", number, reason="We do not agree.")
    found = reads.case(HERE, number)
    assert (found.stage, found.held_from, found.block.owner) == ("held", "groups", "the conclave or the commissioner")
    step("gp_lead", "T23B", number, reason="The conclave says yes.")
    assert stage() == "groups"
    actions.agree(**own, version=3, agreed=True, route="existing-contract")
    step("group_manager", "T08", number)
    assert stage() == "approval"


def test_a_case_for_willing_providers_starts_their_list() -> None:
    number = agreed("any-willing-provider")
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    with pytest.raises(UserError, match="approved for .*, not for tender"):
        step("contract_manager", "T15C", number)
    step("contract_manager", "T15B", number)
    step("contract_manager", "T17", number, evidence="List 1", reason="Signed.")
    assert stage() == "policies"


def test_approval_needs_a_decision_taken_since_the_case_waits_and_no_member_takes_it() -> None:
    number = agreed()
    with pytest.raises(UserError, match="No decision of the body that approves"):
        step("committee_secretary", "T11", number, reason="x")
    decide(number, "refused")
    with pytest.raises(UserError, match="has not approved the case"):
        step("committee_secretary", "T11", number, reason="x")
    with pytest.raises(UserError, match="in any of your roles"):
        step("finance_manager", "T11", number, reason="x")
    with pytest.raises(UserError, match="has not returned the case: its decision is refused"):
        step("committee_chair", "T12", number, reason="x")
    step("committee_chair", "T13", number, reason="Not suited.")
    assert stage() == "rejected"
    step("gp_lead", "T13B", number, reason="A new way.")
    assert stage() == "drafting"


def test_another_route_goes_back_to_the_groups_who_agree_it_again() -> None:
    number = agreed()
    with pytest.raises(UserError, match="No decision of the body that approves"):
        step("committee_chair", "T14", number, route="tender", reason="The sum is large.")
    decide(number)
    step("committee_chair", "T14", number, route="tender", reason="The sum is large.")
    found = reads.case(HERE, number)
    assert (found.stage, found.decided_route, versions.agreements_in_force(found)) == ("groups", "tender", {})
    actions.agree(
        by=as_actor("group_manager"), place=HERE, number=number, unit=UNIT, version=1, agreed=True, route="tender"
    )
    step("group_manager", "T08", number)
    with pytest.raises(UserError, match="No decision of the body that approves"):
        step("committee_chair", "T11", number, reason="The decision of before does not count again.")
    decide(number, minute="08/2")
    step("committee_chair", "T11", number, reason="Agreed.")
    with pytest.raises(UserError, match="approved for tender, not for existing contract"):
        step("contract_manager", "T15A", number)
    step("contract_manager", "T15C", number)
    step("contract_manager", "T19", number, reason="Nobody bid.")
    step("contract_manager", "T20", number, reason="Ask again.", route="existing-contract")
    assert stage() == "groups"


def test_a_block_has_an_owner_and_the_case_goes_back_to_where_it_was() -> None:
    number = drafting()
    with pytest.raises(UserError, match="Name who clears the block"):
        step("gp_lead", "T23", number, reason="No rooms.")
    step("gp_lead", "T23", number, reason="No rooms.", owner="The estates manager")
    found = reads.case(HERE, number)
    assert (found.stage, found.held_from, found.block.owner) == ("held", "drafting", "The estates manager")
    step("gp_lead", "T23B", number, reason="Rooms were found.")
    assert (stage(), reads.case(HERE, number).block) == ("drafting", None)


def test_a_withdrawn_case_stays_withdrawn() -> None:
    number = drafting()
    step("group_manager", "T24", number, reason="Overtaken.")
    with pytest.raises(UserError, match="so 'agree the priority' is not possible|there is no step"):
        step("group_manager", "T01", number)
    with pytest.raises(UserError, match="The case is at 'Withdrawn'"):
        step("gp_lead", "T23", number, reason="x", owner="y")


def test_who_comes_second_is_told() -> None:
    number = drafting()
    seen = revision(number)
    step("gp_lead", "T23", number, reason="No rooms.", owner="x")
    with pytest.raises(Stale, match="Demo GP practice lead changed case 1 on"):
        actions.take_step(
            by=as_actor("group_manager"), place=HERE, number=number, way="T24", revision=seen, reason="Overtaken."
        )


@pytest.mark.parametrize("table", ["redesign_version", "redesign_passage"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_the_database_keeps_versions_and_steps(table: str, statement: str) -> None:
    handed_in()
    with pytest.raises(DatabaseError, match="cannot be changed|not allowed"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_two_versions_are_compared_line_by_line() -> None:
    number = handed_in()
    step("finance_manager", "T05", number, reason="More on risks.")
    actions.write_prose(
        by=as_actor("gp_lead"), place=HERE, number=number, part="risks", revision=1, text="SYNTHETIC risks.\nAnd more."
    )
    step("gp_lead", "T04", number)
    found = versions.compared(reads.case(HERE, number), 1, 2)
    assert [(each.part, each.after, each.kind) for each in found if each.kind != "same"] == [
        ("risks", "And more.", "added")
    ]
    assert versions.compared(reads.case(HERE, number), 2, 0) == tuple(
        each for each in versions.compared(reads.case(HERE, number), 2, 2)
    )


def test_comments_are_replied_to_by_the_group_once() -> None:
    number = handed_in()
    made = actions.comment(by=as_actor("analyst"), place=HERE, number=number, part="activity", text="Which year?")
    own = {"place": HERE, "number": number, "comment": made, "text": "2007/08."}
    with pytest.raises(UserError, match="the joint group replies"):
        actions.reply(by=as_actor("analyst"), **own)
    actions.reply(by=as_actor("gp_lead"), **own)
    with pytest.raises(Stale, match="replied on"):
        actions.reply(by=as_actor("gp_lead"), **own)
    (found,) = reads.comments(reads.case(HERE, number))
    assert (found.reply, found.replied_by) == ("2007/08.", "Demo GP practice lead")
