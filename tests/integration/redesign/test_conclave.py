"""A case with the clinical conclave: agreed by clinicians without power over money, then planned within its limits."""

from __future__ import annotations

import pytest

from openpbc.casework import reads as casework
from openpbc.governance import reads as governance
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from tests.integration.redesign.conftest import as_actor, prioritised, revision, seated, step, written
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")


def stage(number: int = 1) -> str:
    return reads.case(HERE, number).stage


def waits() -> list[str]:
    known = reads.case(HERE, 1)
    return [each.step for each in casework.case(known.process).waiting]


def chosen() -> int:
    number = prioritised(conclave=True, pathway="copd")
    step("group_manager", "W01", number)
    return number


def test_a_shared_pathway_goes_through_the_conclave_and_waits_for_the_committee() -> None:
    number = chosen()
    assert {each.unit for each in reads.case(HERE, number).groups} == {each.code for each in organisations.units(HERE)}
    with pytest.raises(UserError, match="No group is named to lead"):
        step("conclave_chair", "W02", number)
    actions.concern_group(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), unit="DATCOM", leads=True
    )
    step("conclave_chair", "W02", number)
    seated(number)
    step("gp_lead", "T03", number)
    with pytest.raises(UserError, match="The pathway has no stage yet"):
        step("gp_lead", "W03", number)
    written(number)
    with pytest.raises(UserError, match="is no step of the process"):
        step("gp_lead", "T04", number)
    step("gp_lead", "W03", number)
    assert (stage(), waits()) == ("clinical", ["W3"])
    with pytest.raises(UserError, match="It stays within the budget: nobody has said so yet"):
        step("conclave_chair", "W04", number)
    step("conclave_chair", "W05", number, reason="Ask the nurses.")
    assert stage() == "drafting"
    step("gp_lead", "W03", number)
    answers = dict.fromkeys(("budget", "targets", "strategy"), "yes")
    actions.write_limits(by=as_actor("gp_lead"), place=HERE, number=number, revision=0, answers=answers)
    with pytest.raises(UserError, match="in any of your roles"):
        step("finance_manager", "W04", number)
    step("conclave_chair", "W04", number)
    step("gp_lead", "W06", number)
    assert (stage(), len(reads.versions_of(reads.case(HERE, number)))) == ("review", 3)
    for function, role in (("finance", "finance_manager"), ("public-health", "analyst"), ("information", "analyst"),
                           ("contracts", "contract_manager")):  # fmt: skip
        actions.return_review(
            by=as_actor(role), place=HERE, number=number, function=function, version=3, outcome="waived", text="Known."
        )
    step("analyst", "T06", number)
    for unit in organisations.units(HERE)[:-1]:
        actions.agree(
            by=as_actor("gp_lead"), place=HERE, number=number, unit=unit.code, version=3, agreed=True, route="tender"
        )
    last = organisations.units(HERE)[-1]
    with pytest.raises(UserError, match=f"{last.name} has not agreed yet"):
        step("group_manager", "T08", number)
    actions.agree(by=as_actor("gp_lead"), place=HERE, number=number, unit=last.code, version=3, agreed=True,
                  route="existing-contract")  # fmt: skip
    with pytest.raises(UserError, match="different routes: tender and existing contract|existing contract and tender"):
        step("group_manager", "T08", number)


def test_the_conclave_clears_a_block_and_the_case_stands_where_it_stood() -> None:
    number = chosen()
    step("conclave_chair", "T23", number, reason="No rooms.", owner="The trust")
    assert (stage(), waits()) == ("held", ["W1", "X3"])
    step("conclave_chair", "T23B", number, reason="Rooms were found.")
    assert (stage(), waits()) == ("chosen", ["W1"])


def test_without_a_declaration_drafting_does_not_open() -> None:
    number = chosen()
    actions.concern_group(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), unit="DATCOM", leads=True
    )
    step("conclave_chair", "W02", number)
    actions.add_member(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), person="gp@demo",
        kind="commissioner", leads=True, on=organisations.today(),
    )  # fmt: skip
    assert governance.declared("gp@demo", HERE, organisations.today()) is None
    with pytest.raises(UserError, match="Demo GP practice lead has not declared interests"):
        step("gp_lead", "T03", number)
