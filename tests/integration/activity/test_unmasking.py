"""Who a patient is: shown to the own practice with a reason, some an hour, told to others, kept without the name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from openpbc.activity import actions, models, reads
from openpbc.activity.reads import RecordOf
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from tests.integration.site.conftest import as_role, people, quick_hashing, send
from tests.unit.activity.rows import PLACE, rows, write

__all__ = ["as_role", "people", "quick_hashing"]

pytestmark = pytest.mark.django_db
JUNE, PRACTICE = Month(2008, 6), "E82921"  # the practice whose people the personas are
DOCTOR = Actor("user/9", "A doctor", frozenset({"gp_lead"}))


@pytest.fixture
def record(receive, tmp_path) -> RecordOf:
    sent = receive(write(tmp_path, "op", rows("op", 3, practice=PRACTICE)))
    actions.run(by=SYSTEM, place=PLACE, month=JUNE)
    return RecordOf(PLACE, PRACTICE, JUNE, "op", sent.sha256[:12], 1)


def ask(record: RecordOf, reason: str = "Results came back") -> None:
    actions.unmask(by=DOCTOR, record=record, reason=reason)


def test_a_reason_shows_the_patient_for_some_minutes_to_whoever_asked(record):
    with pytest.raises(UserError, match="only to whoever gave a reason"):
        reads.person_of(record, DOCTOR.id)
    ask(record)
    found = dict(reads.person_of(record, DOCTOR.id))
    assert found["nhs_number"].startswith("999")
    with pytest.raises(UserError, match="only to whoever gave a reason"):
        reads.person_of(record, "user/10")
    models.Unmasking.objects.update(at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(UserError, match="only to whoever gave a reason"):
        reads.person_of(record, DOCTOR.id)


def test_it_is_logged_and_told_without_the_patient(record):
    ask(record)
    (event,) = audit.events(action="activity.unmask")
    number = dict(reads.person_of(record, DOCTOR.id))["nhs_number"]
    assert event.reason == "Results came back" and number not in str(vars(event))
    (told,) = reads.unmaskings(PLACE)
    assert (told.record, told.who_name, told.reason) == (record, "A doctor", "Results came back")
    assert number not in str(vars(models.Unmasking.objects.get()))


def test_every_twenty_first_in_an_hour_is_refused(record):
    for _ in range(20):
        ask(record)
    for _ in range(5):
        with pytest.raises(UserError, match="as many patients as one person may be"):
            ask(record)
    assert models.Unmasking.objects.count() == len(audit.events(action="activity.unmask")) == 20
    models.Unmasking.objects.filter(number=1).update(at=timezone.now() - timedelta(minutes=61))
    ask(record)


@pytest.mark.parametrize(
    ("said", "reason", "why"),
    [
        ({"practice": "E82902"}, "x", "of no patient of the practice"),
        ({"line": 99}, "x", "of no patient of the practice"),
        ({"month": Month(2008, 7)}, "x", "of no patient of the practice"),
        ({}, " ", "the reason is empty"),
    ],
)
def test_what_is_not_the_practices_own_or_has_no_reason_is_refused(record, said, reason, why):
    with pytest.raises(UserError, match=why):
        ask(RecordOf(**vars(record) | said), reason)
    assert not models.Unmasking.objects.exists()


def test_the_pages_are_for_the_practice_and_the_list_for_the_analyst(record, as_role):
    mine, at = as_role("practice_staff"), f"/p/{PLACE}/practices/{PRACTICE}/records"
    assert "See who it is" in mine.get(at).content.decode()
    assert as_role("analyst").get(at).status_code == as_role("group_manager").get(at).status_code == 403
    assert mine.get(f"/p/{PLACE}/practices/E82901/records").status_code == 404
    page = f"{at}/2008-06/op/{record.file}/1/person"
    assert mine.get(f"{page}/shown").status_code == 422
    assert send(mine, page, {"reason": "Results", "confirmed": "yes"}).status_code == 302
    shown = mine.get(f"{page}/shown")
    assert shown.headers["Cache-Control"] == "no-store" and "999" in shown.content.decode()
    assert mine.get(f"{page}/shown?download=person.csv").status_code == 404
    assert "download=" not in shown.content.decode(), "nothing offers what is refused"
    assert "Results" in as_role("analyst").get(f"/p/{PLACE}/unmaskings").content.decode()
    assert "See who was shown which patient" in as_role("analyst").get(f"/p/{PLACE}").content.decode()
