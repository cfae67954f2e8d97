"""What the application's role may do in PostgreSQL: the database refuses by privilege what triggers refuse as well.

The site is served only as a role from which something can be kept: one for which neither a privilege nor the wall
(``openpbc.site.wall``) counts could read every place and change the log.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from openpbc.kernel.problems import UserError
from openpbc.site import wall

ADDED = "SELECT, INSERT"
CHANGED = "SELECT, INSERT, UPDATE, DELETE"
# The head of the audit chain moves forward and never goes away; what migrations were applied is only read.
_SPECIAL = {"audit_chainhead": "SELECT, INSERT, UPDATE", "django_migrations": "SELECT"}


@dataclass(frozen=True)
class Granted:
    """How many tables a role can only add to, and how many it can also change."""

    only_added: int
    changing: int


def only_added() -> frozenset[str]:
    """The tables whose rows are never changed nor removed, as their models say."""
    return frozenset(model._meta.db_table for model in apps.get_models() if _keeps_rows(model))


def _keeps_rows(model: type[Model]) -> bool:
    return bool(getattr(model, "only_added", False))


def grant(role: str) -> Granted:
    """Give a role exactly what the site needs; what it had on these tables before is taken away first."""
    if connection.vendor != "postgresql":
        raise UserError("SQLite has no roles", do="Set DATABASE_URL to a PostgreSQL database.")
    kept = only_added()
    with connection.cursor() as cursor:
        _check(cursor, role)
        name = connection.ops.quote_name(role)
        tables = sorted(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for table in tables:
            what = ADDED if table in kept else _SPECIAL.get(table, CHANGED)
            cursor.execute(f"GRANT {what} ON {connection.ops.quote_name(table)} TO {name}")
    return Granted(len(kept), sum(table not in kept and table not in _SPECIAL for table in tables))


def refuse_unwalled() -> None:
    """Refuse to serve on PostgreSQL where the wall has a gap, or does not count for the role of the site."""
    if connection.vendor != "postgresql":
        return
    if lacking := wall.gaps():
        raise UserError(
            f"the wall between places does not stand on {len(lacking)} tables, such as {lacking[0]}",
            "DATABASE_URL",
            "Run openpbc migrate as the owner of the tables.",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        if why := _above(cursor, role) or _sees_anyway(cursor):
            raise UserError(
                f"{role} {why}, so that nothing keeps one place from another",
                "DATABASE_URL",
                "Make another role, give it what the site needs with openpbc database grant --role NAME, and let the"
                " site connect as that.",
            )


def _check(cursor: CursorWrapper, role: str) -> None:
    """Refuse a role from which nothing could be kept, and one that is not there."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        raise UserError(f"there is no role '{role[:60]}'", "--role", f'Make it first: CREATE ROLE "{role[:60]}" LOGIN.')
    if what := _above(cursor, role):
        raise UserError(
            f"{role} {what}, so nothing can be kept from it", "--role", "Let the site connect as another role."
        )


def _above(cursor: CursorWrapper, role: str) -> str:
    """Say why neither privileges nor the wall count for a role; empty if they do."""
    cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
    may_all, passes = cursor.fetchone()
    cursor.execute(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND pg_has_role(%s, relowner, 'MEMBER')",
        [role],
    )
    if may_all:
        return "may do everything"
    if passes:
        return "passes the wall between places (BYPASSRLS)"
    return "owns tables, or is of a role that does" if cursor.fetchone()[0] else ""


def _sees_anyway(cursor: CursorWrapper) -> str:
    """Say whether the role, the database or the address lets whoever says nothing see places all the same."""
    line = cursor.cursor  # past the telling, which would say what is seen
    line.execute("SELECT current_setting(%s, true)", [wall.SETTING])
    return f"has {wall.SETTING} set beforehand" if line.fetchone()[0] else ""
