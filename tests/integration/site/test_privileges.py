"""The application's role in PostgreSQL: it works with what it is given, and can change no row of ledger or log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.kernel.problems import UserError
from openpbc.kernel.sight import within
from openpbc.site.cli import main
from openpbc.site.privileges import grant, only_added
from tests.integration.audit.conftest import guards_off
from tests.integration.finance.conftest import ANN, DAY, EAST, MILLION, WEST, YEAR, funded, place
from tests.integration.organisations.conftest import pack

__all__ = ["funded", "guards_off", "pack", "place"]
pytestmark = pytest.mark.django_db(transaction=True)
# Roles belong to the whole server, on which each worker has a database of its own.
ROLE = f"openpbc_site_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
LEDGER = ("finance_ledgerline", "finance_ledgerjournal", "finance_ledgeraccount")
KEPT = (*LEDGER, "audit_auditevent", "audit_stamp", "audit_stamptrouble", "governance_decision")


@pytest.fixture
def role(transactional_db: None) -> Iterator[str]:
    """An ordinary role that may sign in and has no right yet."""
    if connection.vendor != "postgresql":
        yield ROLE
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    yield ROLE
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Let this process be the site that signs in to the database as that role."""
    owner = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, session_user")
            assert cursor.fetchone() == (role, role)
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = owner


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_models_say_which_tables_are_only_added_to() -> None:
    assert set(KEPT) <= only_added()


def test_the_role_posts_and_can_change_nothing_that_was_posted(funded: str, role: str) -> None:
    if connection.vendor != "postgresql":
        return
    grant(role)
    with connected_as(role), within((funded,)):
        moved = {"by": ANN, "place": funded, "source": EAST, "target": WEST, "pence": 500, "on": DAY, "reason": "x"}
        assert actions.virement(**moved).number == 3
        assert actions.reverse(by=ANN, place=funded, number=3, on=DAY, reason="y").number == 4
        assert reads.balance(funded, YEAR, EAST).pence == 4 * MILLION
        assert audit.verify().intact
        for table in KEPT:
            column = "sequence" if table in ("audit_auditevent", "audit_stamp") else "id"
            for statement in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                f"DROP TABLE {table}",
            ):
                with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
                    execute(statement)
        with pytest.raises(DatabaseError, match="permission denied"):
            execute("SET session_replication_role = replica")


def test_the_refusal_is_of_the_privilege_and_not_of_the_trigger_alone(funded: str, role: str, guards_off) -> None:
    if connection.vendor != "postgresql":
        return
    grant(role)
    with connection.cursor() as cursor:
        for table in KEPT:
            for privilege, may in (("SELECT", True), ("INSERT", True), ("UPDATE", False), ("DELETE", False)):
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, privilege])
                assert cursor.fetchone() == (may,), (table, privilege)
            cursor.execute("SELECT has_table_privilege(%s, %s, 'TRUNCATE')", [role, table])
            assert cursor.fetchone() == (False,), table


def test_a_grant_takes_away_what_was_given_before(funded: str, role: str) -> None:
    if connection.vendor != "postgresql":
        return
    execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    grant(role)
    with connected_as(role), pytest.raises(DatabaseError, match="permission denied"):
        execute("DELETE FROM finance_ledgerline")


def test_a_role_from_which_nothing_can_be_kept_is_refused(role: str) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(UserError, match="SQLite has no roles"):
            grant(role)
        assert main(["database", "grant", "--role", role]) == 2
        return
    with pytest.raises(UserError, match="there is no role 'nobody'"):
        grant("nobody")
    with pytest.raises(UserError, match="nothing can be kept from it"):
        grant(str(connection.settings_dict["USER"]))
    assert main(["database", "grant", "--role", role]) == 0
