"""Who says who sits in the joint group, what stays on record of it, and that a second account is nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openpbc.governance import actions as governance
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from openpbc.redesign import actions, reads
from openpbc.redesign.actions.leading import signing_faults
from tests.integration.redesign.conftest import (
    DAY,
    SEATS,
    agreed,
    as_actor,
    decide,
    drafting,
    forming,
    revision,
    seated,
    side_of,
    step,
)
from tests.integration.redesign.test_separation import SYSTEM, found, lead, refusals, seat
from tests.integration.site.conftest import FOREIGN, HERE, SIGN_INS, As

pytestmark = pytest.mark.usefixtures("people")


def takes_in(by: str, number: int, who: str, kind: str, sub_kind: str = "", **more: object) -> None:
    actions.add_member(
        by=as_actor(by), place=HERE, number=number, revision=revision(number), person=SIGN_INS[who], kind=kind,
        sub_kind=sub_kind, on=DAY, **({"side": side_of(kind)} | more),  # type: ignore[arg-type]
    )  # fmt: skip


def waives(by: str, number: int, kind: str) -> None:
    actions.waive_seat(
        by=as_actor(by), place=HERE, number=number, revision=revision(number), kind=kind, reason="SYNTHETIC", on=DAY
    )


def joined(one: str, other: str) -> None:
    ids = [people_reads.person_by_sign_in(SIGN_INS[each]).id for each in (one, other)]
    organisations.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="one person")


def provides(role: str, until: date | None = None) -> None:
    """Let a persona work for a provider, too."""
    organisations.assign_role(
        by=SYSTEM, user_id=people_reads.person_by_sign_in(SIGN_INS[role]).id, role="provider_lead", place=HERE,
        scope="provider", code=people_reads.providers(HERE)[0].code, valid_from=DAY, valid_to=until,
    )  # fmt: skip


def test_who_sits_is_said_by_the_lead_its_groups_and_the_commissioner(as_role: As) -> None:
    number = forming()
    seat(number, "provider_lead", *SEATS["provider_lead"], side="both")
    for role in ("provider_lead", "conclave_chair"):
        with pytest.raises(UserError, match="said by its lead, by those who speak for a group"):
            takes_in(role, number, role, *SEATS["provider_lead"])
    takes_in("group_manager", number, "gp_lead", "commissioner", leads=True)
    takes_in("finance_manager", number, "practice_staff", *SEATS["practice_staff"])
    for role in ("gp_lead", "group_manager", "practice_staff"):
        with pytest.raises(UserError, match="a seat is waived by the commissioner alone"):
            waives(role, number, "patient")
    waives("finance_manager", number, "patient")
    member = reads.case(HERE, number).present[-1].id
    with pytest.raises(UserError, match="said by its lead"):
        actions.end_member(
            by=as_actor("conclave_chair"), place=HERE, number=number, revision=revision(number), member=member, on=DAY
        )
    assert len(refusals()) == 6
    page = f"/p/{HERE}/cases/{number}/team"
    offered = {role: as_role(role).get(page).content.decode() for role in ("gp_lead", "finance_manager", "sha_manager")}
    assert "Take somebody in" in offered["gp_lead"] and "Do without a seat" not in offered["gp_lead"]
    assert "Do without a seat" in offered["finance_manager"] and "Take somebody in" not in offered["sha_manager"]


def test_nobody_takes_back_for_themselves_that_they_may_bid() -> None:
    number = drafting()
    takes_in("gp_lead", number, "gp_lead", "commissioner", leads=True, side="both")
    with pytest.raises(UserError, match="nobody takes that back for themselves"):
        takes_in("gp_lead", number, "gp_lead", "commissioner", leads=True)
    sits = next(each.id for each in reads.case(HERE, number).present if each.person == SIGN_INS["gp_lead"])
    actions.end_member(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), member=sits, on=DAY
    )
    with pytest.raises(UserError, match="nobody takes that back for themselves"):
        takes_in("gp_lead", number, "gp_lead", "commissioner", leads=True)
    takes_in("group_manager", number, "gp_lead", "commissioner", leads=True)


def test_a_seat_that_somebody_had_stays_and_none_changes_once_the_case_is_approved(as_role: As) -> None:
    number = agreed()
    seat(number, "practice_staff", "management")
    own = [each for each in reads.case(HERE, number).members if each.person == SIGN_INS["practice_staff"]]
    assert [(each.kind, each.left_on) for each in own] == [("clinician", DAY), ("management", None)]
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    assert as_role("practice_staff").get(f"/p/{HERE}/cases/{number}").status_code == 403
    with pytest.raises(UserError, match="stays on record as they sat"):
        takes_in("gp_lead", number, "group_manager", "commissioner")


def test_a_second_account_that_works_for_a_provider_is_nobody_else(as_role: As) -> None:
    number = agreed()
    provides("sha_manager")
    lead(number, "conclave_chair")
    seat(number, "group_manager", "management")
    joined("sha_manager", "conclave_chair")
    assert "both commissions and provides" in found(number, "K7")[0]
    with pytest.raises(UserError, match="both commissions and provides"):
        seat(number, "conclave_chair", "commissioner")
    lead(number, "committee_chair", reason="The first one provides.")
    with pytest.raises(UserError, match="both commissions and provides"):
        lead(number, "conclave_chair", reason="x")
    decide(number)
    page = f"/p/{HERE}/cases/{number}"
    assert as_role("conclave_chair").get(page).status_code == 200
    step("committee_chair", "T11", number, reason="Fair.")
    assert as_role("conclave_chair").get(page).status_code == 403
    assert page not in as_role("conclave_chair").get(f"/p/{HERE}/cases").content.decode()


def test_whoever_may_bid_leads_under_no_other_account() -> None:
    number = drafting()
    seat(number, "gp_lead", "commissioner", leads=True, side="both")
    lead(number, "conclave_chair")
    assert found(number, "K3") == ()
    joined("gp_lead", "conclave_chair")
    assert "Demo conclave co-chair, may bid" in found(number, "K3")[0]


def test_whoever_left_a_provider_while_the_case_was_written_is_found_before_procurement() -> None:
    number = agreed()
    provides("conclave_chair", until=people_reads.today() - timedelta(days=1))
    seat(number, "conclave_chair", "management")
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    with pytest.raises(UserError, match="co-chair is of the providers' side and can still see the records"):
        step("contract_manager", "T15A", number)
    governance.rule_on_interest(
        by=as_actor("conclave_chair"), place=HERE, matter=reads.address(HERE, number), ruling="leaves",
        person=SIGN_INS["conclave_chair"], reason="SYNTHETIC",
    )  # fmt: skip
    step("contract_manager", "T15A", number)
    facts = reads.case(HERE, number).handovers[0].facts
    assert SIGN_INS["conclave_chair"] in facts["side_accounts"] and "Demo conclave co-chair" in facts["left"]


def test_a_role_in_another_place_signs_nothing_here() -> None:
    number = forming()
    seated(number)
    who = people_reads.person_by_sign_in(SIGN_INS["group_manager"])
    organisations.assign_role(
        by=SYSTEM, user_id=who.id, role="contract_manager", place=FOREIGN, scope="place", code="", valid_from=DAY
    )
    for way in ("T16", "T17", "T18"):
        (said,) = signing_faults(as_actor("group_manager"), reads.case(HERE, number), way)
        assert "would be signed for nobody" in said
    with pytest.raises(UserError, match="not done in any of your roles"):
        step("group_manager", "T15A", number)
