"""What the application's role may do in PostgreSQL: the database refuses by privilege what triggers refuse as well."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from openpbc.kernel.problems import UserError

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


def _check(cursor: CursorWrapper, role: str) -> None:
    """Refuse a role from which nothing could be kept, and one that is not there."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise UserError(f"there is no role '{role[:60]}'", "--role", f'Make it first: CREATE ROLE "{role[:60]}" LOGIN.')
    cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s", [role])
    if found[0] or cursor.fetchone()[0]:
        what = "may do everything" if found[0] else "owns tables"
        raise UserError(
            f"{role} {what}, so nothing can be kept from it", "--role", "Let the site connect as another role."
        )
