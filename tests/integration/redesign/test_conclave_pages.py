"""The conclave's page: seats that lack, blocks with owner and age, and one report to all to whom it is accountable."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db import DatabaseError, transaction

from openpbc.governance import actions as acting
from openpbc.governance import reads as governing
from openpbc.governance.models import Item
from openpbc.governance.reads import items, meetings
from openpbc.governance.reads.sitting import recused
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_read
from openpbc.redesign import actions, reads
from openpbc.redesign.models import ConclaveReport
from openpbc.redesign.reads import conclave
from tests.integration.governance.committee import conflicted
from tests.integration.redesign.conftest import as_actor, prioritised, step
from tests.integration.redesign.walker import Person
from tests.integration.site.conftest import FOREIGN, HERE, As

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
AT = f"/p/{HERE}/conclave"


def blocked() -> int:
    number = prioritised(conclave=True, pathway="copd")
    step("group_manager", "W01", number)
    step("conclave_chair", "T23", number, reason="No rooms.", owner="The trust")
    return number


def test_one_report_goes_to_all_four_and_each_receipt_is_kept(as_role: As) -> None:
    blocked()
    chair, gp, trust = (Person(as_role(role)) for role in ("conclave_chair", "gp_lead", "provider_lead"))
    told = chair.read(AT)
    assert "1 block holds a shared pathway, the oldest for 0 days." in told and "The trust" in told
    assert "No co-chair who is a clinical director of the trust" in told, "no seat of the conclave is filled"
    report = chair.fill(f"{AT}/reports/new", note="SYNTHETIC: we looked at COPD.")
    assert report == f"{AT}/reports/1"
    told = gp.read(report)
    for audience in ("PBC groups", "Professional Executive Committee", "Clinical Directors Group", "Boards of the PCT"):
        assert audience in told
    assert "SYNTHETIC: we looked at COPD." in told and "No rooms." in told and told.count("not received") == 4
    assert list(gp.links(report)).count("Confirm that it was received: PBC groups") == 1
    gp.fill(f"{report}/received/groups")
    assert "Read report 1 of the Clinical Conclave" in trust.read(f"/p/{HERE}")
    trust.fill(f"{report}/received/clinical-directors")
    assert "Read report 1" not in trust.read(f"/p/{HERE}")
    assert "the receipt is on record already: Demo GP practice lead" in gp.refused(f"{report}/received/groups")
    assert "You do not confirm receipts" in gp.refused(f"{report}/received/boards")
    assert chair.read(AT).count("not received") == 2
    docx = gp.client.get(f"{report}?download=paper.docx")
    with zipfile.ZipFile(io.BytesIO(docx.content)) as archive:
        assert "No rooms." in archive.read("word/document.xml").decode()
    assert "The paper as a whole" in told, "a report tells how the paper stands"
    gp.read(f"{AT}/reports/new", 403)
    gp.read(f"{AT}/reports/7", 422)


def test_what_was_issued_stays_and_of_two_who_report_at_once_one_is_told() -> None:
    actions.issue_conclave_report(by=as_actor("conclave_chair"), place=HERE, note="SYNTHETIC", seen=0)
    with pytest.raises(Stale, match="Demo conclave co-chair issued report 1"):
        actions.issue_conclave_report(by=SYSTEM, place=HERE, note="SYNTHETIC too", seen=0)
    assert actions.issue_conclave_report(by=SYSTEM, place=HERE, note="SYNTHETIC too", seen=1) == 2
    for change in (lambda: ConclaveReport.objects.update(sha256="x"), ConclaveReport.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert all(each.intact for each in conclave.reports(HERE))
    with pytest.raises(UserError, match="Say in a few sentences"):
        actions.issue_conclave_report(by=SYSTEM, place=HERE, note=" ", seen=2)
    with pytest.raises(UserError, match="is not accountable to"):
        actions.receive_conclave_report(by=SYSTEM, place=HERE, number=1, audience="nobody")


def test_blocks_wait_for_the_next_agenda_of_the_conclave(as_role: As) -> None:
    number = blocked()
    chair = Person(as_role("conclave_chair"))
    assert chair.fill(f"{AT}/blocks") == f"/p/{HERE}/bodies/conclave"
    chair.fill(f"{AT}/blocks")
    item = Item.objects.get(place=HERE, body="conclave", title__startswith="Block")
    assert (item.title, item.kind, item.state) == ("Block: No rooms.", "discussion", "waiting")
    block = reads.case(HERE, number).block
    assert block and item.matter == f"redesign/{HERE}/{number}/block/{block.id}"


def test_a_block_before_the_conclave_leaves_its_case_free_and_is_withheld_with_it() -> None:
    number = blocked()
    case = reads.address(HERE, number)
    assert actions.put_blocks_on_agenda(by=as_actor("conclave_chair"), place=HERE) == ()
    item = Item.objects.get(place=HERE, body="conclave", title__startswith="Block")
    assert (waits := items.open_item(HERE, case)) and waits.id != item.pk, "the case itself waits as well"
    conflicted("conclave@demo", matter=case)
    assert governing.withheld("conclave@demo", HERE, item.matter, item.matter)
    assert {case, item.matter} <= set(governing.sealed_matters("conclave@demo", HERE))
    held_on = organisations_read.today()
    meeting = acting.call_meeting(by=SYSTEM, place=HERE, body="conclave", held_on=held_on)
    assert "conclave@demo" in recused(items.item(HERE, item.pk), meetings.meeting(HERE, meeting))
    assert not governing.withheld("secretary@demo", HERE, item.matter)
    Item.objects.filter(pk=item.pk).update(state="withdrawn")
    (left,) = actions.put_blocks_on_agenda(by=as_actor("conclave_chair"), place=HERE)
    assert "withheld from you" in left
    assert not Item.objects.filter(place=HERE, title__startswith="Block", state="waiting").exists()


def test_a_place_without_a_conclave_says_so(as_role: As) -> None:
    organisations.create_demo_users(by=SYSTEM, place=FOREIGN, password="demo")
    chair = Person(as_role("conclave_chair"))
    assert "No source names a clinical conclave of this place." in chair.read(f"/p/{FOREIGN}/conclave")
    chair.read(f"/p/{FOREIGN}/conclave/reports/new", 404)
    with pytest.raises(UserError, match="conclave_audiences"):
        actions.issue_conclave_report(by=SYSTEM, place=FOREIGN, note="x", seen=0)
