"""Headers on every answer, no form without its tokens, no page that writes, no page that breaks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from openpbc.site import access
from openpbc.site.headers import strict_headers
from tests.integration.site.conftest import HERE, SIGN_INS, As, send
from tests.integration.site.test_access import patterns, samples

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]


def paths(role: str = "analyst") -> dict[str, str]:
    """Give a path for every route."""
    own = samples(role)["own"]
    return {
        name: reverse(
            name, kwargs={key: own.get(key, 1 if kind == "IntConverter" else "x") for key, kind in kinds.items()}
        )
        for name, kinds in patterns()
    }


def tables() -> dict[str, str]:
    """Hash the content of every table but the sessions, which keep the time of the last request."""
    kept = (model for model in apps.get_models() if model._meta.label != "sessions.Session")
    return {
        model._meta.label: hashlib.sha256(repr(list(model._base_manager.order_by("pk").values())).encode()).hexdigest()
        for model in kept
    }


def posts() -> list[tuple[str, access.Rule]]:
    rules = access.matrix().routes.items()
    return [(route, methods["POST"]) for route, methods in sorted(rules) if "POST" in methods]


@pytest.mark.parametrize("role", access.ALL_ROLES)
def test_reading_any_page_changes_nothing_breaks_nothing_and_sends_nothing_inline(role: str, as_role: As) -> None:
    client = as_role(role, raise_request_exception=False)
    before = tables()
    for name, path in paths(role).items():
        response = client.get(path)
        assert response.status_code < 500, (name, path)
        assert response.headers["Cache-Control"] == "no-store"
        body = response.content
        assert b"<style" not in body and b" style=" not in body and b" onclick=" not in body, name
        assert b"<script>" not in body, name
    assert tables() == before


def test_every_form_without_a_csrf_token_is_refused(as_role: As) -> None:
    client = as_role("administrator", enforce_csrf_checks=True)
    before, path = tables(), paths()
    for route, _ in posts():
        assert client.post(path[route], {"idempotency_key": "x"}).status_code == 403, route
    assert tables() == before


def test_every_form_without_a_key_of_ours_is_refused(as_role: As) -> None:
    asking: dict[str, list[str]] = defaultdict(list)
    for route, rule in posts():
        if not rule.repeatable:
            role = "administrator" if "administrator" in rule.allow else sorted(rule.allow | rule.own)[0]
            asking[role].append(route)
    for role, routes in asking.items():
        client, path = as_role(role), paths(role)
        before = tables()
        for route in routes:
            for key in ({}, {"idempotency_key": ""}, {"idempotency_key": "forged:1:2"}):
                assert client.post(path[route], key).status_code == 400, route
        assert tables() == before, f"one of {routes} wrote something"


def test_every_answer_carries_the_strict_headers(as_role: As, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpbc.site.pages import account

    client = as_role("analyst", raise_request_exception=False)
    static = next(Path(path) for path in django_settings.STATICFILES_DIRS).rglob("*.js")
    name = next(static).relative_to(next(Path(path) for path in django_settings.STATICFILES_DIRS)).as_posix()

    def broken(request) -> None:
        raise RuntimeError("broken")

    answers = {
        200: client.get("/account"),
        302: client.get("/sign-in"),
        403: client.get("/people"),
        404: client.get("/no/such/page"),
        405: client.put("/account"),
        400: client.get("/account", SERVER_NAME="evil.example"),
    }
    statics = client.get(f"/static/{name}")
    monkeypatch.setattr(account.reads, "person", broken)
    answers[500] = client.get("/account")
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    assert statics.status_code == 200
    for answer in (*answers.values(), statics):
        for header, value in strict_headers(https=False).items():
            assert answer.headers[header] == value
    assert "no-store" not in statics.headers["Cache-Control"]
    assert b"".join(statics.streaming_content)  # read to its end it is closed, and the database line is not
    assert b"Something went wrong on our side" in answers[500].content
    assert b"RuntimeError" not in answers[500].content


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = strict_headers(https=True)["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http:" not in policy and "*" not in policy
    assert "includeSubDomains" in strict_headers(https=True)["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in strict_headers(https=False)


def test_every_persona_signs_in_with_a_password(client: Client) -> None:
    for sign_in in SIGN_INS.values():
        client = Client(SERVER_NAME="localhost")
        assert send(client, "/sign-in", {"sign_in": sign_in, "password": "demo"}).status_code == 302
        assert client.get(f"/p/{HERE}").status_code == 200, sign_in


def test_anonymous_readers_see_the_sign_in_page_only(as_role: As) -> None:
    client = as_role("public")
    for name, path in paths().items():
        rule = access.matrix().routes[name].get("GET")
        if rule and "public" not in rule.allow:
            assert client.get(path).headers.get("Location", "").startswith("/sign-in"), name
