"""Telling each transaction of PostgreSQL which places it sees, so that the wall knows.

``SET LOCAL`` ends with its transaction: nothing is left on a connection that somebody else is given next. A statement
outside any transaction gets one of its own for as long as places are said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db import transaction

from openpbc.kernel.sight import seen

_NOTHING = ""
# What the open transaction of a line was told last; None where the database may have gone back on it.
_told: WeakKeyDictionary[Any, str | None] = WeakKeyDictionary()


def listen(connection: Any, **_: object) -> None:
    """Have every transaction of a new connection told; other databases have no wall."""
    if connection.vendor == "postgresql" and tell not in connection.execute_wrappers:
        # First, since whoever adds a wrapper for a while takes the last one away again.
        connection.execute_wrappers.insert(0, tell)


def tell(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: dict[str, Any]) -> Any:
    """Execute a statement in a transaction that knows which places are seen now."""
    connection, places = context["connection"], seen()
    if connection.get_autocommit():
        if places is None:
            return execute(sql, params, many, context)
        with transaction.atomic(using=connection.alias):
            _tell(connection.connection, places)
            return execute(sql, params, many, context)
    if str(sql).startswith("ROLLBACK TO"):
        _told[connection.connection] = None
    else:
        _tell(connection.connection, places or _NOTHING)
    return execute(sql, params, many, context)


def _tell(line: Any, places: str) -> None:
    """Tell the transaction of a line to the database what it sees, unless it knows."""
    status = line.info.transaction_status.name
    if status == "IDLE":  # its first statement: what an earlier transaction was told has ended with that one
        _told[line] = _NOTHING
    if status == "INERROR" or _told.get(line) == places:
        return
    line.execute("SET LOCAL openpbc.places = %s", (places,))
    _told[line] = places
