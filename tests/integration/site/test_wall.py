"""The wall between places in PostgreSQL: where it stands, what it lets through, and that none is served without."""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbc.activity.actions import sweep_drafts
from openpbc.activity.models import Draft
from openpbc.activity.reads.drafts import drafts_root
from openpbc.finance import actions as finance
from openpbc.governance import actions as governance
from openpbc.kernel import sight
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.sight import everywhere, within
from openpbc.organisations import actions
from openpbc.organisations import reads as organisations
from openpbc.organisations.models import Membership, Organisation, RoleAssignment, User
from openpbc.redesign.models import Case, Waiver
from openpbc.redesign.rules.transitions import STAGES, VARIANTS
from openpbc.site import wall
from openpbc.site.cli import main
from openpbc.site.privileges import grant, refuse_unwalled
from tests.integration.site.conftest import FOREIGN, HERE
from tests.integration.site.test_access import patterns
from tests.integration.site.test_privileges import ROLE, connected_as, execute, role

__all__ = ["role"]
pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> list[str]:
    """The places whose organisations are seen now."""
    return list(Organisation.objects.order_by("place_id").values_list("place_id", flat=True).distinct())


def ours() -> list[type]:
    return [each for each in apps.get_models(include_auto_created=True) if each.__module__.startswith("openpbc.")]


@pytest.fixture
def places(role: str) -> str:
    """Both places, a case in each, and the role from which something is kept."""
    for place in (HERE, FOREIGN):
        actions.load_place(by=SYSTEM, place=place)
        facts = {"title": "A case", "area": "x", "need": "x", "changed_by": "x"}
        facts |= {"variant": next(iter(VARIANTS)), "stage": next(iter(STAGES))}
        case = Case.objects.create(place=place, number=1, revision=1, changed_at=timezone.now(), **facts)
        Waiver.objects.create(case=case, kind="lead", reason="x", waived_by="x", waived_on=timezone.localdate())
    if connection.vendor == "postgresql":
        grant(role)
    return role


@contextmanager
def no_wall() -> Iterator[None]:
    """Take the wall down on one table, for the time of the context."""
    execute("ALTER TABLE redesign_case DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        assert wall.put_up() == 1


def test_every_table_stands_on_one_side_of_the_wall() -> None:
    named = {model._meta.label: model for model in ours()}
    behind = {model._meta.label for model in wall.behind()}
    with_place = {label for label, model in named.items() if "place" in {each.name for each in model._meta.fields}}
    assert with_place <= behind
    assert behind | set(wall.OPEN) == set(named), "a table is neither behind the wall nor named as open, with a reason"
    assert not behind & set(wall.OPEN)
    assert all(wall.OPEN.values())
    assert behind >= wall.OF_EVERY_PLACE


def test_the_wall_stands_in_a_database_that_was_just_set_up() -> None:
    assert wall.gaps() == ()
    if connection.vendor != "postgresql":
        assert wall.put_up() == 0
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert cursor.fetchone()[0] == len(wall.behind()) > 100


def test_a_gap_is_found_and_mended() -> None:
    if connection.vendor != "postgresql":
        return
    with no_wall():
        assert wall.gaps() == ("redesign_case",)
        with pytest.raises(UserError, match="does not stand on 1 tables, such as redesign_case"):
            refuse_unwalled()
    policy = next(each for each in wall.wanted() if each.table == "redesign_case")
    execute(f"DROP POLICY {policy.name} ON redesign_case")
    execute("CREATE POLICY openpbc_old ON redesign_case USING (true)")
    assert wall.gaps() == ("redesign_case",)
    assert main(["migrate"]) == 0
    assert (wall.gaps(), wall.put_up()) == ((), 0)


def test_what_says_nothing_sees_nothing(places: str) -> None:
    if connection.vendor != "postgresql":
        assert rows() == [FOREIGN, HERE]
        return
    with connected_as(places):
        assert not any(model._default_manager.exists() for model in wall.behind())
        with transaction.atomic():
            assert rows() == []
        with within(()):
            assert rows() == []
        with within((HERE,)):
            assert rows() == [HERE]
            assert Waiver.objects.count() == 1
            with transaction.atomic():
                assert rows() == [HERE]
        with within((HERE, FOREIGN)):
            assert rows() == [FOREIGN, HERE]
        with everywhere("to see that it is all there"):
            assert rows() == [FOREIGN, HERE]
            assert Waiver.objects.count() == 2
            assert sum(1 for _ in Organisation.objects.iterator(chunk_size=5)) == Organisation.objects.count()
        assert rows() == []


def test_what_was_said_ends_with_its_transaction_and_with_what_is_rolled_back(places: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connected_as(places):
        with within((HERE,)), transaction.atomic():
            assert rows() == [HERE]
        line = connection.connection
        assert line.execute("SELECT current_setting('openpbc.places', true)").fetchone()[0] == ""
        assert line.execute("SELECT count(*) FROM redesign_case").fetchone()[0] == 0
        with within((HERE,)), transaction.atomic():
            with pytest.raises(IntegrityError), transaction.atomic(), within((FOREIGN,)):
                assert rows() == [FOREIGN]
                Organisation.objects.create(place_id=FOREIGN, kind="x", code="x", name="x")
            assert rows() == [HERE]
            with within(()):
                assert rows() == []
            mark = transaction.savepoint()
            sight.see(())
            assert rows() == []
            transaction.savepoint_rollback(mark)
            assert rows() == []


def test_nobody_writes_into_a_place_that_they_do_not_see(places: str) -> None:
    if connection.vendor != "postgresql":
        return
    row = Case.objects.get(place=FOREIGN)
    with connected_as(places), within((HERE,)):
        assert Case.objects.filter(pk=row.pk).update(title="y") == 0
        assert Membership.objects.filter(place_id=FOREIGN).delete()[0] == 0
        for write in (
            lambda: Organisation.objects.create(place_id=FOREIGN, kind="body", code="x", name="x"),
            lambda: Case.objects.filter(place=HERE).update(place=FOREIGN),
            lambda: Waiver.objects.create(
                case_id=row.pk, kind="board", reason="x", waived_by="x", waived_on=timezone.localdate()
            ),
        ):
            with pytest.raises(DatabaseError, match="row-level security"):
                write()
        Organisation.objects.create(place_id=HERE, kind="body", code="x", name="x")


def test_a_role_in_every_place_is_seen_from_each_and_given_by_who_sees_all(places: str) -> None:
    if connection.vendor != "postgresql":
        return
    user = User.objects.create(sign_in="a@b", display_name="A")
    given = {"user": user, "role": "administrator", "scope": "place", "valid_from": timezone.localdate()}
    for place in ("*", HERE, FOREIGN):
        RoleAssignment.objects.create(place=place, **given)
    with connected_as(places):
        assert not RoleAssignment.objects.exists()
        with within((HERE,)):
            assert set(RoleAssignment.objects.values_list("place", flat=True)) == {"*", HERE}
            assert RoleAssignment.objects.filter(place="*").delete()[0] == 0
            with pytest.raises(DatabaseError, match="row-level security"):
                RoleAssignment.objects.create(place="*", **given | {"role": "analyst"})
        with everywhere("an administrator gives it"):
            RoleAssignment.objects.create(place="*", **given | {"role": "analyst"})


def test_a_page_for_everybody_opens_the_place_of_its_address_alone(places: str) -> None:
    client = Client(SERVER_NAME="localhost")
    if connection.vendor != "postgresql":
        assert client.get(f"/p/{HERE}/delegation").status_code == 200
        return
    with connected_as(places):
        for name in ("*", f"{HERE},{FOREIGN}", "nowhere"):
            assert client.get(f"/p/{name}/delegation").status_code in (404, 422)
        assert client.get(f"/p/{HERE}/delegation").status_code == 200
        assert client.get("/sign-in").status_code == 200


OPENED = {
    "finance:calendar-feed": finance.open_calendar_feed,
    "governance:meeting-feed": governance.open_meeting_feed,
    "governance:body-feed": partial(governance.open_body_feed, body="board"),
}


def test_every_private_address_is_tried_here() -> None:
    by_token = {name for name, kinds in patterns() if set(kinds) == {"token"}}
    assert by_token - {"account:invitation"} == set(OPENED)


@pytest.mark.parametrize("route", OPENED)
def test_a_private_address_opens_the_place_for_which_it_was_made(places: str, route: str) -> None:
    actions.create_demo_users(by=SYSTEM, place=HERE, password="demo")
    token = OPENED[route](by=Actor("secretary@demo", "A secretary"), place=HERE)
    client = Client(SERVER_NAME="localhost")
    as_role = connected_as(places) if connection.vendor == "postgresql" else nullcontext()
    with as_role:
        answer = client.get(reverse(route, args=[token]))
    assert answer.status_code == 200
    assert organisations.book(HERE).place.title in answer.content.decode().replace("\r\n ", "")


def test_a_file_that_another_place_waits_for_is_no_stray(places: str, settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    old = timezone.now() - timedelta(hours=settings.DRAFT_HOURS + 1)
    for slot, (place, made_at) in enumerate(((HERE, old), (FOREIGN, old), (FOREIGN, timezone.now()))):
        facts = {"made_by": "x", "made_by_name": "x", "file_name": "x"}
        Draft.objects.create(place=place, code=f"draft-{slot}", slot=slot, made_at=made_at, **facts)
        (drafts_root() / f"draft-{slot}").mkdir(parents=True, exist_ok=True)
    os.utime(drafts_root() / "draft-2", (0, 0))
    as_role = connected_as(places) if connection.vendor == "postgresql" else nullcontext()
    with as_role, within((HERE,)):
        assert sweep_drafts(by=SYSTEM) == 2
    assert [each.name for each in sorted(drafts_root().iterdir())] == ["draft-2"]


def test_the_owner_changes_tables_behind_the_wall_while_nobody_else_sees_them(places: str) -> None:
    if connection.vendor != "postgresql":
        return
    execute("CREATE ROLE openpbc_owner_of_one NOLOGIN")
    try:
        execute("ALTER TABLE redesign_case OWNER TO openpbc_owner_of_one")
        count = "SET LOCAL ROLE openpbc_owner_of_one; SELECT count(*) FROM redesign_case"
        assert _ask(count) == 0
        wall.open_for_owner(plan=[])
        assert _ask(count) == 0
        wall.open_for_owner(plan=[object()])
        assert _ask(count) == 2
        execute("ALTER TABLE redesign_case ALTER COLUMN place TYPE varchar(61)")
        with connected_as(places), everywhere("and still nothing is seen"):
            assert not Case.objects.exists()
        assert wall.put_up() == len(wall.behind())
        assert _ask(count) == 0
    finally:
        wall.open_for_owner(plan=[object()])
        execute("ALTER TABLE redesign_case ALTER COLUMN place TYPE varchar(60)")
        execute("REASSIGN OWNED BY openpbc_owner_of_one TO CURRENT_USER")
        wall.put_up()
        execute("DROP ROLE openpbc_owner_of_one")


def _ask(statement: str) -> int:
    with transaction.atomic():
        *before, last = statement.split("; ")
        for each in before:
            execute(each)
        with connection.cursor() as cursor:
            cursor.execute(last)
            found: int = cursor.fetchone()[0]
            cursor.execute("RESET ROLE")
            return found


def test_nobody_is_served_as_a_role_for_which_the_wall_does_not_count(places: str) -> None:
    if connection.vendor != "postgresql":
        refuse_unwalled()
        return
    with pytest.raises(UserError, match="may do everything, so that nothing keeps one place from another"):
        refuse_unwalled()
    assert main(["serve", "--port", "1"]) == 2
    with pytest.raises(UserError, match="may do everything"):  # whichever server loads it
        runpy.run_module("openpbc.site.wsgi")
    with connected_as(places):
        refuse_unwalled()
    for change, back, why in (
        ("ALTER ROLE {} BYPASSRLS", "ALTER ROLE {} NOBYPASSRLS", "passes the wall"),
        ("ALTER TABLE redesign_case OWNER TO {}", "ALTER TABLE redesign_case OWNER TO CURRENT_USER", "owns tables"),
        ("ALTER ROLE {} SET openpbc.places = '*'", "ALTER ROLE {} RESET openpbc.places", "set beforehand"),
    ):
        execute(change.format(ROLE))
        with connected_as(places), pytest.raises(UserError, match=why):
            refuse_unwalled()
        execute(back.format(ROLE))
    execute(f"ALTER ROLE {ROLE} BYPASSRLS")
    with pytest.raises(UserError, match="passes the wall"):
        grant(ROLE)


def test_seeing_every_place_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"), everywhere(""):
        pass
    with within((HERE, "a,b")):
        assert sight.seen() == HERE
    assert sight.seen() is None
