"""The site as it is in use: what it asks of PostgreSQL it asks as the application's role, for which the wall counts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from openpbc.site.privileges import grant

# Each worker has its own: a role is of the whole server.
ROLE = f"openpbc_under_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def execute(statement: str) -> None:
    """Execute a statement whose result nobody wants."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def make_role() -> None:
    """Make the application's role in the test's own transaction, with which it goes."""
    execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
    grant(ROLE)


@contextmanager
def as_application() -> Iterator[None]:
    """Be the application's role for the time of the context, in a transaction that is open."""
    execute(f"SET LOCAL ROLE {ROLE}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            execute("RESET ROLE")


@pytest.fixture
def application(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer every request as the application's role; on SQLite, which has no roles, as ever."""
    if connection.vendor != "postgresql":
        return
    make_role()
    answer = Client.request

    def request(self: Client, **environ: object) -> object:
        with as_application():
            return answer(self, **environ)

    monkeypatch.setattr(Client, "request", request)
