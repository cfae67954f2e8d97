"""The demonstration shows cases at several stages, says SYNTHETIC in each, and changes nothing when it runs again."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.casework import choosing
from openpbc.casework import reads as casework
from openpbc.governance import actions as governance
from openpbc.governance import reads as governance_reads
from openpbc.governance.reads import appeals
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisation_reads
from openpbc.redesign import actions, reads
from openpbc.redesign.reads import public
from openpbc.redesign.reads.value import decided_elsewhere
from tests.integration.site.conftest import FOREIGN, HERE

pytestmark = pytest.mark.usefixtures("people")


def test_the_demonstration_shows_cases_at_several_stages_and_what_a_meeting_decided() -> None:
    governance.demonstrate_meetings(by=SYSTEM, place=HERE)
    actions.demonstrate_cases(by=SYSTEM, place=HERE)
    found = reads.cases(HERE)
    stages = {each.stage for each in found}
    assert stages == {"review", "approval", "drafting", "held", "groups", "proposed", "withdrawn"}
    assert all(each.synthetic and "SYNTHETIC" in each.title for each in found)
    actions.demonstrate_decisions(by=SYSTEM, place=HERE)
    approved, refused = reads.case(HERE, 8), reads.case(HERE, 9)
    assert (approved.stage, refused.stage) == ("approved", "approval"), "what is appealed is not carried out"
    assert [each.case for each in public.published(HERE)] == [8, 7]
    appeal = appeals.appeal(organisation_reads.book(HERE), 1)
    assert appeal.state == "lodged" and appeal.decision.matter == refused.matter
    taken = [each for each in governance_reads.decisions(HERE) if each.matter.startswith("redesign/")]
    assert {each.outcome for each in taken if each.body == "governance_committee"} == {"approved", "refused"}
    assert {each.outcome for each in taken if each.body == "conclave"} == {"agreed"}
    assert all(each.synthetic and "SYNTHETIC" in each.text for each in taken)
    before = audit.head().sequence
    actions.demonstrate_cases(by=SYSTEM, place=HERE)
    actions.demonstrate_decisions(by=SYSTEM, place=HERE)
    assert audit.head().sequence == before


def test_a_place_with_the_common_process_has_its_own() -> None:
    organisations.create_demo_users(by=SYSTEM, place=FOREIGN, password="demo")
    actions.demonstrate_cases(by=SYSTEM, place=FOREIGN)
    assert {each.stage for each in reads.cases(FOREIGN)} == {"review", "approval", "proposed", "withdrawn"}


def test_a_board_that_takes_large_cases_to_itself_leaves_one_to_be_put_there_and_one_to_go_over() -> None:
    organisations.create_demo_users(by=SYSTEM, place=FOREIGN, password="demo")
    governance.demonstrate_meetings(by=SYSTEM, place=FOREIGN)
    actions.demonstrate_cases(by=SYSTEM, place=FOREIGN)
    actions.demonstrate_board(by=SYSTEM, place=FOREIGN)
    large = next(each for each in reads.cases(FOREIGN) if "hearing tests" in each.title)
    now = decided_elsewhere(large)
    assert now is not None and (now.code, now.body) == ("D4", "board")
    going = casework.case(large.process, FOREIGN)
    assert going.definition != choosing.chosen(FOREIGN, "redesign").hash
    assert casework.hindrances(going.id, choosing.chosen(FOREIGN, "redesign").hash) == ()
    assert [each.approves for each in governance_reads.decisions(FOREIGN, going.address)] == [True]
    before = audit.head().sequence
    actions.demonstrate_board(by=SYSTEM, place=FOREIGN)
    assert audit.head().sequence == before
