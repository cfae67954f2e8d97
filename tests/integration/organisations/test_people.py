"""People: invitations, passwords, disabling, and roles that are dated and scoped."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.audit.models import AuditEvent
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.models import Invitation, RoleAssignment, User
from tests.integration.organisations.conftest import PLACE

pytestmark = pytest.mark.django_db
GOOD = "a long enough passphrase"
PUBLIC = reads.PUBLIC.actor


@pytest.fixture(autouse=True)
def quick(settings, pack, db) -> None:
    """Hash quickly, and load the place."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    actions.load_place(by=SYSTEM, place=PLACE)


def invite(sign_in: str = "Ann@Example.org", **changes) -> str:
    given = {"display_name": "Ann", "role": "analyst", "place": PLACE} | changes
    return actions.invite_user(by=SYSTEM, sign_in=sign_in, **given).token


def ann() -> reads.Person:
    user_id = actions.accept_invitation(by=PUBLIC, token=invite(), password=GOOD)
    return reads.person(user_id)


def test_an_invited_person_gets_an_account_with_the_role() -> None:
    person = ann()
    assert (person.sign_in, person.name, person.active, person.demo) == ("ann@example.org", "Ann", True, False)
    assert [(each.role, each.place, each.scope) for each in person.assignments] == [("analyst", PLACE, "place")]
    assert reads.viewer(person.id).roles == {"analyst"}
    assert [event.action.partition(".")[2] for event in reversed(audit.events(after=1))] == [
        "invite_user",
        "accept_invitation",
        "assign_role",
    ]


def test_a_token_works_once_and_is_not_kept() -> None:
    token = invite()
    actions.accept_invitation(by=PUBLIC, token=token, password=GOOD)
    with pytest.raises(UserError, match="was used, replaced or has run out"):
        actions.accept_invitation(by=PUBLIC, token=token, password=GOOD)
    stored = str(list(Invitation.objects.values())) + str(list(AuditEvent.objects.values()))
    assert token not in stored and GOOD not in stored


def test_a_new_invitation_replaces_the_old_one() -> None:
    first, second = invite(), invite()
    with pytest.raises(UserError):
        reads.invitation(first)
    assert reads.invitation(second).sign_in == "ann@example.org"
    assert len(reads.invitations()) == 1


def test_an_invitation_runs_out() -> None:
    token = invite()
    past = timezone.now() - timedelta(days=8)
    Invitation.objects.update(created_at=past, expires_at=past + timedelta(days=7))
    with pytest.raises(UserError, match="run out"):
        actions.accept_invitation(by=PUBLIC, token=token, password=GOOD)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short", "at least 12"), ("password1234", "too common"), ("ann@example.org", "similar")],
)
def test_weak_passwords_are_refused_and_leave_the_invitation_open(password: str, sentence: str) -> None:
    token = invite()
    with pytest.raises(UserError, match=sentence):
        actions.accept_invitation(by=PUBLIC, token=token, password=password)
    assert reads.invitation(token) and not User.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sign_in": "no address"}, "form of an e-mail"),
        ({"display_name": " "}, "a name is needed"),
        ({"role": "king"}, "no role 'king'"),
        ({"scope": "galaxy"}, "no scope"),
        ({"scope": "practice"}, "names it"),
        ({"code": "EAST"}, "names it"),
        ({"scope": "practice", "code": "P9"}, "no practice 'P9'"),
        ({"scope": "unit", "code": "EAST", "place": "*"}, "no unit 'EAST'"),
    ],
)
def test_what_cannot_be_invited_is_said(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        invite(**({"sign_in": "a@b.c"} | changes))


def test_an_existing_user_is_not_invited_again() -> None:
    ann()
    with pytest.raises(UserError, match="already a user"):
        invite()


def test_a_password_is_changed_by_who_knows_the_old_one() -> None:
    person = ann()
    me = reads.viewer(person.id).actor
    with pytest.raises(UserError, match="present password is not right"):
        actions.change_password(by=me, user_id=person.id, old="wrong", new="another good passphrase")
    actions.change_password(by=me, user_id=person.id, old=GOOD, new="another good passphrase")
    assert User.objects.get().check_password("another good passphrase")
    actions.set_password(by=SYSTEM, user_id=person.id, new=GOOD)
    assert User.objects.get().check_password(GOOD)


def test_disabling_needs_a_reason_and_not_oneself() -> None:
    person = ann()
    with pytest.raises(UserError, match="needs a reason"):
        actions.disable_user(by=SYSTEM, user_id=person.id, reason=" ")
    with pytest.raises(UserError, match="own account"):
        actions.disable_user(by=reads.viewer(person.id).actor, user_id=person.id, reason="x")
    actions.disable_user(by=SYSTEM, user_id=person.id, reason="left")
    assert not reads.person(person.id).active
    events = audit.head().sequence
    actions.disable_user(by=SYSTEM, user_id=person.id, reason="left")
    assert audit.head().sequence == events
    actions.enable_user(by=SYSTEM, user_id=person.id, reason="back")
    assert reads.person(person.id).active


def test_roles_are_dated() -> None:
    person = ann()
    actions.assign_role(
        by=SYSTEM,
        user_id=person.id,
        role="committee_chair",
        place=PLACE,
        valid_from=date(2030, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    assert "committee_chair" not in reads.viewer(person.id, date(2029, 12, 31)).roles
    assert "committee_chair" in reads.viewer(person.id, date(2030, 12, 31)).roles
    assert "committee_chair" not in reads.viewer(person.id, date(2031, 1, 1)).roles


def test_giving_a_held_role_changes_nothing_and_ending_it_ends_it() -> None:
    person = ann()
    today = reads.today()
    given = {"user_id": person.id, "role": "analyst", "place": PLACE}
    events = audit.head().sequence
    actions.assign_role(by=SYSTEM, valid_from=today, **given)
    assert audit.head().sequence == events
    with pytest.raises(UserError, match="before the first"):
        actions.assign_role(by=SYSTEM, valid_from=today, valid_to=today - timedelta(days=1), **given)
    actions.end_role(by=SYSTEM, last_day=today, reason="moved on", **given)
    assert reads.viewer(person.id, today).roles == {"analyst"}
    assert reads.viewer(person.id, today + timedelta(days=1)).roles == frozenset()
    with pytest.raises(UserError, match="does not hold"):
        actions.end_role(by=SYSTEM, last_day=today, reason="again", **given)


def test_a_role_that_had_not_begun_is_removed_by_ending_it() -> None:
    person = ann()
    given = {"user_id": person.id, "role": "analyst", "place": "*"}
    actions.assign_role(by=SYSTEM, valid_from=date(2040, 1, 1), **given)
    actions.end_role(by=SYSTEM, last_day=date(2039, 1, 1), reason="cancelled", **given)
    assert not RoleAssignment.objects.filter(place="*").exists()


def test_the_database_refuses_rows_that_mean_nothing() -> None:
    person = ann()
    wrong = [
        lambda: User.objects.create(sign_in="nobody", display_name="x"),
        lambda: User.objects.create(sign_in="a@b", display_name=""),
        lambda: User.objects.create(sign_in="ann@example.org", display_name="x"),
        lambda: RoleAssignment.objects.create(
            user_id=person.id, role="king", place=PLACE, scope="place", valid_from=date(2008, 4, 1)
        ),
        lambda: RoleAssignment.objects.create(
            user_id=person.id, role="analyst", place=PLACE, scope="unit", valid_from=date(2008, 4, 1)
        ),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_demo_users_are_one_a_persona_and_made_once() -> None:
    first = actions.create_demo_users(by=SYSTEM, place=PLACE, password="demo")
    events = audit.head().sequence
    assert actions.create_demo_users(by=SYSTEM, place=PLACE, password="demo") == first
    assert audit.head().sequence == events
    assert {role for person in reads.people() for role in (each.role for each in person.assignments)} == set(
        reads.ROLES
    )
    gp = reads.viewer(reads.person_by_sign_in("GP@demo").id)
    assert [(each.scope, each.code) for each in gp.assignments] == [("practice", "P00001")]
    with pytest.raises(UserError, match="cannot be changed"):
        person = reads.person_by_sign_in("gp@demo")
        actions.change_password(by=gp.actor, user_id=person.id, old="demo", new=GOOD)


def test_demo_users_are_not_made_beside_real_ones() -> None:
    ann()
    with pytest.raises(UserError, match="beside real users"):
        actions.create_demo_users(by=SYSTEM, place=PLACE, password="demo")


def test_an_unknown_person_is_a_persons_mistake() -> None:
    for ask in (
        lambda: reads.person(99),
        lambda: reads.person_by_sign_in("x@y"),
        lambda: actions.disable_user(by=SYSTEM, user_id=99, reason="x"),
    ):
        with pytest.raises(UserError, match="there is no user"):
            ask()


def test_failed_sign_ins_are_counted_for_address_and_account() -> None:
    for _ in range(5):
        actions.refuse_sign_in(by=PUBLIC, sign_in="Ann@example.org", address="10.0.0.1")
    assert reads.sign_in_must_wait("ann@example.org ", "10.0.0.1")
    assert not reads.sign_in_must_wait("ann@example.org", "10.0.0.2"), "the owner elsewhere is not locked out"
    assert not reads.sign_in_must_wait("bob@example.org", "10.0.0.1")
    actions.record_sign_in(by=Actor("ann@example.org", "Ann"), address="10.0.0.1")
    assert not reads.sign_in_must_wait("ann@example.org", "10.0.0.1")


def test_old_failures_are_forgotten() -> None:
    from openpbc.organisations.models import SignInAttempt

    actions.refuse_sign_in(by=PUBLIC, sign_in="x", address="10.0.0.1")
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    actions.forget_attempts(by=SYSTEM)
    assert not SignInAttempt.objects.exists()
    events = audit.head().sequence
    actions.forget_attempts(by=SYSTEM)
    assert audit.head().sequence == events
