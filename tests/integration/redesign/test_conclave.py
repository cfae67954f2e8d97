"""A case with the clinical conclave: agreed by clinicians without power over money, then planned within its limits."""

from __future__ import annotations

import pytest

from openpbc.casework import reads as casework
from openpbc.governance import actions as acting
from openpbc.governance import reads as governance
from openpbc.governance.models import Item
from openpbc.governance.reads import items
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from tests.integration.redesign.conftest import agreed, as_actor, decide, prioritised, revision, seated, step, written
from tests.integration.site.conftest import HERE, As

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


def conclave_decides(number: int, outcome: str) -> None:
    """Settle the item on which the case waits, and put its decision into the register, as a meeting leaves both."""
    minute = f"C/{reads.case(HERE, number).revision}"
    decide(number, outcome, minute, "conclave")
    Item.objects.filter(matter=reads.address(HERE, number), state="waiting").update(state="withdrawn")


def test_a_shared_pathway_goes_through_the_conclave_and_waits_for_the_committee() -> None:
    number = chosen()
    assert {each.unit for each in reads.case(HERE, number).groups} == {each.code for each in organisations.units(HERE)}
    with pytest.raises(UserError, match="No group is named to lead"):
        step("conclave_chair", "W02", number)
    actions.concern_group(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), unit="DATCOM", leads=True
    )
    with pytest.raises(UserError, match="No decision of the conclave is recorded"):
        step("conclave_chair", "W02", number)
    (item,) = items.waiting(HERE, "conclave")
    assert item.title == "Breathing clinics: choice as a shared pathway"
    conclave_decides(number, "agreed")
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
    assert items.waiting(HERE, "conclave")[-1].title == "Breathing clinics: clinical agreement, version 1"
    with pytest.raises(UserError, match="No decision of the conclave"):
        step("conclave_chair", "W04", number)
    with pytest.raises(UserError, match="It stays within the budget: nobody has said so yet"):
        step("conclave_chair", "W04", number)
    conclave_decides(number, "returned")
    with pytest.raises(UserError, match="The body has not agreed the case: its decision is returned"):
        step("conclave_chair", "W04", number)
    step("conclave_chair", "W05", number, reason="Ask the nurses.")
    assert stage() == "drafting"
    step("gp_lead", "W03", number)
    answers = dict.fromkeys(("budget", "targets", "strategy"), "yes")
    actions.write_limits(by=as_actor("gp_lead"), place=HERE, number=number, revision=0, answers=answers)
    with pytest.raises(UserError, match="in any of your roles"):
        step("finance_manager", "W04", number)
    conclave_decides(number, "agreed")
    step("conclave_chair", "W04", number)
    step("gp_lead", "W07", number, reason="The budget has changed.")
    assert stage() == "drafting"
    step("gp_lead", "W03", number)
    with pytest.raises(UserError, match="No decision of the conclave"):  # the one of before does not count again
        step("conclave_chair", "W04", number)
    conclave_decides(number, "agreed")
    step("conclave_chair", "W04", number)
    step("gp_lead", "W06", number)
    assert (stage(), len(reads.versions_of(reads.case(HERE, number)))) == ("review", 4)
    for function, role in (("finance", "finance_manager"), ("public-health", "analyst"), ("information", "analyst"),
                           ("contracts", "contract_manager")):  # fmt: skip
        actions.return_review(
            by=as_actor(role), place=HERE, number=number, function=function, version=4, outcome="waived", text="Known."
        )
    step("analyst", "T06", number)
    for unit in organisations.units(HERE)[:-1]:
        actions.agree(
            by=as_actor("gp_lead"), place=HERE, number=number, unit=unit.code, version=4, agreed=True, route="tender"
        )
    last = organisations.units(HERE)[-1]
    with pytest.raises(UserError, match=f"{last.name} has not agreed yet"):
        step("group_manager", "T08", number)
    actions.agree(by=as_actor("gp_lead"), place=HERE, number=number, unit=last.code, version=4, agreed=True,
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
    conclave_decides(number, "agreed")
    step("conclave_chair", "W02", number)
    actions.add_member(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), person="gp@demo",
        kind="commissioner", side="commissioner", leads=True, on=organisations.today(),
    )  # fmt: skip
    assert governance.declared("gp@demo", HERE, organisations.today()) is None
    with pytest.raises(UserError, match="Demo GP practice lead has never declared interests"):
        step("gp_lead", "T03", number)


def test_a_lead_who_might_bid_is_found_late_and_somebody_else_has_to_carry_on() -> None:
    number = agreed()
    with pytest.raises(UserError, match="No decision"):
        step("committee_chair", "T11", number, reason="Fair.")
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    acting.declare_interest(
        by=as_actor("gp_lead"), place=HERE, person="gp@demo", organisation="SYNTHETIC Company",
        nature="financial-personal", role="Owner", held_from=organisations.today(), detail="SYNTHETIC",
    )  # fmt: skip
    party = governance.Party("SYNTHETIC Company", governance.POSSIBLE_BIDDER)
    acting.set_parties(by=SYSTEM, place=HERE, matter=reads.address(HERE, number), parties=(party,))
    with pytest.raises(UserError, match="may bid"):
        step("contract_manager", "T15A", number)
    actions.name_lead(
        by=as_actor("group_manager"), place=HERE, number=number, revision=revision(number), unit="DATCOM",
        person="conclave@demo",
    )  # fmt: skip
    step("contract_manager", "T15A", number)
    assert stage(number) == "existing-contract"


def test_papers_are_withheld_from_whoever_has_a_material_interest_on_every_page(as_role: As) -> None:
    number = agreed()
    acting.declare_interest(
        by=as_actor("analyst"), place=HERE, person="analyst@demo", organisation="SYNTHETIC Company",
        nature="financial-personal", role="Owner", held_from=organisations.today(), detail="SYNTHETIC",
    )  # fmt: skip
    client, case = as_role("analyst"), f"/p/{HERE}/cases/{number}"
    pages = [case, f"{case}?download=paper.pdf", f"{case}?download=parts.csv", f"{case}/team", f"{case}/versions/1",
             f"{case}/compare", f"{case}/picture.svg", f"{case}/parts/finance", f"{case}/comments/add",
             f"{case}/change", f"{case}/steps/T24"]  # fmt: skip
    assert {client.get(page).status_code for page in pages} == {200}
    party = governance.Party("SYNTHETIC Company", governance.POSSIBLE_BIDDER)
    acting.set_parties(by=SYSTEM, place=HERE, matter=reads.address(HERE, number), parties=(party,))
    assert {client.get(page).status_code for page in pages} == {403}
    assert client.get(f"/explain/{reads.address(HERE, number)}/out").status_code == 403
    listed = client.get(f"/p/{HERE}/cases").content.decode()
    assert "Breathing clinics" not in listed and "1 more case is withheld from you" in listed
    assert "Breathing clinics" not in client.get(f"/p/{HERE}").content.decode()
