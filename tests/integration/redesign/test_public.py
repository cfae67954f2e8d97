"""What the public reads of cases: what was published of approved ones, in its own words, and nothing else."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit.models import AuditEvent
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, models
from openpbc.redesign.rules.public import told
from openpbc.site import rooms
from tests.integration.redesign.conftest import agreed, as_actor, decide, handed_in, proposed, revision, step
from tests.integration.site.conftest import HERE, SIGN_INS, As, send
from tests.integration.site.test_search import close_to, found

CHANGES, CASE = f"/p/{HERE}/changes", f"/p/{HERE}/cases/1"
pytestmark = pytest.mark.usefixtures("people")


def approved(**more: object) -> None:
    agreed(**more)
    decide(1)
    step("committee_chair", "T11", 1, reason="SYNTHETIC")


def publish(number: int = 1) -> int:
    return actions.publish_summary(
        by=as_actor("committee_secretary"), place=HERE, number=number, revision=revision(number)
    )


def text(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_nothing_is_public_before_somebody_publishes_an_approved_case(as_role: As) -> None:
    nobody = as_role("public")
    approved(title="Knees")
    assert "No change is published yet." in text(nobody, CHANGES)
    text(nobody, f"{CHANGES}/1", 404)
    publish()
    page = text(nobody, f"{CHANGES}/1")
    assert "Knees" in page and "SYNTHETIC summary." in page and "Agreed, and being arranged." in page
    assert "Knees" in text(nobody, CHANGES)
    for secret in ("SYNTHETIC risks", "SYNTHETIC finance", "existing-contract", "Existing contract", "Clinic", "Trust"):
        assert secret not in page
    assert [hit.title for hit in found("provider_lead", "synthetic summary")["Changes to local services"]] == ["Knees"]
    told = AuditEvent.objects.get(action="redesign.publish_summary")
    assert told.subject == f"redesign/{HERE}/1" and told.actor_id == SIGN_INS["committee_secretary"]
    with pytest.raises(UserError, match="on the public page already"):
        publish()


def test_the_changes_come_before_what_they_may_be_narrowed_by(as_role: As) -> None:
    approved(title="Knees")
    publish()
    nobody = as_role("public")
    folded = '<details class="nhsuk-details openpbc-folded"'
    assert f"{folded}>" in text(nobody, CHANGES)
    assert f"{folded} open>" in text(nobody, f"{CHANGES}?area=Respiratory"), "what was chosen stays in sight"


def test_a_case_that_is_not_approved_is_not_published() -> None:
    handed_in(title="Knees")
    with pytest.raises(UserError, match="only an approved case is told to the public"):
        publish()
    with pytest.raises(Stale):
        actions.publish_summary(by=as_actor("committee_secretary"), place=HERE, number=1, revision=1)
    assert not models.PublicSummary.objects.exists()


def test_the_secretary_publishes_after_reading_it_and_takes_it_off_again(as_role: As) -> None:
    approved(title="Knees")
    secretary, nobody = as_role("committee_secretary"), as_role("public")
    viewer = organisations.viewer_by_sign_in(SIGN_INS["committee_secretary"])
    assert "Tell the public of 'Knees'" in [each.text for each in rooms.work(organisations.book(HERE), viewer)]
    assert f"{CASE}/public" in text(secretary, CASE)
    given = {"revision": str(revision(1))}
    shown = send(secretary, f"{CASE}/public", given).content.decode()
    assert "Everybody will read" in shown and "SYNTHETIC summary." in shown
    assert send(secretary, f"{CASE}/public", {**given, "confirmed": "yes"}).headers["Location"] == f"{CHANGES}/1"
    assert "Knees" in text(nobody, CHANGES)
    given = {"reason": "SYNTHETIC: to be said more plainly.", "confirmed": "yes"}
    assert send(secretary, f"{CASE}/public/take-off", given).status_code == 302
    text(nobody, f"{CHANGES}/1", 404)
    assert text(as_role("finance_manager"), f"{CASE}/public", 403)
    close_to("committee_secretary")
    assert secretary.get(f"{CASE}/public").status_code == 403
    assert publish_refused()


def publish_refused() -> bool:
    with pytest.raises(UserError):
        publish()
    return True


def test_where_a_change_stands_is_told_without_its_route_or_what_holds_it() -> None:
    table = {
        ("approved", "", "T11"): "Agreed, and being arranged",
        ("tender", "", "T15C"): "Agreed, and being arranged",
        ("held", "tender", "T23"): "Agreed, and being arranged",
        ("live", "", "T21"): "In place",
        ("measured", "", "T22"): "Looked at again: it did what was expected",
        ("measured", "", "T22F"): "Looked at again: it did not do what was expected",
        ("withdrawn", "", "T24"): "Given up",
        ("rejected", "", "T13"): "Decided against",
        ("groups", "", "T20"): "Being worked on again",
        ("procurement-failed", "", "T19"): "Nobody was found to provide it",
    }
    for (stage, held_from, way), words in table.items():
        assert told(stage, held_from, way) == words


def tell_ending(number: int = 1, **more: str) -> int:
    said = {"text": "SYNTHETIC: a class.", "reason": "SYNTHETIC: another review looks first."} | more
    who = as_actor("committee_secretary")
    return actions.publish_ending(by=who, place=HERE, number=number, revision=revision(number), **said)


def test_what_failed_is_in_the_log_with_the_reason_that_was_written_for_everybody(as_role: As) -> None:
    proposed(title="Knees")
    with pytest.raises(UserError, match="neither refused nor withdrawn"):
        tell_ending()
    step("group_manager", "T24", 1, reason="SECRET bidder")
    secretary, nobody = as_role("committee_secretary"), as_role("public")
    viewer = organisations.viewer_by_sign_in(SIGN_INS["committee_secretary"])
    assert "Tell the public how 'Knees' ended" in [each.text for each in rooms.work(organisations.book(HERE), viewer)]
    assert "Knees" not in text(nobody, CHANGES)
    for lacking in ({"text": " "}, {"reason": ""}):
        with pytest.raises(UserError, match="Say"):
            tell_ending(**lacking)
    assert f"{CASE}/public/ending" in text(secretary, CASE)
    given = {"text": "SYNTHETIC: a class.", "reason": "Another review looks first.", "revision": str(revision(1))}
    shown = send(secretary, f"{CASE}/public/ending", given).content.decode()
    assert "Everybody will read" in shown and "names a patient, a bidder or a price" in shown
    done = send(secretary, f"{CASE}/public/ending", given | {"confirmed": "yes"})
    assert done.headers["Location"] == f"{CHANGES}/1"
    for page in (text(nobody, CHANGES), text(nobody, f"{CHANGES}/1")):
        assert "Given up" in page and "Another review looks first." in page and "DatCom" in page
        assert "SECRET" not in page and "SYNTHETIC: people wait." not in page
    with pytest.raises(UserError, match="on the public page already"):
        tell_ending()
    event = AuditEvent.objects.get(action="redesign.publish_ending")
    assert event.reason == "Another review looks first."
    actions.take_off_summary(by=as_actor("committee_secretary"), place=HERE, number=1, reason="SYNTHETIC")
    assert "Knees" not in text(nobody, CHANGES)
    close_to("committee_secretary")
    with pytest.raises(UserError):
        tell_ending()
    assert secretary.get(f"{CASE}/public/ending").status_code == 403


def test_the_log_is_filtered_by_area_of_care_region_group_and_state(as_role: As) -> None:
    for title, area in (("Knees", "Bones"), ("Lungs", "Chests")):
        proposed(title=title, area=area)
    models.Case.objects.update(stage="withdrawn")
    tell_ending(1)
    tell_ending(2, text="SYNTHETIC clinic")
    nobody = as_role("public")

    def shown(query: str) -> list[str]:
        page = text(nobody, f"{CHANGES}?{query}")
        return [title for title in ("Knees", "Lungs") if f">{title}</a>" in page]

    assert shown("") == shown("region=West") == shown("group=DatCom&state=Given+up") == ["Knees", "Lungs"]
    page = text(nobody, f"{CHANGES}?area=Bones")
    assert page.count("<select") == 4 and '<option value="Bones" selected>' in page
    assert shown("area=Bones") == shown("area=Bones&region=West") == ["Knees"]
    assert shown("region=East+%26+North") == []
    assert nobody.get(f"{CHANGES}?area=Feet").status_code == 422
    csv = nobody.get(f"{CHANGES}?area=Chests&download=changes.csv").content.decode()
    assert "Lungs,Chests,DatCom,DatCom,Given up,SYNTHETIC: another review looks first." in csv and "Knees" not in csv
    models.Case.objects.filter(number=1).update(stage="drafting")
    assert "another review" not in text(nobody, f"{CHANGES}/1")


def test_the_database_keeps_the_reason_that_was_told() -> None:
    proposed()
    models.Case.objects.update(stage="procurement-failed")
    tell_ending()
    for wrong in ("UPDATE redesign_publicsummaryreason SET reason = 'x'", "DELETE FROM redesign_publicsummaryreason"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong)
