"""Two people who change the same thing at once: one after the other, nothing lost, and the loser is told why."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions, models, reads
from openpbc.organisations.models import User
from openpbc.organisations.reads import arrangements, bodies, register
from openpbc.organisations.reads.arrangements import FORM
from tests.integration.at_once import at_once
from tests.integration.organisations.conftest import PLACE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loaded(pack, transactional_db, settings) -> None:
    """Load the place."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    actions.load_place(by=SYSTEM, place=PLACE)


def test_two_corrections_of_one_practice_leave_one_truth() -> None:
    def record(unit: str, known: int) -> None:
        actions.record_membership(
            by=SYSTEM,
            place=PLACE,
            practice="P00001",
            unit=unit,
            valid_from=date(2008, 6, 1),
            known_from=date(2008, 7, known),
            reason="moved",
        )

    for day in range(1, 21):
        at_once(lambda day=day: record("WEST", day), lambda day=day: record("EAST", day))
        june = [
            row.unit
            for row in reads.membership_rows(PLACE)
            if row.practice == "P00001" and row.valid_from <= date(2008, 6, 1) <= row.valid_to
        ]
        assert len(june) == 1
    assert audit.verify().intact


def test_a_token_taken_twice_makes_one_account() -> None:
    for number in range(10):
        invited = actions.invite_user(
            by=SYSTEM, sign_in=f"p{number}@example.org", display_name="P", role="analyst", place=PLACE
        )

        def accept(token: str = invited.token) -> int:
            return actions.accept_invitation(by=reads.PUBLIC.actor, token=token, password="a long passphrase")

        results = at_once(accept, accept, accept)
        assert sum(isinstance(result, int) for result in results) == 1
        assert sum("was used" in str(result) for result in results) == 2
    assert User.objects.count() == 10


def test_a_role_given_twice_at_once_is_held_once() -> None:
    user = User.objects.create(sign_in="ann@example.org", display_name="Ann")

    def give() -> None:
        actions.assign_role(by=SYSTEM, user_id=user.pk, role="analyst", place=PLACE, valid_from=date(2008, 4, 1))

    assert at_once(give, give, give, give) == [None] * 4
    assert len(reads.person(user.pk).assignments) == 1


def test_a_place_loaded_by_two_at_once_is_loaded_once() -> None:
    rows = reads.membership_rows(PLACE)
    at_once(*[lambda: actions.load_place(by=SYSTEM, place=PLACE)] * 3)
    at_once(*[lambda: actions.load_place(by=SYSTEM, place="blmk-2023")] * 3)
    assert reads.membership_rows(PLACE) == rows
    practices = reads.practices("blmk-2023")
    assert len({practice.code for practice in practices}) == len(practices)
    assert audit.verify().intact


def test_two_invitations_at_once_leave_one_open() -> None:
    def invite() -> object:
        return actions.invite_user(by=SYSTEM, sign_in="a@b.c", display_name="A", role="analyst", place=PLACE)

    results = at_once(invite, invite, invite)
    assert any(isinstance(result, actions.Invited) for result in results)
    assert len(reads.invitations()) == 1


def test_two_files_taken_at_once_are_taken_one_after_the_other(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    head = b"organisation_code,organisation_name,icb_code,icb_name\n"
    for number in range(6):
        day = date(2020, 1, 1 + number)
        sent = [
            actions.receive_register(
                by=SYSTEM, place=PLACE, name="b.csv", content=head + row, layout="boards", as_at=day
            )
            for row in (b"A1,One,B1,First board\n", b"A1,One,B2,Second board\n")
        ]
        seen = register.preview(PLACE, sent[0]).seen

        def take(file: int, seen: int = seen) -> object:
            return actions.take_register(by=SYSTEM, place=PLACE, number=file, seen=seen)

        results = at_once(lambda sent=sent: take(sent[0]), lambda sent=sent: take(sent[1]))
        assert sum(isinstance(result, dict) for result in results) == 1
        assert sum("took b.csv" in str(result) for result in results) == 1
        (tie,) = bodies.who_in_what(PLACE, day, kind="within", code="A1")
        winner = next(at for at, result in enumerate(results) if isinstance(result, dict))
        assert tie.holder == ("B1", "B2")[winner]
    assert models.RegisterFile.objects.filter(taken__isnull=False).count() == 6
    assert audit.verify().intact


def test_the_database_refuses_two_links_of_which_there_is_one_at_a_time() -> None:
    def tie(holder: str) -> object:
        given = {"kind": "within", "member": "A1", "alone": "within/A1"}
        try:
            return models.Link.objects.create(place_id=PLACE, holder=holder, **given)
        except IntegrityError:
            return None

    for _ in range(5):
        results = at_once(lambda: tie("B1"), lambda: tie("B2"))
        assert sum(result is not None for result in results) == 1
        models.Link.objects.all().delete()


def test_two_arrangements_at_once_are_one_after_the_other_and_the_second_is_told_who_was_first() -> None:
    def arrange(holder: str, first: date, seen: int) -> None:
        named = {"place": PLACE, "kind": FORM, "subject": "WEST", "reason": "agreed"}
        actions.arrange(by=SYSTEM, holder=holder, valid_from=first, seen=seen, **named)

    for number in range(10):
        seen = arrangements.seen(PLACE, FORM, "WEST")
        one, other = date(2008, 4, 1) + timedelta(days=number), date(2008, 5, 1) - timedelta(days=number)
        results = at_once(
            lambda seen=seen, first=one: arrange("company", first, seen),
            lambda seen=seen, first=other: arrange("group", first, seen),
            seed=number,
        )
        winner = results.index(None)
        assert str(results[1 - winner]).startswith(f"holder: {SYSTEM.name} changed 'West group' at ")
        held = arrangements.history(PLACE, FORM, subject="WEST")
        for each, later in pairwise(held):
            assert each.valid_to == later.valid_from - timedelta(days=1)
        assert (held[-1].holder, held[-1].valid_to) == (("company", "group")[winner], None)
    assert audit.verify().intact


def test_the_database_refuses_two_arrangements_of_one_subject_that_overlap_on_both_clocks() -> None:
    now = timezone.now()

    def arranged(holder: str, first: date, last: date | None = None, **changes: object) -> object:
        named = {"place_id": PLACE, "kind": FORM, "subject": "WEST", "reason": "x", "by": "x", "known_from": now}
        facts = named | {"holder": holder, "valid_from": first, "valid_to": last} | changes
        try:
            with transaction.atomic():
                return models.Arrangement.objects.create(**facts)
        except IntegrityError:
            return None

    april, may = date(2008, 4, 1), date(2008, 5, 1)
    for _ in range(5):
        results = at_once(lambda: arranged("company", april), lambda: arranged("group", may))
        assert sum(result is not None for result in results) == 1
        models.Arrangement.objects.all().delete()
    before = arranged("company", april, april)
    assert before is not None and arranged("group", may) is not None and arranged("group", may, subject="EAST")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Arrangement.objects.filter(pk=before.pk).update(valid_to=None)
    yesterday = now - timedelta(days=1)
    once = {"known_from": now - timedelta(days=2), "known_to": yesterday}
    assert arranged("group", april, **once) is not None
    assert arranged("company", may, **once | {"known_to": now}) is None
    assert arranged("company", may, **once | {"known_from": yesterday, "known_to": now}) is not None


def test_one_review_recorded_twice_at_once_is_recorded_once(pack) -> None:
    pack("others", "code,name,kind,aliases,area,told,mark,valid_from,valid_to,known_from,known_to\n"
                   "MON,SYNTHETIC regulator,regulator,,,tests,SYN,,,,\n")  # fmt: skip
    actions.load_place(by=SYSTEM, place=PLACE)

    def record(on: date) -> int:
        named = {"place": PLACE, "provider": "RZ1", "regulator": "MON", "status": "accredited"}
        return actions.record_review(by=SYSTEM, on=on, **named)

    for day in range(1, 6):
        results = at_once(*[lambda on=date(2008, 4, day): record(on)] * 3)
        assert sum(isinstance(result, int) for result in results) == 1
        assert sum("recorded already" in str(result) for result in results) == 2
    assert [each.number for each in arrangements.reviews(PLACE, "RZ1")] == [5, 4, 3, 2, 1]
