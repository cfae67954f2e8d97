"""Every statement that the pages of a place send is sent again without its condition on the place: no row comes more.

A mutant is one statement that forgot the place of one table. It is asked where the statement stands, in its transaction
and as the application's role. What it gives must be what the statement itself gives. With the wall open the same
mutants do give more, so that a wall that is not there is noticed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Model
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler, SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler
from django.db.models.sql.where import WhereNode

from openpbc.finance import actions as finance
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.sight import EVERY_PLACE, seen
from openpbc.organisations import actions as organisations
from openpbc.organisations.models import RoleAssignment, User
from openpbc.redesign import actions as redesign
from openpbc.site import wall
from tests.integration.site.conftest import FOREIGN, HERE, As
from tests.integration.site.walled import application, execute

__all__ = ["application"]
pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.django_db]
READERS = ("public", "gp_lead", "group_manager", "finance_manager", "committee_secretary", "provider_lead")
PAGES = 16
OPEN_PAGES = ("public", "published-plans", "delegation", "route-map")
APART = 1_000_000_000
LEAST_MUTANTS, LEAST_BITING, LEAST_TABLES = 100, 60, 25
WRITING = (SQLInsertCompiler, SQLUpdateCompiler, SQLDeleteCompiler)
# A statement that gave nothing foreign is asked again with what other pages ask for.
TIMES = 3
LINK = re.compile(rb'href="(/p/[^"#?]+)')


@dataclass
class Mutants:
    """What became of the mutants: each is a table and the statement that forgot the table's place."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    survived: set[tuple[str, str]] = field(default_factory=set)
    biting: set[tuple[str, str]] = field(default_factory=set)
    # While a statement is put together: which tables' places it asks for, and whose is forgotten.
    asked: set[type[Model]] | None = None
    forgotten: type[Model] | None = None


def _place_of(condition: Any) -> type[Model] | None:
    """The table whose place a condition asks for, if it asks for one."""
    column = getattr(condition, "lhs", None)
    if not isinstance(column, Col):
        return None
    model = column.target.model
    return model if wall.of_place(model) is column.target else None


@contextmanager
def mutated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mutants]:
    """Send the mutants of every question beside it."""
    made, where, ask = Mutants(), WhereNode.as_sql, SQLCompiler.execute_sql

    def as_sql(self: WhereNode, compiler: Any, line: Any) -> Any:
        if made.asked is not None:
            made.asked |= {model for each in self.children if (model := _place_of(each)) is not None}
        if made.forgotten is None:
            return where(self, compiler, line)
        kept = [each for each in self.children if _place_of(each) is not made.forgotten]
        if self.children and not kept:
            raise FullResultSet
        return where(WhereNode(kept, self.connector, self.negated), compiler, line)

    def execute_sql(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(self, WRITING) and seen() not in (None, EVERY_PLACE):
            _try(made, self.query)
        return ask(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(WhereNode, "as_sql", as_sql)
        patch.setattr(SQLCompiler, "execute_sql", execute_sql)
        yield made


def _try(made: Mutants, query: Any) -> None:
    """Try the mutants of one question."""
    made.asked = set()
    right = _put_together(query)
    asked, made.asked = made.asked, None
    for model in sorted(asked, key=lambda each: each._meta.label) if right else ():
        made.forgotten = model
        wrong = _put_together(query)
        made.forgotten = None
        assert right and wrong
        mutant = (model._meta.label, right[0])
        if mutant in made.biting or made.tried[mutant] == TIMES:
            continue
        made.tried[mutant] += 1
        if _rows(*wrong) != _rows(*right):
            made.survived.add(mutant)
        with _open_wall():
            if _rows(*wrong) != _rows(*right):
                made.biting.add(mutant)


def _put_together(query: Any) -> tuple[str, tuple[Any, ...]] | None:
    try:
        sql, params = query.clone().get_compiler(using=connection.alias).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _rows(sql: str, params: tuple[Any, ...]) -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("FOR UPDATE", ""), params)
        return Counter(repr(row) for row in cursor.fetchall())


@contextmanager
def _open_wall() -> Iterator[None]:
    """See every place for a moment, past the telling."""
    line = connection.connection
    was = line.execute("SELECT current_setting(%s, true)", (wall.SETTING,)).fetchone()[0]
    line.execute("SET LOCAL openpbc.places = '*'")
    try:
        yield
    finally:
        line.execute("SET LOCAL openpbc.places = %s", (was or "",))


def fill() -> None:
    """Fill a place with what a demonstration invents for it, and give each row its twin in the foreign place."""
    shows: tuple[Callable[..., object], ...] = (
        organisations.demonstrate_arrangements,
        finance.load_published_plan,
        finance.demonstrate_budgets,
        finance.demonstrate_plans,
        finance.demonstrate_joint,
        finance.demonstrate_scenarios,
        finance.show_groups,
        governance.demonstrate_papers,
        governance.demonstrate_interests,
        governance.demonstrate_meetings,
        redesign.demonstrate_cases,
        finance.demonstrate_ledger,
    )
    for show in shows:
        show(by=SYSTEM, place=HERE)
    somebody = User.objects.create(sign_in="somebody@elsewhere", display_name="Somebody elsewhere")
    held = {"role": "analyst", "scope": "place", "valid_from": date(2008, 4, 1)}
    RoleAssignment.objects.create(user=somebody, place=FOREIGN, **held)
    add_twins()


def add_twins() -> None:
    """Give each row of the place its twin in the foreign place."""
    execute("SET LOCAL session_replication_role = replica")  # twins refer to twins, which may come later
    left = [model for model in wall.behind() if model is not RoleAssignment]  # a reader with both places would see both
    while left:
        for model in [each for each in left if _held_by(each) not in set(left) - {each}]:
            _twins(model)
            left.remove(model)
    execute("SET LOCAL session_replication_role = origin")


def _held_by(model: Any) -> Any:
    link = wall.holder(model)
    return None if wall.of_place(model) or link is None else link.related_model


def _twins(model: Any) -> None:
    """Copy the place's rows of a table: their numbers and their links to others are those of the twins."""
    place, link = wall.of_place(model), wall.holder(model)
    taken = {f'"{each.column}"': _twin(each) for each in model._meta.local_fields}
    table = f'"{model._meta.db_table}"'
    if place is not None:
        taken[f'"{place.column}"'] = f"'{FOREIGN}'"
        chosen = f"\"{place.column}\" = '{HERE}'"
    else:
        parent = link.related_model._meta
        chosen = f'{_twin(link)} IN (SELECT "{parent.pk.column}" FROM "{parent.db_table}")'
    values = f"SELECT {', '.join(taken.values())} FROM {table} WHERE {chosen}"
    execute(f"INSERT INTO {table} ({', '.join(taken)}) {values} ON CONFLICT DO NOTHING")


def _twin(column: Any) -> str:
    """What a twin has in a column: what the row has, but for the row's own key and those of others behind the wall."""
    key = column
    while key.is_relation:
        if not wall.is_behind(key.related_model):
            return f'"{column.column}"'
        key = key.target_field
    if not key.primary_key:
        return f'"{column.column}"'
    kind = key.get_internal_type()
    if kind == "UUIDField":
        return "gen_random_uuid()"
    return f"'twin ' || \"{column.column}\"" if kind == "CharField" else f'"{column.column}" + {APART}'


def _read(as_role: As, role: str, known: set[str]) -> int:
    """Read pages of the place, each kind once, as far as links lead, first what nobody read before; give how many."""
    client, ways, kinds = as_role(role), [f"/p/{HERE}", *(f"/p/{HERE}/{page}" for page in OPEN_PAGES)], set()
    while ways and len(kinds) < PAGES:
        path = ways.pop(next((at for at, way in enumerate(ways) if _kind(way) not in known), 0))
        if _kind(path) in kinds:
            continue
        kinds.add(_kind(path))
        answer = client.get(path)
        assert answer.status_code < 500, path
        body = b"" if answer.streaming else answer.content
        ways.extend(way.decode() for way in LINK.findall(body) if way.startswith(f"/p/{HERE}".encode()))
    known |= kinds
    return len(kinds)


def _kind(path: str) -> str:
    return re.sub(r"/(?:[A-Z]{1,3})?[0-9][^/]*", "/1", path)


def test_no_statement_that_forgot_its_place_gives_a_foreign_row(
    as_role: As, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        return
    fill()
    request.getfixturevalue("application")
    with mutated(monkeypatch) as made:
        known: set[str] = set()
        pages = [_read(as_role, role, known) for role in READERS]
    assert min(pages) > 3
    assert made.survived == set()
    assert len(made.tried) >= LEAST_MUTANTS
    assert len(made.biting) >= LEAST_BITING
    assert len({table for table, _ in made.biting}) >= LEAST_TABLES
