"""Who answers to whom, as a picture and in words; and people with several roles, dated and scoped."""

from __future__ import annotations

import re
from datetime import date

import pytest

from openpbc.governance.models import Seat
from openpbc.governance.reads.accountability import accountability
from openpbc.governance.reads.people import roles_held
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions, reads
from tests.integration.site.conftest import FOREIGN, HERE, As, send

pytestmark = pytest.mark.django_db
DAY = date(2008, 4, 1)


def test_the_lines_that_the_sources_give_are_there(people: None) -> None:
    found = accountability(reads.book(HERE), DAY)
    lines = {(line.who, line.whom) for line in found.lines}
    assert ("governance_committee", "clinical_committee") in lines  # the committee sits under the PEC
    assert {whom for who, whom in lines if who == "conclave"} >= {"clinical_committee", "CDG", "WATCOM", "DATCOM"}
    assert {("5P4", "Q35"), ("Q35", "DH"), ("DH", "SOS"), ("board", "5P4")} <= lines
    assert {whom for who, whom in lines if who == "RWR"} == {"MONITOR", "LOCALPEOPLE", "5P4"}  # three lines of account
    duties = {(tie.kind, tie.holder) for tie in found.duties if tie.member == "RWR"}
    assert duties == {("inspected_by", "HCCOM"), ("consults", "OSC"), ("consults", "PPIF")}
    assert all(line.source for line in found.lines) and found.layers.circles == ()


def test_nobody_answers_to_or_for_a_commissioner_that_was_succeeded(people: None) -> None:
    later = accountability(reads.book(HERE), date(2026, 4, 1))
    assert "5P4" not in {code for line in later.lines for code in (line.who, line.whom)}
    assert not {"board", "conclave"} & set(later.standing) and later.over == "5P4 was succeeded by 06N"
    assert {line.until for line in later.lines} == {"not known"}  # of the others no source tells an end
    eve = accountability(reads.book(HERE), date(2013, 3, 31))
    (line,) = [line for line in eve.lines if (line.who, line.whom) == ("5P4", "Q35")]
    assert line.until == "31 March 2013 (5P4 was succeeded by 06N)" and "board" in eve.standing and not eve.over
    # The bodies of the place are told from 24 January 2008 on; nothing of them was known before.
    before = accountability(reads.book(HERE), DAY, known_on=date(2008, 1, 23))
    assert "board" not in before.standing and ("5P4", "Q35") in {(line.who, line.whom) for line in before.lines}


def test_the_picture_says_what_the_table_says(as_role: As) -> None:
    page = as_role("committee_chair").get(f"/p/{HERE}/accountability?on=2008-04-01").content.decode()
    picture = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert picture and "The table beside the picture says the same in words" in picture[0]
    found = accountability(reads.book(HERE), DAY)
    assert picture[0].count("<polyline") == len(found.lines) and picture[0].count('rx="5"') == len(found.standing)
    assert "St A &amp; H" in picture[0]  # whatever a name holds, it is words in the picture
    for kept in ("lines", "duties", "seats"):
        assert f"download={kept}.csv" in page
    by_itself = as_role("committee_chair").get(f"/p/{HERE}/accountability").content.decode()
    assert "on 31 March 2009, drawn from" in " ".join(by_itself.split()) and "St A &amp; H" in by_itself
    later = as_role("committee_chair").get(f"/p/{HERE}/accountability?on=2026-04-01").content.decode()
    assert "was succeeded by 06N before that day" in later and "not known" in later
    assert as_role("provider_lead").get(f"/p/{FOREIGN}/accountability").status_code in (403, 404)
    assert as_role("public").get(f"/p/{HERE}/accountability").status_code == 302
    assert as_role("provider_lead").get(f"/p/{HERE}/people-and-roles").status_code == 403


def test_a_person_with_several_roles_is_one_person(as_role: As) -> None:
    ann = reads.person_by_sign_in("gp@demo")
    admin = as_role("administrator")
    given = {"role": "committee_chair", "over": f"{HERE}|place|", "valid_from": "1 April 2008", "reason": "elected"}
    late = send(admin, f"/people/{ann.id}/roles/give", given | {"valid_to": "1 March 2008"})
    assert late.status_code == 422 and "the last day lies before the first" in late.content.decode().casefold()
    assert send(admin, f"/people/{ann.id}/roles/give", given).status_code == 302
    for path in (f"/people/{ann.id}", f"/people/{ann.id}/roles/end"):
        told = admin.get(path).content.decode()
        assert "from 1 April 2008" in told and "from the start" in told  # no end and no beginning is a day of its own
        assert "9999" not in told and "1 January 1<" not in told and "1 January 1 " not in told
    Seat.objects.create(
        place=HERE, body="conclave", person="gp@demo", capacity="chair", kind="clinician", votes=True, of="DATCOM",
        valid_from=DAY, recorded_by="somebody", recorded_at="2008-04-01T00:00:00Z",
    )  # fmt: skip
    held = roles_held(reads.book(HERE), DAY)
    (roles,) = (roles for name, roles in held.items() if "gp@demo" in name)
    assert {(role.where, role.of) for role in roles} >= {
        ("Clinical Conclave", "DatCom"),
        ("West Hertfordshire", "all of it"),
    }
    assert len(roles) == 3
    page = as_role("committee_secretary").get(f"/p/{HERE}/people-and-roles?on=2008-04-01&who=several").content.decode()
    assert "gp@demo" in page and "analyst@demo" not in page
    key = "committee_chair|west-herts-2008|place|"
    end = {"held": key, "last_day": "31 March 2030", "reason": "stands down"}
    shown = send(admin, f"/people/{ann.id}/roles/end", end)
    assert shown.status_code == 200 and "Other roles stay" in shown.content.decode()
    assert send(admin, f"/people/{ann.id}/roles/end", end | {"confirmed": "yes"}).status_code == 302
    assert [each.valid_to for each in reads.person(ann.id).assignments if each.role == "committee_chair"] == [
        date(2030, 3, 31)
    ]
    actions.join_accounts(
        by=SYSTEM, user_id=ann.id, with_user_id=reads.person_by_sign_in("analyst@demo").id, reason="one person"
    )
    joined = roles_held(reads.book(HERE), DAY)
    assert any(
        {"Information analyst of the commissioner", "GP practice lead"} <= {role.what for role in roles}
        for roles in joined.values()
    )
