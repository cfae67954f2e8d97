"""Signing in and out, passwords, invitations, people."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions, reads
from tests.integration.site.conftest import HERE, As, send

GOOD, BETTER = "a long enough passphrase", "another good passphrase"


def client() -> Client:
    return Client(SERVER_NAME="localhost")


def invited(sign_in: str = "ann@example.org") -> str:
    given = {"display_name": "Ann", "role": "analyst", "place": HERE}
    return actions.invite_user(by=SYSTEM, sign_in=sign_in, **given).token


def signed_in() -> Client:
    actions.accept_invitation(by=reads.PUBLIC.actor, token=invited(), password=GOOD)
    browser = client()
    send(browser, "/sign-in", {"sign_in": "ann@example.org", "password": GOOD})
    return browser


def sign_in(as_role: As) -> Callable[[], object]:
    return lambda: send(client(), "/sign-in", {"sign_in": "gp@demo", "password": "demo"})


def sign_out(as_role: As) -> Callable[[], object]:
    browser = as_role("analyst")
    return lambda: browser.post("/sign-out")


def password(as_role: As) -> Callable[[], object]:
    browser = signed_in()
    return lambda: send(browser, "/account", {"old": GOOD, "new": BETTER, "again": BETTER})


def invite(as_role: As) -> Callable[[], object]:
    browser = as_role("administrator")
    given = {"sign_in": "bob@example.org", "display_name": "Bob", "role": "analyst", "place": HERE, "scope": "place"}
    return lambda: send(browser, "/people/invite", given)


def person(as_role: As) -> Callable[[], object]:
    browser = as_role("administrator")
    path = f"/people/{reads.person_by_sign_in('gp@demo').id}"
    return lambda: send(browser, path, {"reason": "left", "change": "disable"})


def _roles(path: str, given: dict[str, str]) -> Callable[[As], Callable[[], object]]:
    def do(as_role: As) -> Callable[[], object]:
        browser = as_role("administrator")
        person = reads.person_by_sign_in("gp@demo")
        (role,) = person.assignments
        held = {"held": f"{role.role}|{role.place}|{role.scope}|{role.code}"}
        return lambda: send(browser, f"/people/{person.id}/roles/{path}", given | held)

    return do


_GIVEN = {"role": "analyst", "over": f"{HERE}|place|", "valid_from": "1 April 2008", "reason": "helps out"}


def invitation(as_role: As) -> Callable[[], object]:
    path = f"/invitation/{invited()}"
    return lambda: send(client(), path, {"new": GOOD, "again": GOOD})


def digest(as_role: As) -> Callable[[], object]:
    browser = as_role("analyst")
    return lambda: send(browser, "/account/digest", {"wants": "yes"})


FORMS = {
    "account:digest": digest,
    "account:sign-in": sign_in,
    "account:sign-out": sign_out,
    "account:password": password,
    "account:invitation": invitation,
    "people:invite": invite,
    "people:person": person,
    "people:role-give": _roles("give", _GIVEN),
    "people:role-end": _roles("end", {"last_day": "31/12/2029", "reason": "left", "confirmed": "yes"}),
}
