"""A site with two places and the personas; requests are made as any of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.test import Client

from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions, reads
from openpbc.organisations.models import User
from openpbc.site import sessions

HERE, FOREIGN = "west-herts-2008", "blmk-2023"
KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')
SIGN_INS = {
    "gp_lead": "gp@demo",
    "practice_staff": "practice@demo",
    "group_manager": "group@demo",
    "finance_manager": "finance@demo",
    "contract_manager": "contracts@demo",
    "analyst": "analyst@demo",
    "committee_secretary": "secretary@demo",
    "committee_chair": "chair@demo",
    "conclave_chair": "conclave@demo",
    "provider_lead": "provider@demo",
    "sha_manager": "sha@demo",
    "administrator": "admin@demo",
}
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
As = Callable[..., Client]


@pytest.fixture
def quick_hashing(settings) -> None:
    """Hash passwords quickly."""
    settings.PASSWORD_HASHERS = QUICK


def load_people() -> None:
    """Load both places; the personas hold their roles in one of them."""
    actions.load_place(by=SYSTEM, place=HERE)
    actions.load_place(by=SYSTEM, place=FOREIGN)
    actions.create_demo_users(by=SYSTEM, place=HERE, password="demo")


@pytest.fixture
def people(request: pytest.FixtureRequest, quick_hashing: None, db: None) -> None:
    """Both places; the personas hold their roles in one of them."""
    if "people_once" not in request.fixturenames:
        load_people()


@pytest.fixture
def as_role(people: None) -> As:
    """Give a client signed in as a role's persona (``public``: nobody)."""

    def make(role: str, **options: object) -> Client:
        client = Client(SERVER_NAME="localhost", **options)
        if role != "public":
            client.force_login(User.objects.get(sign_in=SIGN_INS[role]))
            session = client.session
            session[sessions.STARTED] = session[sessions.SEEN] = int(time.time())
            session.save()
        return client

    return make


def send(client: Client, path: str, data: dict[str, str], form: str = "", **options: object):
    """Fill in and send the form that the page shows."""
    page = client.get(form or path).content.decode()
    found = KEY.search(page)
    assert found, f"{path} shows no form with a key"
    return client.post(path, {**data, "idempotency_key": found[1]}, **options)


def form(
    role: str, path: str, given: dict[str, str], ready: Callable[[], object] = lambda: None
) -> Callable[[As], Callable[[], object]]:
    """Give what a module of ``forms`` says of one form: make what is needed, then give what sends it as a role."""

    def do(as_role: As) -> Callable[[], object]:
        browser = as_role(role)
        ready()
        return lambda: send(browser, path, given)

    return do


__all__ = ["FOREIGN", "HERE", "SIGN_INS", "As", "form", "reads", "send"]
