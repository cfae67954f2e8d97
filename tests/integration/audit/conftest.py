"""Stepping behind the database's guards, as somebody with full rights could."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection


@pytest.fixture
def guards_off(db: None) -> Callable[[], AbstractContextManager[None]]:
    """Give a context in which no trigger fires."""
    return _postgresql if connection.vendor == "postgresql" else _sqlite


@contextmanager
def _postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        guards = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in guards:
            cursor.execute(sql)
