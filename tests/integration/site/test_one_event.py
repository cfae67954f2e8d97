"""Every form that is sent with success writes exactly one root event; a form that is refused writes none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from openpbc.audit import reads as audit
from openpbc.finance import actions as finance
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions, reads
from openpbc.site import access
from tests.integration.site.conftest import HERE, As, send

DAY = date(2008, 4, 1)
GOOD, BETTER = "a long enough passphrase", "another good passphrase"
pytestmark = pytest.mark.usefixtures("people")


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


# Each form of the site: a function that makes everything ready, and gives what sends the form.
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


def invitation(as_role: As) -> Callable[[], object]:
    path = f"/invitation/{invited()}"
    return lambda: send(client(), path, {"new": GOOD, "again": GOOD})


def record(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    given = {"body": "board", "taken_on": "25/3/2008", "minute": "08/31", "title": "Budgets", "outcome": "approved"}
    sent = given | {"text": "Approved.", "confirmed": "yes"}
    return lambda: send(browser, f"/p/{HERE}/decisions/new", sent)


def posted() -> str:
    """Post a journal of two pounds received; give the address of the ledger."""
    entries = (Entry("held/unallocated", 200), Entry("allocation", -200))
    finance.post(by=SYSTEM, place=HERE, kind="allocation", entries=entries, on=DAY, reason="SYNTHETIC")
    return f"/p/{HERE}/ledger"


def virement(as_role: As) -> Callable[[], object]:
    at, browser = posted(), as_role("finance_manager")
    given = {"source": "held/unallocated", "target": "held/contingency", "pence": "1", "on": "1/4/2008"}
    entries = (Entry("held/unallocated", -1), Entry("held/contingency", 1))
    finance.post(by=SYSTEM, place=HERE, kind="top-slice", entries=entries, on=DAY, reason="SYNTHETIC")
    return lambda: send(browser, f"{at}/virement", given | {"reason": "needed", "confirmed": "yes"})


def reversal(as_role: As) -> Callable[[], object]:
    at, browser = posted(), as_role("finance_manager")
    given = {"on": "1/4/2008", "reason": "wrong", "confirmed": "yes"}
    return lambda: send(browser, f"{at}/journals/1/reverse", given)


FORMS = {
    "account:sign-in": sign_in,
    "account:sign-out": sign_out,
    "account:password": password,
    "account:invitation": invitation,
    "people:invite": invite,
    "people:person": person,
    "finance:ledger-virement": virement,
    "finance:ledger-reverse": reversal,
    "governance:record": record,
}
# Accepting an invitation also signs in, which is an event of its own.
ROOTS = {"account:invitation": 2}


def test_every_form_of_the_site_is_tried_here() -> None:
    posts = {route for route, methods in access.matrix().routes.items() if set(methods) - {"GET"}}
    assert posts == set(FORMS)


@pytest.mark.parametrize("route", FORMS)
def test_a_form_writes_one_root_event(route: str, as_role: As) -> None:
    do = FORMS[route](as_role)
    before = audit.head().sequence
    answer = do()
    assert getattr(answer, "status_code", 0) == 302
    events = audit.events(after=before)
    assert len({event.root_id for event in events}) == ROOTS.get(route, 1), [event.action for event in events]
    assert audit.verify().intact
