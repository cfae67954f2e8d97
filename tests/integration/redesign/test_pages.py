"""The pages of cases and registers: each opens for whom it should, says what is next, and keeps papers back."""

from __future__ import annotations

import io
import zipfile

import pytest

from openpbc.kernel.actor import SYSTEM
from openpbc.redesign import actions
from openpbc.site import rooms
from tests.integration.redesign.conftest import (
    UNIT,
    agreed,
    decide,
    drafting,
    handed_in,
    proposed,
    run_commonly,
    step,
    written,
)
from tests.integration.site.conftest import HERE, As, send

CASES, CASE = f"/p/{HERE}/cases", f"/p/{HERE}/cases/1"
PARTS = ("pathway", "specification", "shifts", "activity", "finance", "safety", "summary")
pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]


def text_of(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_every_page_opens_for_an_empty_place_and_for_a_case(as_role: As) -> None:
    client = as_role("finance_manager")
    assert "No case is under way" in text_of(client, CASES)
    for name in ("shared-pathways", "intentions", "assessment-services", "barriers", "cases/templates"):
        text_of(client, f"/p/{HERE}/{name}")
    handed_in()
    for path in (CASES, CASE, f"{CASE}/team", f"{CASE}/versions/1", f"{CASE}/compare", f"{CASE}/compare?a=1&b=0"):
        assert "Breathing clinics" in text_of(client, path)
    for part in PARTS:
        text_of(client, f"{CASE}/parts/{part}")
    assert "<svg" in text_of(client, f"{CASE}/picture.svg")
    text_of(client, f"{CASE}/parts/nothing", 404)


def test_the_case_says_what_is_next_and_why_it_cannot_start(as_role: As) -> None:
    handed_in()
    page = text_of(as_role("finance_manager"), CASE)
    assert "is at &#39;review by functions&#39;" in page or "is at 'review by functions'" in page
    assert "Public health has neither returned its review nor been waived." in page
    assert f"{CASE}/reviews/finance" in page
    assert f"{CASE}/steps/T05" in page
    assert f"{CASE}/steps/T05" not in text_of(as_role("gp_lead"), CASE)


def test_a_case_is_written_through_its_forms(as_role: As) -> None:
    client = as_role("group_manager")
    given = {"unit": UNIT, "title": "Knees", "area": "Orthopaedics", "need": "SYNTHETIC", "long_term_condition": "no",
             "confirmed": "yes"}  # fmt: skip
    run_commonly()
    assert send(client, f"{CASES}/propose", given).status_code == 302
    assert (
        send(client, f"{CASE}/groups/{UNIT}/rank", {"rank": "1", "revision": "1", "confirmed": "yes"}).status_code
        == 302
    )
    assert "Start the joint group" in text_of(client, CASE)
    answer = send(client, f"{CASE}/steps/T02", {"revision": "1", "confirmed": "yes"})
    assert answer.status_code == 409 and "changed case 1" in answer.content.decode()


def test_a_row_is_added_changed_moved_and_removed(as_role: As) -> None:
    drafting()
    client, part = as_role("gp_lead"), f"{CASE}/parts/pathway"
    for at, (setting, what) in enumerate((("self", "Stops smoking"), ("primary", "Sees a nurse"))):
        given = {"setting": setting, "what": what, "revision": str(at)}
        assert send(client, f"{part}/add", given).status_code == 302
    given = {"setting": "primary", "what": "Sees a nurse soon", "position": "1", "revision": "2"}
    assert send(client, f"{part}/2", given).status_code == 302
    page = text_of(client, part)
    assert page.index("Sees a nurse soon") < page.index("Stops smoking")
    assert "it has to start in self care" in page
    assert send(client, f"{part}/1/remove", {"revision": "3"}).status_code == 302
    assert "Sees a nurse" not in text_of(client, part)
    assert client.get(f"{part}/9").status_code == 404


def test_the_case_is_a_paper_for_word_and_as_pdf(as_role: As) -> None:
    number = drafting()
    written(number)
    client = as_role("gp_lead")
    docx = client.get(f"{CASE}?download=paper.docx")
    with zipfile.ZipFile(io.BytesIO(docx.content)) as archive:
        told = archive.read("word/document.xml").decode()
    assert "Breathing clinics" in told and "£80.00" in told
    assert client.get(f"{CASE}?download=paper.pdf").content.startswith(b"%PDF")
    for kind in ("case-for-change", "pathway", "specification", "resource-shift", "terms", "review", "agreement"):
        assert client.get(f"{CASES}/templates/{kind}?download=paper.docx").content.startswith(b"PK")
        assert client.get(f"{CASES}/templates/{kind}?download=paper.pdf").content.startswith(b"%PDF")


def test_every_figure_of_a_case_can_be_explained(as_role: As) -> None:
    written(drafting())
    client = as_role("finance_manager")
    for figure in ("days", "out", "into", "difference"):
        text_of(client, f"/explain/redesign/{HERE}/1/{figure}")
    text_of(client, f"/explain/redesign/{HERE}/1/nothing", 422)


def test_a_providers_people_see_the_cases_in_whose_group_they_sit_until_procurement(as_role: As) -> None:
    number = proposed()
    client = as_role("provider_lead")
    text_of(client, CASE, 403)
    number = agreed(title="Another", area="Hearts")
    inside = f"{CASES}/{number}"
    text_of(client, inside)
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    page = text_of(client, inside, 403)
    assert "Procurement has begun" in page
    for path in ("parts/pathway", "picture.svg", "versions/1", "compare", "team"):
        text_of(client, f"{inside}/{path}", 403)
    assert client.get(f"{inside}?download=paper.pdf").status_code == 403


def test_the_matter_leads_to_the_case_and_work_to_whose_turn_it_is(as_role: As) -> None:
    handed_in()
    assert rooms.matter_page(f"redesign/{HERE}/1") == CASE
    assert rooms.matter_page(f"redesign/{HERE}/x") == ""
    assert "Review &#39;Breathing clinics&#39; for finance" in text_of(as_role("finance_manager"), f"/p/{HERE}")
    assert "Review" not in text_of(as_role("gp_lead"), f"/p/{HERE}").split("openpbc-work")[-1][:200]


def test_registers_are_filled_in(as_role: As) -> None:
    client = as_role("group_manager")
    service = f"/p/{HERE}/shared-pathways/copd/{UNIT}"
    assert send(client, service, {"answer": "variant"}).status_code == 422
    assert send(client, service, {"answer": "variant", "reason": "Our patients are younger."}).status_code == 302
    page = text_of(client, f"/p/{HERE}/shared-pathways")
    assert "Our patients are younger." in page and "DatCom" in page
    given = {"title": "No rooms", "owner": "The estates manager"}
    assert send(client, f"/p/{HERE}/barriers/add", given).status_code == 302
    changed = given | {"state": "in hand", "revision": "1", "proposal": "Rent some."}
    assert send(client, f"/p/{HERE}/barriers/1", changed).status_code == 302
    assert send(client, f"/p/{HERE}/barriers/1", changed).status_code == 409
    assert "191 intentions" in text_of(client, f"/p/{HERE}/intentions")
    assert "The source does not say" in text_of(client, f"/p/{HERE}/intentions") or "not set" in text_of(
        client, f"/p/{HERE}/intentions"
    )
    number = proposed()
    actions.link_intention(by=SYSTEM, place=HERE, number=number, key="2.5")
    assert "case 1" in text_of(client, f"/p/{HERE}/intentions")
