"""Signing in and out: sessions end when they should, guessing is slowed down, and nobody is locked out by a rival."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions, reads
from openpbc.site import sessions
from tests.integration.site.conftest import HERE, As, send

GOOD = "a long enough passphrase"
pytestmark = pytest.mark.usefixtures("people")


def sign_in(client: Client, name: str = "analyst@demo", password: str = "demo", **options: object):
    return send(client, "/sign-in", {"sign_in": name, "password": password}, **options)


def age(client: Client, **seconds: int) -> None:
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()


@pytest.fixture
def client() -> Client:
    """Somebody who has not signed in."""
    return Client(SERVER_NAME="localhost")


def test_a_person_signs_in_and_out(client: Client) -> None:
    assert client.get(f"/p/{HERE}").headers["Location"] == f"/sign-in?next=%2Fp%2F{HERE}"
    assert sign_in(client, "Analyst@DEMO").headers["Location"] == "/"
    assert client.get("/account").status_code == 200
    assert client.post("/sign-out").status_code == 302
    assert client.get("/account").status_code == 302
    assert {event.action for event in audit.events(actor="analyst@demo")} == {
        "organisations.sign_in",
        "organisations.sign_out",
    }


def test_a_signed_in_person_is_led_past_the_sign_in_page(client: Client) -> None:
    sign_in(client)
    assert client.get("/sign-in").headers["Location"] == "/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_only_to_this_site(client: Client, wanted: str) -> None:
    from urllib.parse import quote

    path = f"/sign-in?next={quote(wanted)}"
    assert send(client, path, {"sign_in": "analyst@demo", "password": "demo"}).headers["Location"] == "/"


def test_a_wrong_password_says_nothing_about_the_name(client: Client) -> None:
    known = sign_in(client, password="wrong")
    unknown = sign_in(client, "nobody@demo", "wrong")
    assert known.status_code == unknown.status_code == 422
    assert b"is not right" in known.content and b"is not right" in unknown.content
    assert client.get("/account").status_code == 302


def test_guessing_is_slowed_here_and_does_not_lock_the_owner_out(client: Client) -> None:
    for _ in range(5):
        assert sign_in(client, password="wrong", REMOTE_ADDR="10.0.0.66").status_code == 422
    assert sign_in(client, REMOTE_ADDR="10.0.0.66").status_code == 429
    assert sign_in(client, REMOTE_ADDR="10.0.0.1").status_code == 302


def test_a_thousand_wrong_passwords_elsewhere_do_not_lock_the_owner_out(client: Client) -> None:
    for number in range(1000):
        actions.refuse_sign_in(by=reads.PUBLIC.actor, sign_in="analyst@demo", address=f"10.1.{number % 250}.1")
    assert sign_in(client).status_code == 302


def test_the_session_has_a_new_name_after_signing_in(client: Client) -> None:
    client.get("/sign-in")
    before = client.cookies.get("openpbc-session")
    sign_in(client)
    after = client.cookies["openpbc-session"]
    assert before is None or before.value != after.value
    assert after["httponly"] and after["samesite"] == "Lax" and not after["secure"]


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_request(client: Client) -> None:
    sign_in(client)
    age(client, seen=14 * 60)
    assert client.get("/account").status_code == 200
    age(client, seen=15 * 60 + 1)
    assert client.get("/account").status_code == 302
    assert not Session.objects.exists()


def test_a_session_ends_after_half_a_day_in_any_case(client: Client) -> None:
    sign_in(client)
    age(client, started=12 * 60 * 60 + 1)
    assert client.get("/account").status_code == 302


def test_a_request_winds_the_clock_up_again(client: Client) -> None:
    sign_in(client)
    age(client, seen=600)
    client.get("/account")
    assert time.time() - client.session[sessions.SEEN] < 60


def test_disabling_ends_the_session_at_the_next_request(as_role: As) -> None:
    client = as_role("analyst")
    assert client.get("/account").status_code == 200
    actions.disable_user(by=SYSTEM, user_id=reads.person_by_sign_in("analyst@demo").id, reason="left")
    assert client.get("/account").status_code == 302
    assert sign_in(client).status_code == 422


def test_an_invitation_is_made_handed_over_and_accepted(as_role: As, client: Client) -> None:
    admin = as_role("administrator")
    given = {"sign_in": "ann@example.org", "display_name": "Ann", "role": "analyst", "place": HERE, "scope": "place"}
    assert send(admin, "/people/invite", given | {"role": "king"}).status_code == 422
    assert send(admin, "/people/invite", given | {"code": ""}).headers["Location"] == "/people/invited"
    page = admin.get("/people/invited").content.decode()
    path = page[page.index("/invitation/") :].split("<")[0]
    assert admin.get("/people/invited").headers["Location"] == "/people", "the link is shown once"
    assert b"ann@example.org" in admin.get("/people").content
    assert send(client, path, {"new": GOOD, "again": "other"}).status_code == 422
    assert send(client, path, {"new": "short", "again": "short"}).status_code == 422
    assert send(client, path, {"new": GOOD, "again": GOOD}).headers["Location"] == "/"
    assert client.get("/account").status_code == 200
    assert client.get(path).status_code == 422


def test_changing_the_password_keeps_this_session_and_ends_the_others(as_role: As, client: Client) -> None:
    token = actions.invite_user(
        by=SYSTEM, sign_in="ann@example.org", display_name="Ann", role="analyst", place=HERE
    ).token
    actions.accept_invitation(by=reads.PUBLIC.actor, token=token, password=GOOD)
    other = Client(SERVER_NAME="localhost")
    for each in (client, other):
        sign_in(each, "ann@example.org", GOOD)
    new = {"old": GOOD, "new": "another good passphrase", "again": "another good passphrase"}
    assert send(client, "/account", new | {"old": "wrong"}).status_code == 422
    assert send(client, "/account", new).headers["Location"] == "/account/changed"
    assert client.get("/account/changed").status_code == 200
    assert other.get("/account").status_code == 302


def test_an_administrator_disables_and_enables(as_role: As) -> None:
    admin = as_role("administrator")
    path = f"/people/{reads.person_by_sign_in('gp@demo').id}"
    assert send(admin, path, {"reason": "", "change": "disable"}).status_code == 422
    assert send(admin, path, {"reason": "left", "change": "disable"}).status_code == 302
    assert not reads.person_by_sign_in("gp@demo").active
    assert send(admin, path, {"reason": "back", "change": "enable"}).status_code == 302
    assert reads.person_by_sign_in("gp@demo").active
    own = f"/people/{reads.person_by_sign_in('admin@demo').id}"
    assert send(admin, own, {"reason": "oops", "change": "disable"}).status_code == 422
    assert admin.get("/people/999").status_code == 422
