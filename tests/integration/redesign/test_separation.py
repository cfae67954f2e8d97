"""Who leads the commissioning, who may bid, who signs and who sees: each constraint where a person would break it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.finance.actions import post
from openpbc.finance.rules.ledger import Entry
from openpbc.governance import actions as governance
from openpbc.governance import reads as governing
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError, Withheld
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from openpbc.organisations.models import User
from openpbc.redesign import actions, reads
from openpbc.redesign.reads.interests import constraints
from openpbc.redesign.reads.value import decides, question
from tests.integration.redesign.conftest import (
    SEATS,
    UNIT,
    agreed,
    as_actor,
    decide,
    drafting,
    forming,
    revision,
    seated,
    side_of,
    step,
    written,
)
from tests.integration.site.conftest import HERE, SIGN_INS, As, send

pytestmark = pytest.mark.usefixtures("people")
COMPANY = "SYNTHETIC Company"
SCHEME = (Path(__file__).parents[2] / "fixtures" / "governance" / "delegation.dmn").read_text()


def lead(number: int, role: str, reason: str = "", unit: str = UNIT) -> None:
    actions.name_lead(
        by=as_actor("group_manager"), place=HERE, number=number, revision=revision(number), unit=unit,
        person=SIGN_INS[role], reason=reason,
    )  # fmt: skip


def seat(number: int, role: str, kind: str, sub_kind: str = "", **more: object) -> None:
    actions.add_member(
        by=SYSTEM, place=HERE, number=number, revision=revision(number), person=SIGN_INS[role], kind=kind,
        sub_kind=sub_kind, on=date(2008, 4, 1), **({"side": side_of(kind)} | more),  # type: ignore[arg-type]
    )  # fmt: skip


def concerns(number: int, *parties: governing.Party) -> None:
    governance.set_parties(by=SYSTEM, place=HERE, matter=reads.address(HERE, number), parties=parties)


def found(number: int, code: str) -> tuple[str, ...]:
    return constraints(people_reads.book(HERE), reads.case(HERE, number), [code])[code]


def refusals() -> list[str]:
    return [each.reason for each in audit.events(action="audit.refuse")]


def test_where_gps_run_a_provider_drafting_waits_for_a_lead(as_role: As) -> None:
    number = forming()
    seated(number)
    practice = next(each.code for each in people_reads.practices(HERE) if each.unit == UNIT)
    governance.record_owner(
        by=SYSTEM, place=HERE, owner=practice, owned="SYNTHETIC GP Company", held_from=date(2008, 1, 1), source="x"
    )
    with pytest.raises(UserError, match=r"(?s)provider run by GPs is in the area of DatCom.*before drafting is opened"):
        step("gp_lead", "T03", number)
    page = as_role("group_manager").get(f"/p/{HERE}/cases/{number}/team").content.decode()
    assert "SYNTHETIC GP Company" in page and "Name somebody" in page
    lead(number, "conclave_chair")
    with pytest.raises(UserError, match="Demo conclave co-chair has never declared"):
        step("gp_lead", "T03", number)
    governance.declare_none(by=SYSTEM, place=HERE, person="conclave@demo")
    step("gp_lead", "T03", number)


def test_whoever_may_bid_does_not_lead_and_every_hand_in_waits_for_another() -> None:
    number = drafting()
    written(number)
    seat(number, "gp_lead", "commissioner", leads=True, side="both")
    with pytest.raises(UserError, match=r"Demo GP practice lead, may bid. The group names another"):
        step("gp_lead", "T04", number)
    with pytest.raises(UserError, match="may bid, or sits in the joint group for those who provide"):
        lead(number, "gp_lead")
    with pytest.raises(UserError, match="may bid, or sits in the joint group for those who provide"):
        lead(number, "practice_staff")
    assert any("cannot lead the commissioning" in each for each in refusals())
    lead(number, "conclave_chair")
    step("gp_lead", "T04", number)
    assert reads.case(HERE, number).stage == "review"


def test_the_lead_carries_on_into_procurement_and_who_takes_over_has_a_reason() -> None:
    number = agreed()
    lead(number, "conclave_chair")
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    User.objects.filter(sign_in="conclave@demo").update(is_active=False)
    with pytest.raises(UserError, match=r"co-chair led for DatCom in the redesign, and nobody advises"):
        step("contract_manager", "T15A", number)
    with pytest.raises(UserError, match="Say why somebody else takes over"):
        lead(number, "committee_chair")
    lead(number, "committee_chair", reason="The first one has left.")
    step("contract_manager", "T15A", number)
    (handed,) = reads.case(HERE, number).handovers
    assert handed.facts["advisers"] == [[UNIT, "chair@demo", "Demo committee chair", "The first one has left."]]
    assert handed.facts["left"] == ["Demo practice manager", "Demo provider contract lead"]
    assert "Demo GP practice lead" in handed.facts["access_after"]
    for table in ("redesign_commissioninglead", "redesign_handover"):
        for statement in ("UPDATE {} SET number = 9", "DELETE FROM {}"):
            with pytest.raises(DatabaseError, match="cannot be changed|not allowed"), transaction.atomic():
                connection.cursor().execute(statement.format(table))


def test_the_providers_side_leaves_with_the_approval_under_every_account(as_role: As) -> None:
    number = agreed()
    page = f"/p/{HERE}/cases/{number}"
    assert as_role("practice_staff").get(page).status_code == 200
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    refused = as_role("practice_staff").get(page)
    assert refused.status_code == 403 and "Procurement has begun" in refused.content.decode()
    with pytest.raises(Withheld, match="Procurement has begun"):
        step("practice_staff", "T23", number, reason="x", owner="y")
    ids = [people_reads.person_by_sign_in(SIGN_INS[role]).id for role in ("practice_staff", "analyst")]
    organisations.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="one person")
    assert as_role("analyst").get(page).status_code == 403, "a second account is nobody else"
    assert found(number, "K12") == ()


def test_authors_who_work_for_a_bidder_are_listed_before_procurement() -> None:
    number = agreed()
    seat(number, "group_manager", "management", organisation=COMPANY)
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    bids = governing.Party(COMPANY, governing.POSSIBLE_BIDDER)
    concerns(number, bids)
    with pytest.raises(UserError, match=r"Demo group manager wrote the specification and works for SYNTHETIC Company"):
        step("contract_manager", "T15A", number)
    concerns(number, bids, governing.Party(COMPANY, governing.AUTHOR))
    step("contract_manager", "T15A", number)
    wrote = reads.case(HERE, number).handovers[0].facts["authors"]
    assert ["Demo group manager", COMPANY, True] in wrote


def test_an_author_is_found_by_whatever_name_the_bidder_is_called_and_for_each_employer() -> None:
    number = agreed()
    provider = people_reads.providers(HERE)[0]
    seat(number, "group_manager", "management", organisation=COMPANY)
    seat(number, "group_manager", "management", organisation=provider.name.upper())
    bids = [governing.Party(each, governing.POSSIBLE_BIDDER) for each in (COMPANY, provider.code)]
    concerns(number, *bids, governing.Party(COMPANY, governing.AUTHOR))
    (said,) = found(number, "K8")
    assert f"Demo group manager wrote the specification and works for {provider.code}" in said
    concerns(number, *bids, *(governing.Party(each.organisation, governing.AUTHOR) for each in bids))
    assert found(number, "K8") == ()


def test_a_contract_is_signed_for_the_commissioner_alone() -> None:
    number = agreed()
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    step("contract_manager", "T15A", number)
    who = people_reads.person_by_sign_in("group@demo")
    organisations.assign_role(
        by=SYSTEM, user_id=who.id, role="contract_manager", place=HERE, scope="unit", code=UNIT, valid_from=date.min
    )
    with pytest.raises(UserError, match=rf"would be signed for {UNIT}, and contracts are the commissioner's to sign"):
        step("group_manager", "T16", number, evidence="Variation 1", reason="Signed.")
    assert any("commissioner's to sign" in each for each in refusals())
    step("contract_manager", "T16", number, evidence="Variation 1", reason="Signed.")


def test_nobody_with_an_interest_in_a_bidder_advises_when_a_contract_is_signed() -> None:
    number = agreed(route="tender")
    lead(number, "conclave_chair")
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    step("contract_manager", "T15C", number)
    concerns(number, governing.Party(COMPANY, governing.POSSIBLE_BIDDER))
    governance.declare_interest(
        by=SYSTEM, place=HERE, person="conclave@demo", organisation=COMPANY, nature="financial-personal",
        role="Owner", held_from=date(2008, 4, 1),
    )  # fmt: skip
    with pytest.raises(UserError, match=r"Demo conclave co-chair has an interest in a bidder and may read"):
        step("contract_manager", "T18", number, evidence="Award 1", reason="Signed.")
    lead(number, "committee_chair", reason="The first one has an interest.")
    step("contract_manager", "T18", number, evidence="Award 1", reason="Signed.")


def test_nobody_is_seated_as_commissioner_who_works_for_a_provider() -> None:
    number = forming()
    with pytest.raises(UserError, match=r"both commissions and provides the service of case 1"):
        seat(number, "provider_lead", "commissioner")
    seat(number, "provider_lead", *SEATS["provider_lead"])
    assert found(number, "K7") == ()


def test_who_may_bid_makes_the_case_one_with_an_interest() -> None:
    number = agreed()
    seat(number, "gp_lead", "commissioner", leads=True, side="both")
    asked = question(reads.case(HERE, number), "tender")
    assert asked.facts.conflicted and asked.facts.new_provider


def in_force(table: str = SCHEME) -> None:
    answers = dict.fromkeys(("who", "what", "how", "where", "when", "why"), "SYNTHETIC answer.")
    number = governance.upload_scheme(
        by=SYSTEM, place=HERE, title="SYNTHETIC", table=table, scope="both", answers=answers
    )
    taken = governance.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2026, 3, 1), minute="9", title="Scheme", text="Approved.",
        matter=f"scheme/{HERE}/{number}", outcome="approved",
    )  # fmt: skip
    governance.put_scheme_in_force(
        by=as_actor("committee_chair"), place=HERE, number=number, valid_from=date(2026, 4, 1), decision=taken
    )


def worth(number: int, years: int, one_off: int = 0) -> None:
    held = reads.case(HERE, number).parts["shifts"].revision
    actions.write_table(
        by=as_actor("gp_lead"), place=HERE, number=number, part="shifts", revision=held, saving=20_00,
        one_off=one_off, years=years,
    )  # fmt: skip


def test_the_level_follows_the_value_and_a_split_case_is_named_to_the_committee(as_role: As) -> None:
    in_force()
    first = drafting()
    written(first)
    case = f"/p/{HERE}/cases/{first}"
    assert "Nobody has said for how many years" in as_role("committee_chair").get(case).content.decode()
    worth(first, 3, one_off=60_000_00)
    known = reads.case(HERE, first)
    assert (decides(known, "existing-contract").code, decides(known, "").effective_pence) == ("D2", 60_240_00)
    step("gp_lead", "T04", first)
    second = _half()
    worth(second, 3, one_off=60_000_00)
    level = decides(reads.case(HERE, second), "existing-contract")
    assert (level.code, level.effective_pence, level.with_matters) == ("D3", 120_480_00, (known.matter,))
    client = as_role("committee_chair")
    page = client.get(f"/p/{HERE}/cases/{second}").content.decode()
    assert "May be one case with" in page and f'href="{case}"' in page and "£120,480.00" in page
    with zipfile.ZipFile(io.BytesIO(client.get(f"/p/{HERE}/cases/{second}?download=paper.docx").content)) as archive:
        paper = archive.read("word/document.xml").decode()
    assert f"It may be one case with case {first}, of the same group and area." in paper and "£120,480.00" in paper
    assert "£60,240.00" in client.get(f"/explain/redesign/{HERE}/{first}/value").content.decode()


def test_a_small_case_is_the_groups_own_once_the_ledger_holds_its_budget(as_role: As) -> None:
    in_force()
    number = drafting()
    written(number)
    worth(number, 1)
    case, page = reads.case(HERE, number), f"/p/{HERE}/cases/{number}"
    assert decides(case, "existing-contract").code == "D2"
    assert "No. The ledger of 2008-09 holds no budget of" in as_role("committee_chair").get(page).content.decode()
    for pence, level, told in ((79_99, "D2", "No. The budget of"), (1, "D1", "Yes. The budget of")):
        entries = (Entry("allocation", -pence), Entry(f"group/{UNIT}/in-scope", pence))
        post(by=SYSTEM, place=HERE, kind="budget", entries=entries, on=date(2008, 7, 1), reason="SYNTHETIC")
        assert decides(case, "existing-contract").code == level
        assert told in as_role("committee_chair").get(page).content.decode()
    before = question(case, "existing-contract", date(2008, 6, 30))
    assert not before.facts.budget_held and question(case, "existing-contract").facts.budget_held
    assert decides(case, "tender").code == "D3", "a new provider is never the group's own"


def test_a_group_that_is_a_company_is_advised_to_have_standing_orders_and_nothing_is_kept_back(as_role: As) -> None:
    number = drafting()
    assert found(number, "K9") == ()
    organisations.arrange(
        by=SYSTEM, place=HERE, kind="form", subject=UNIT, holder="company", valid_from=date(2008, 4, 1),
        reason="SYNTHETIC", seen=0,
    )  # fmt: skip
    assert "is a company without standing orders for interests on file" in found(number, "K9")[0]
    secretary = as_role("committee_secretary")
    assert "advised" in secretary.get(f"/p/{HERE}/bodies").content.decode()
    given = {"in_force_from": "1 April 2008", "deputies": "no", "file": ContentFile(b"SYNTHETIC", "orders.txt")}
    assert send(secretary, f"/p/{HERE}/bodies/{UNIT}/terms/add", given).status_code == 302
    assert found(number, "K9") == ()
    assert f"/p/{HERE}/bodies/{UNIT}/terms/1" in secretary.get(f"/p/{HERE}/bodies").content.decode()
    assert secretary.get(f"/p/{HERE}/bodies/{UNIT}/terms/1").content == b"SYNTHETIC"


def _half() -> int:
    """A second case of the same group in the same area, however that is spelt."""
    number = actions.propose(
        by=as_actor("gp_lead"), place=HERE, unit=UNIT, title="The other half", area="RESPIRATORY", need="SYNTHETIC"
    )
    actions.rank_priority(by=SYSTEM, place=HERE, number=number, unit=UNIT, rank=2, revision=revision(number))
    step("group_manager", "T02", number, reason="SYNTHETIC")
    seated(number)
    step("gp_lead", "T03", number)
    written(number)
    return number


def test_what_was_opened_of_a_case_is_kept_on_every_channel(as_role: As) -> None:
    number = agreed()
    client, case = as_role("analyst"), f"/p/{HERE}/cases/{number}"
    for path in (case, f"{case}?download=paper.pdf", f"{case}/versions/1", f"{case}/parts/risks", f"{case}/compare",
                 f"{case}/picture.svg", case):  # fmt: skip
        assert client.get(path).status_code == 200
    kept = [each.what for each in governing.opened(HERE, reads.address(HERE, number), "analyst@demo")]
    assert kept == [
        "case as it is being written", "case as it is being written, as paper.pdf", "version 1", "part risks",
        "versions side by side", "picture of the pathway",
    ]  # fmt: skip


def test_a_barrier_names_no_case_that_is_withheld(as_role: As) -> None:
    number = drafting()
    concerns(number, governing.Party(COMPANY, governing.POSSIBLE_BIDDER))
    governance.declare_interest(
        by=SYSTEM, place=HERE, person="group@demo", organisation=COMPANY, nature="financial-personal", role="Owner",
        held_from=date(2008, 4, 1),
    )  # fmt: skip
    given = {"title": "No rooms", "owner": "Somebody", "case": str(number)}
    answer = send(as_role("group_manager"), f"/p/{HERE}/barriers/add", given)
    assert answer.status_code == 422 and "this is not one of the choices" in answer.content.decode()
    with pytest.raises(Withheld):
        actions.raise_barrier(by=as_actor("group_manager"), place=HERE, title="x", owner="y", case=number)


def test_a_lead_is_named_by_whoever_speaks_for_the_group_and_seen_on_the_page(as_role: As) -> None:
    number = forming()
    client, form = as_role("group_manager"), f"/p/{HERE}/cases/{number}/team/{UNIT}/lead"
    given = {"person": "conclave@demo", "revision": str(revision(number))}
    assert send(client, form, given).status_code == 302
    assert "Demo conclave co-chair" in client.get(f"/p/{HERE}/cases/{number}/team").content.decode()
    assert as_role("analyst").get(form).status_code == 403
    assert client.get(f"/p/{HERE}/cases/{number}/team/WATCOM/lead").status_code == 404
    stale = send(client, form, given | {"person": "chair@demo", "reason": "x"})
    assert stale.status_code == 409


def test_every_rule_is_told_on_the_page_of_the_case(as_role: As) -> None:
    number = forming()
    page = as_role("committee_chair").get(f"/p/{HERE}/cases/{number}").content.decode()
    for code in (f"K{at}" for at in range(1, 13)):
        assert f">{code}<" in page, code
