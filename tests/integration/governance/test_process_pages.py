"""The page of a place's process: the picture, the same in words, and a diagram of one's own, checked or refused."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.casework import actions, choosing, reads
from openpbc.governance import actions as governance
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet
from tests.integration.casework.conftest import ANN, do, start
from tests.integration.site.conftest import FOREIGN, HERE, As, send
from tests.integration.site.forms.processes import ready_to_move

pytestmark = pytest.mark.one_database

HOME, NEW = f"/p/{HERE}/process", f"/p/{HERE}/process/new"


def own(old: str = "Priority proposed", new: str = "Idea proposed") -> bytes:
    text = choosing.shipped(choosing.book_of(HERE), "redesign").text.decode()
    assert old in text
    return text.replace(old, new).encode()


def sent(browser, text: bytes, seen: str = "0", name: str = "own.bpmn"):
    given = {"file": SimpleUploadedFile(name, text), "reason": "Agreed on 1 June.", "seen": seen}
    return send(browser, NEW, given | {"confirmed": "yes"})


def test_everybody_who_is_signed_in_sees_the_way_in_a_picture_and_in_words(as_role: As) -> None:
    page = as_role("provider_lead").get(HOME).content.decode()
    assert "West Herts process with the clinical conclave" in page
    assert "<svg" in page and "<script>" not in page.split("<svg")[1].split("</svg>")[0]
    plain = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "Submit the draft" in plain and "W3 Clinical agreement" in plain
    assert "Put another diagram in force" not in plain
    assert "final_input" in plain  # an assumed setting is listed at the foot
    assert as_role("provider_lead").get(f"/p/{FOREIGN}/process").status_code == 404


def test_the_diagram_can_be_taken_away_and_put_in_force_again(as_role: As) -> None:
    secretary = as_role("committee_secretary")
    taken = secretary.get(f"{HOME}/diagram")
    assert taken.content == choosing.chosen(HERE, "redesign").text
    assert f'filename="{HERE}-redesign.bpmn"' in taken.headers["Content-Disposition"]
    before = start()
    asked = send(secretary, NEW, {"file": SimpleUploadedFile("own.bpmn", own()), "reason": "Agreed on 1 June."})
    told = html.unescape(" ".join(asked.content.decode().split()))
    assert "S1 Priority proposed: now Idea proposed" in told and "1 open case keeps the diagram" in told
    assert reads.versions(HERE, "redesign") == (), "nothing is in force before the answers were checked"
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', asked.content.decode()))
    answer = send(secretary, NEW, carried | {"confirmed": "yes"})
    assert reads.in_force(HERE, "redesign").text == own(), "the file is carried byte for byte"
    assert (answer.status_code, answer.headers["Location"]) == (302, HOME)
    page = secretary.get(HOME).content.decode()
    assert "Idea proposed" in page
    assert "1 open case runs along another diagram" in page
    assert do(before, "S1", "agreed").waiting[0].step == "S2"
    assert reads.case(before.id).definition == before.definition
    assert reads.definition(start(subject="new").definition).node("S1").name == "Idea proposed"
    older = secretary.get(f"{HOME}?version=1").content.decode()
    assert "(version 1)" in older
    assert secretary.get(f"{HOME}?version=7").status_code == 422
    event = audit.events(action="casework.store")[0]
    assert (event.subject, event.reason) == (f"process/{HERE}/redesign", "Agreed on 1 June.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"<a/>", "no BPMN 2.0 file"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "declares a document type or entities"),
        (b"<a>" + b" " * (2 << 20) + b"</a>", "more than 1,048,576 bytes"),
        (("</bpmn:laneSet>", '</bpmn:laneSet><bpmn:scriptTask id="x" name="Pay"/>'), "a scriptTask 'Pay'"),
        (('id="redesign"', 'id="other"'), "the diagram is of the process 'other'"),
    ],
)
def test_a_diagram_that_may_not_run_is_refused_beside_the_file(as_role: As, text, sentence: str) -> None:
    content = own(*text) if isinstance(text, tuple) else text
    if isinstance(text, tuple) and "redesign" in text[0]:
        content = content.replace(b'bpmnElement="redesign"', b'bpmnElement="other"')
    browser = as_role("administrator")
    looked_at = send(browser, NEW, {"file": SimpleUploadedFile("own.bpmn", content), "reason": "x", "seen": "0"})
    answer = sent(browser, content)
    assert answer.status_code == looked_at.status_code == 422
    kept = [(each.actor_id, each.after["tried"]) for each in audit.events(action="audit.refuse")]
    assert sorted(kept) == [("admin@demo", "casework.store"), ("admin@demo", "governance:process-store")]
    told = html.unescape(" ".join(answer.content.decode().split()))
    assert sentence in told, re.findall(r"error-message[^>]*>(.{0,300})", told)
    assert reads.versions(HERE, "redesign") == ()


def test_of_two_who_put_one_in_force_the_second_is_told(as_role: As) -> None:
    assert sent(as_role("committee_secretary"), own()).status_code == 302
    late = sent(as_role("administrator"), own(new="Wish proposed"))
    assert late.status_code == 409
    assert "stored version 1 on" in late.content.decode()
    again = sent(as_role("administrator"), own(), seen="1")
    assert "in force already" in again.content.decode()


@pytest.mark.parametrize(("role", "status"), [("gp_lead", 403), ("finance_manager", 403), ("public", 302)])
def test_only_secretary_and_administrator_put_a_diagram_in_force(as_role: As, role: str, status: int) -> None:
    assert as_role(role).get(NEW).status_code == status


def test_a_place_without_a_process_names_the_file_to_fill(as_role: As, monkeypatch: pytest.MonkeyPatch) -> None:
    unset = NotSet("process.redesign", "The diagram", "2008/09", f"places/{HERE}/process/redesign.yaml")
    monkeypatch.setattr(reads, "in_force", lambda place, process: unset)
    secretary = as_role("committee_secretary")
    page = secretary.get(HOME).content.decode()
    assert "No process is set for this place." in page
    assert f"places/{HERE}/process/redesign.yaml" in page
    assert "Put a diagram in force" in page
    assert secretary.get(f"{HOME}/diagram").status_code == 422


def test_a_live_case_goes_over_by_a_decision_after_it_was_checked(as_role: As) -> None:
    case, path, given = ready_to_move()
    secretary = as_role("committee_secretary")
    assert f'href="{path}"' in secretary.get(HOME).content.decode()
    seen = given | {"seen": f"{case.version}"}
    asked = send(secretary, path, seen).content.decode()
    assert "Version 1: West Herts process with the clinical conclave" in asked
    assert "Priority proposed" in asked
    assert reads.case(case.id) == case
    assert send(secretary, path, seen | {"confirmed": "yes"}).status_code == 302
    assert reads.case(case.id).definition == given["to"]
    assert f'href="{path}"' not in secretary.get(HOME).content.decode()
    assert send(secretary, path, seen | {"to": case.definition, "confirmed": "yes"}).status_code == 422


def test_a_case_does_not_go_over_unseen_undecided_or_where_its_past_changes(as_role: As) -> None:
    case, path, given = ready_to_move()
    secretary = as_role("committee_secretary")
    seen = given | {"seen": f"{case.version}", "confirmed": "yes"}
    undecided = send(secretary, path, seen | {"decision": ""})
    assert "Choose the decision by which the case goes over." in undecided.content.decode()
    case = do(case, "S1", "agreed")
    assert send(secretary, path, seen).status_code == 409
    text = own(new="Wish proposed")
    to = actions.store(by=ANN, place=HERE, process="redesign", name="x", text=text, reason="Agreed.", seen=1)
    changed = send(secretary, path, given | {"to": to, "seen": f"{case.version}"})
    assert changed.status_code == 422
    assert "he case has passed &#39;Priority proposed&#39;" in changed.content.decode()
    assert as_role("gp_lead").get(path).status_code == 403
    assert secretary.get(f"/p/{HERE}/process/move/999").status_code == 422


def test_a_process_is_suggested_until_every_group_has_agreed_it(
    as_role: As,
) -> None:
    group, own_path = as_role("group_manager"), f"{HOME}/groups/DATCOM"
    assert "Suggested: 0 of 5 groups have agreed it" in group.get(HOME).content.decode()
    given = {"process": reads.in_force(HERE, "redesign").hash, "seen": "0"}
    no = send(group, own_path, given | {"agreed": "no"})
    assert no.status_code == 422 and "needs its reason" in no.content.decode()
    assert send(group, own_path, given | {"agreed": "no", "reason": "Say who reviews."}).status_code == 302
    late = send(group, own_path, given | {"agreed": "yes"})
    assert late.status_code == 409 and "answered for DatCom on" in late.content.decode()
    assert group.get(f"{HOME}/groups/WATCOM").status_code in (403, 404), "nobody answers for another group"
    assert as_role("finance_manager").get(own_path).status_code == 403
    for unit in organisations.units(HERE):
        governance.answer_process(by=ANN, place=HERE, process=given["process"], unit=unit.code, agreed=True)
    above = as_role("committee_secretary").get(HOME).content.decode()
    matter = f"process/{HERE}/{given['process'][:12]}"
    assert "not decided yet" in above and f"decisions/new?matter={matter.replace('/', '%2F')}" in above
    governance.record_decision(
        by=ANN, place=HERE, body="clinical_committee", matter=matter, title="The process", text="Yes.",
        taken_on=date(2008, 3, 25), minute="08/1", outcome="approved",
    )  # fmt: skip
    page = group.get(HOME).content.decode()
    assert "Professional Executive Committee, 25 March 2008" in page and "not decided yet" not in page
    assert "Agreed by all 5 groups." in page and audit.events(action="governance.answer_process")
    actions.store(by=ANN, place=HERE, process="redesign", name="own", text=own(), reason="Agreed.", seen=0)
    assert "Suggested: 0 of 5 groups" in group.get(HOME).content.decode()
    with pytest.raises(UserError, match=r"Ann put another diagram in force on .* at \d\d:\d\d, after you opened"):
        governance.answer_process(by=ANN, place=HERE, process=given["process"], unit="DATCOM", agreed=True)
    with pytest.raises(DatabaseError, match="only added|not allowed"), transaction.atomic():
        connection.cursor().execute("UPDATE governance_processanswer SET agreed = true")
