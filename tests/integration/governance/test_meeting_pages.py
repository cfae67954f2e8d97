"""The pages of meetings: who sees what on every channel, what the secretary is offered, and what a mistake shows."""

from __future__ import annotations

import io
import zipfile

import pytest

from openpbc.audit import reads as audit
from openpbc.governance import actions
from openpbc.governance.models import Item, Opening
from openpbc.kernel.actor import SYSTEM
from openpbc.site import rooms
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.forms.meetings import BODY, held, item, opened, planned

pytestmark = pytest.mark.one_database

SECRET = ("breathlessness", "case.txt", "about transport", "how patients will travel", "it fits the plan")


@pytest.fixture(autouse=True)
def shown(people: None) -> None:
    actions.demonstrate_meetings(by=SYSTEM, place=HERE)


def text(answer: object) -> str:
    body = answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as found:
            parts = [found.read(name).decode("utf-8", "replace") for name in found.namelist()]
            return "\n".join((*found.namelist(), *parts))
    return body.decode("utf-8", "replace")


def channels() -> dict[str, str]:
    """Every address on which something of the item with an interest could come out."""
    clinic = item("breathlessness")
    paper = Item.objects.get(title__contains="breathlessness", place=HERE).papers.get().pk
    return {
        "agenda": held(),
        "agenda as Word": f"{held()}?download=paper.docx",
        "agenda as PDF": f"{held()}?download=paper.pdf",
        "pack": f"{held()}/pack.zip",
        "minutes": f"{held()}/minutes",
        "minutes as Word": f"{held()}/minutes?download=paper.docx",
        "room": f"{held()}/room",
        "item": clinic,
        "item in the room": f"{clinic}/room",
        "paper": f"{clinic}/papers/{paper}",
        "note": f"{clinic}/note",
        "actions": f"/p/{HERE}/meeting-actions?show=done",
        "meetings": f"/p/{HERE}/meetings",
        "calendar": f"/p/{HERE}/bodies/{BODY}/meetings.ics",
        "explanation": f"/explain/quorum/{HERE}/{clinic.rpartition('/')[2]}",
        "home": f"/p/{HERE}",
    }


def test_who_left_for_an_interest_finds_nothing_of_the_item_on_any_channel(as_role: As) -> None:
    conflicted, other = as_role("gp_lead"), as_role("committee_chair")
    found = {name: text(other.get(path)) for name, path in channels().items()}
    assert "breathlessness" in found["agenda"], "others see it"
    assert "SYNTHETIC case for change" in found["paper"]
    for name, path in channels().items():
        told = text(conflicted.get(path))
        leaked = [each for each in SECRET if each in told]
        assert not leaked, (name, leaked)


def test_a_private_item_shows_nothing_to_whoever_does_not_sit_there(as_role: As) -> None:
    lease = item("a lease")
    assert as_role("committee_chair").get(lease).status_code == 200
    for role in ("sha_manager", "group_manager", "contract_manager"):
        browser = as_role(role)
        assert browser.get(lease).status_code == 403
        assert "a lease" not in text(browser.get(f"/p/{HERE}/meetings"))


def test_what_is_sent_out_leaves_the_private_part_out_whoever_makes_it(as_role: As) -> None:
    lease = int(item("a lease").rpartition("/")[2])
    actions.list_items(by=SYSTEM, place=HERE, meeting=int(planned().rpartition("/")[2]), items=(lease,))
    secretary = as_role("committee_secretary")
    assert "a lease" in text(secretary.get(f"{planned()}?download=paper.docx"))
    for path in (f"{planned()}?audience=outside&download=paper.docx", f"{planned()}/minutes?audience=outside"):
        told = text(secretary.get(path))
        assert "a lease" not in told
        assert "private part" in told


def test_a_pack_that_was_taken_is_kept_once_a_day(as_role: As) -> None:
    browser, before = as_role("committee_chair"), audit.head().sequence
    for _ in range(2):  # the second of a day adds nothing
        assert browser.get(f"{held()}/pack.zip").status_code == 200
    events = audit.events(after=before)
    assert sorted(each.action for each in events) == ["governance.open_pack", "governance.open_paper"]
    assert len({each.root_id for each in events}) == 1
    assert Opening.objects.filter(person="chair@demo", what="case.txt (pack)").count() == 1


def test_a_paper_that_was_opened_is_kept(as_role: As) -> None:
    path = channels()["paper"]
    as_role("committee_chair").get(path)
    assert Opening.objects.filter(person="chair@demo", what="case.txt").count() == 1


@pytest.mark.parametrize("role", ["provider_lead", "public"])
def test_meetings_are_for_those_who_plan(role: str, as_role: As) -> None:
    assert as_role(role).get(f"/p/{HERE}/meetings").status_code in (302, 403)


def test_only_who_keeps_the_meeting_is_offered_to_run_it(as_role: As) -> None:
    assert "Open the meeting" in text(as_role("committee_secretary").get(planned()))
    for role in ("finance_manager", "gp_lead", "conclave_chair"):
        assert "Open the meeting" not in text(as_role(role).get(planned()))


def test_a_member_votes_in_four_steps_on_a_telephone(as_role: As) -> None:
    opened()
    actions.declare_none_at_item(by=SYSTEM, place=HERE, item=int(item().rpartition("/")[2]))
    browser = as_role("conclave_chair")
    home = text(browser.get(f"/p/{HERE}"))
    assert f'href="{planned()}/room"' in home
    assert f'href="{item()}/room"' in text(browser.get(f"{planned()}/room"))
    assert f'href="{item()}/vote?choice=for"' in text(browser.get(f"{item()}/room"))
    form = text(browser.get(f"{item()}/vote?choice=for"))
    assert '<option value="for" selected>' in form
    papers = form.partition('name="papers" value="')[2].partition('"')[0]
    answer = send(browser, f"{item()}/vote", {"choice": "for", "papers": papers})
    assert answer.status_code == 302
    assert "Your vote: <strong>for</strong>" in text(browser.get(f"{item()}/room"))


def test_a_decision_against_the_record_is_told_beside_its_field(as_role: As) -> None:
    opened()
    number = int(item().rpartition("/")[2])
    actions.declare_none_at_item(by=SYSTEM, place=HERE, item=number)
    given = {"outcome": "approved", "reasons": "SYNTHETIC", "seen": "3", "confirmed": "yes"}
    answer = send(as_role("committee_secretary"), f"{item()}/decide", given)
    assert answer.status_code == 422
    assert text(answer).count("The votes do not say so: No vote was taken") == 2
    stale = send(as_role("committee_secretary"), f"{item()}/decide", given | {"seen": "1"})
    assert stale.status_code == 409
    assert "changed this item on" in text(stale)


def test_a_calendar_entry_keeps_its_identity_when_the_meeting_moves(as_role: As) -> None:
    browser, path = as_role("committee_secretary"), f"/p/{HERE}/bodies/{BODY}/meetings.ics"
    before = text(browser.get(path))
    for turn in range(3):
        given = {"held_on": f"{20 + turn}/3/2009", "starts_at": "15:00", "seen": str(turn)}
        assert send(browser, f"{planned()}/move", given).status_code == 302
    after = text(browser.get(path))
    uids = [[row for row in each.splitlines() if row.startswith("UID")] for each in (before, after)]
    assert uids[0] == uids[1]
    assert len(uids[0]) == 2
    assert "SEQUENCE:3" in after
    assert "DTSTART;VALUE=DATE:20090322" in after


def test_an_interest_that_comes_up_blanks_the_item_in_the_calendar(as_role: As) -> None:
    path = f"/p/{HERE}/bodies/{BODY}/meetings.ics"
    lines = text(as_role("gp_lead").get(path)).replace("\r\n ", "")
    assert "1.\\n2. SYNTHETIC: waiting times" in lines


def test_the_quorum_explains_itself(as_role: As) -> None:
    number = item("breathlessness").rpartition("/")[2]
    told = rooms.explain(f"quorum/{HERE}/{number}", _viewer("chair@demo"))
    assert sum(step.effect for step in told.steps) == told.value == 4
    assert any("left the item for an interest" in step.label for step in told.steps)
    assert as_role("committee_chair").get(f"/explain/quorum/{HERE}/{number}").status_code == 200


def _viewer(sign_in: str) -> object:
    from openpbc.organisations import reads

    return reads.viewer_by_sign_in(sign_in)


def test_work_waits_for_secretary_chair_member_and_owner(as_role: As) -> None:
    assert "2 items wait for the" in text(as_role("committee_secretary").get(f"/p/{HERE}"))
    assert "Finish the minutes" in text(as_role("committee_secretary").get(f"/p/{HERE}"))
    assert "Go to the meeting: Board" in text(as_role("committee_chair").get(f"/p/{HERE}"))
    assert "Do what you agreed: SYNTHETIC: ask patients" in text(as_role("group_manager").get(f"/p/{HERE}"))
