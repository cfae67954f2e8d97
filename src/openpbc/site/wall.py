"""The second wall: PostgreSQL itself keeps rows of one place from those who work in another.

Row-level security is forced on every table with a place, and on every table whose rows belong to such a row. Which
these are is read from the models. The one condition is that the row's place is among those that the transaction says
it sees (``openpbc.places``, said by ``openpbc.site.telling``); a transaction that says nothing sees nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, Model

SETTING = "openpbc.places"
PLACE = "place"
# Tables of ours without a place, and why the wall leaves them out. A new table stands on one side or the other.
OPEN = {
    "audit.AuditEvent": "one chain for the whole site; only administrators and the shell read it, everybody its heads",
    "audit.ChainHead": "the one head of that chain",
    "audit.Stamp": "stamps of those heads, shown to everybody",
    "audit.StampTrouble": "why no stamp was given, shown to everybody",
    "casework.Definition": "diagrams by their hash, the same wherever they are in force",
    "organisations.Place": "which places there are, as the rulebook says",
    "organisations.SignInAttempt": "failed sign-ins, before anybody is known",
    "organisations.User": "who may sign in, to any place; the roles by place are behind the wall",
    "site.Digest": "that a mail left for a person, and how many lines it had",
    "site.DigestWish": "that a person wants a mail",
    "site.FormReceipt": "hashes of forms that were sent",
}
# A role held in every place is one of each place: whoever sees one place sees it too, and only `*` writes it.
OF_EVERY_PLACE = frozenset({"organisations.RoleAssignment"})
_SAID = f"(SELECT current_setting('{SETTING}', true))"
_EVERYWHERE = f"{_SAID} = '*'"
_LIST = f"(SELECT string_to_array(current_setting('{SETTING}', true), ','))::text[]"


@dataclass(frozen=True)
class Policy:
    """One policy as the database is to hold it; its name carries the hash of its words, so that a change shows."""

    table: str
    command: str
    words: str

    @property
    def name(self) -> str:
        """The policy's name."""
        return f"openpbc_{hashlib.sha256(f'{self.command} {self.words}'.encode()).hexdigest()[:16]}"


def of_place(model: type[Model]) -> Field[Any, Any] | None:
    """Give the field that names a model's place, if it has one."""
    return next((each for each in model._meta.local_fields if each.name == PLACE), None)


def holder(model: type[Model]) -> Field[Any, Any] | None:
    """Give the link to the row to which each row of a model belongs, and whose place is therefore its own."""
    links = (each for each in model._meta.local_fields if each.is_relation and not each.null)
    return next((each for each in links if is_behind(each.related_model)), None)


def is_behind(model: Any) -> bool:
    """Tell whether a model's rows stand behind the wall: they name a place, or belong to a row that does."""
    return of_place(model) is not None or holder(model) is not None


def behind() -> tuple[type[Model], ...]:
    """Every model behind the wall, by table."""
    found = [model for model in apps.get_models(include_auto_created=True) if is_behind(model)]
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


def wanted() -> tuple[Policy, ...]:
    """Every policy that makes the wall."""
    return tuple(each for model in behind() for each in _policies(model))


def _policies(model: type[Model]) -> list[Policy]:
    table, field = model._meta.db_table, of_place(model)
    if field is None:
        link = holder(model)
        assert link is not None
        return [Policy(table, "ALL", f"{_EVERYWHERE} OR {_belongs(table, link)}")]
    column = _name(field.column)
    made = [Policy(table, "ALL", f"{_EVERYWHERE} OR {column} = ANY ({_LIST})")]
    if model._meta.label in OF_EVERY_PLACE:
        made.append(Policy(table, "SELECT", f"{column} = '*' AND {_SAID} <> ''"))
    return made


def _belongs(table: str, link: Any) -> str:
    """The row that holds this one is seen: its own policy says whether it is."""
    parent = link.related_model._meta
    key = _name(link.target_field.column)
    own = f"{_name(table)}.{_name(link.column)}"
    return f"EXISTS (SELECT 1 FROM {_name(parent.db_table)} held WHERE held.{key} = {own})"


def _name(text: str) -> str:
    return connection.ops.quote_name(text)


def gaps() -> tuple[str, ...]:
    """Name the tables on which the wall does not stand as it should; none on a database that has no such wall."""
    if connection.vendor != "postgresql":
        return ()
    with connection.cursor() as cursor:
        forced, held = _forced(cursor), _held(cursor)
    due: dict[str, set[str]] = {}
    for each in wanted():
        due.setdefault(each.table, set()).add(each.name)
    return tuple(table for table, names in sorted(due.items()) if not forced.get(table) or held.get(table) != names)


def _forced(cursor: Any) -> dict[str, bool]:
    cursor.execute(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return dict(cursor.fetchall())


def _held(cursor: Any) -> dict[str, set[str]]:
    cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")
    found: dict[str, set[str]] = {}
    for table, name in cursor.fetchall():
        found.setdefault(table, set()).add(name)
    return found


def put_up(**_: object) -> int:
    """Put the wall up where it does not stand; give on how many tables it was put."""
    if connection.vendor != "postgresql":
        return 0
    lacking = gaps()
    with transaction.atomic(), connection.cursor() as cursor:
        there, held = _forced(cursor), _held(cursor)
        mended = [table for table in lacking if table in there]
        for table in mended:
            for old in sorted(held.get(table, ())):
                cursor.execute(f"DROP POLICY {_name(old)} ON {_name(table)}")
            cursor.execute(f"ALTER TABLE {_name(table)} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        for each in (policy for policy in wanted() if policy.table in mended):
            stands = f"CREATE POLICY {_name(each.name)} ON {_name(each.table)} FOR {each.command}"
            cursor.execute(f"{stands} USING ({each.words})")
    return len(mended)


def open_for_owner(plan: list[object] | None = None, **_: object) -> None:
    """Let the owner through while migrations change tables: a policy would hold on to the columns that it names.

    The wall stays closed for everybody else, who see nothing until it is put up again.
    """
    if connection.vendor != "postgresql" or not plan:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for table, names in sorted(_held(cursor).items()):
            for name in sorted(names):
                cursor.execute(f"DROP POLICY {_name(name)} ON {_name(table)}")
            cursor.execute(f"ALTER TABLE {_name(table)} NO FORCE ROW LEVEL SECURITY")
