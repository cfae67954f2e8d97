"""Every write is one event, in the same transaction, chained, and cannot be changed or removed afterwards."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc import audit
from openpbc.audit import reads
from openpbc.audit.models import AuditEvent, ChainHead
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations.models import Place

pytestmark = pytest.mark.django_db


@audit.action("test.add_place")
def add_place(*, by: Actor, code: str) -> str:
    """Write one place."""
    Place.objects.create(code=code, title=code, book_hash="")
    audit.note(subject=f"place/{code}", after={"code": code, "day": date(2008, 4, 1)}, reason="because")
    return code


@audit.action("test.add_two")
def add_two(*, by: Actor, fail: bool = False) -> None:
    """Write two places through another action."""
    add_place(by=by, code="one")
    add_place(by=by, code="two")
    if fail:
        raise UserError("no")


@audit.action("test.try_place")
def try_place(*, by: Actor) -> None:
    """Try what another action would do, and do something else."""
    with audit.trial():
        audit.note(subject="tried", after={"tried": True})
        add_place(by=by, code="tried")
    audit.note(subject="instead")


@audit.action("test.idle")
def idle(*, by: Actor, inner: bool = False) -> None:
    """Find nothing to do, perhaps beside an inner write."""
    if inner:
        add_place(by=by, code="inner")
    audit.nothing_changed()


@audit.action("test.long_work", late=True)
def long_work(*, by: Actor, write: bool = True) -> None:
    """Work outside the transaction, then write."""
    assert not connection.in_atomic_block or connection.savepoint_ids is not None
    if write:
        with audit.writing():
            add_place(by=by, code="late")


def actions() -> list[str]:
    return [event.action for event in reversed(reads.events())]


def test_a_write_is_one_event_with_who_what_and_why() -> None:
    actor = Actor("a@b", "Ann", frozenset({"analyst", "administrator"}), acting_for="c@d")
    add_place(by=actor, code="one")
    (event,) = reads.events()
    assert (event.sequence, event.action, event.subject) == (1, "test.add_place", "place/one")
    assert (event.actor_id, event.actor_name, event.acting_for) == ("a@b", "Ann", "c@d")
    assert event.roles == ("administrator", "analyst")
    assert event.after == {"code": "one", "day": "2008-04-01"}
    assert (event.before, event.reason, event.root_id) == (None, "because", event.event_id)
    assert reads.verify().intact


def test_actions_inside_an_action_are_its_children_in_order() -> None:
    add_two(by=SYSTEM)
    assert actions() == ["test.add_two", "test.add_place", "test.add_place"]
    assert len({event.root_id for event in reads.events()}) == 1
    assert reads.verify().intact


def test_what_fails_leaves_neither_data_nor_event() -> None:
    with pytest.raises(UserError):
        add_two(by=SYSTEM, fail=True)
    assert not Place.objects.exists() and not AuditEvent.objects.exists()
    assert reads.head().sequence == 0


def test_a_failed_inner_action_that_is_caught_leaves_no_event() -> None:
    @audit.action("test.tolerant")
    def tolerant(*, by: Actor) -> None:
        add_place(by=by, code="kept")
        with pytest.raises(UserError):
            add_two(by=by, fail=True)

    tolerant(by=SYSTEM)
    assert actions() == ["test.tolerant", "test.add_place"]
    assert [place.code for place in Place.objects.all()] == ["kept"]


def test_what_was_only_tried_leaves_neither_data_nor_event() -> None:
    try_place(by=SYSTEM)
    (event,) = reads.events()
    assert (event.action, event.subject, event.after) == ("test.try_place", "instead", None)
    assert not Place.objects.exists()


def test_nothing_to_do_is_no_event_but_inner_writes_are() -> None:
    idle(by=SYSTEM)
    assert actions() == []
    idle(by=SYSTEM, inner=True)
    assert actions() == ["test.add_place"]
    assert reads.verify().intact


def test_late_actions_write_their_event_with_their_data() -> None:
    long_work(by=SYSTEM, write=False)
    assert actions() == []
    long_work(by=SYSTEM)
    assert actions() == ["test.long_work", "test.add_place"]
    assert len({event.root_id for event in reads.events()}) == 1


def test_a_rolled_back_outer_transaction_takes_the_events_with_it() -> None:
    with pytest.raises(UserError), transaction.atomic():
        add_place(by=SYSTEM, code="one")
        raise UserError("no")
    assert reads.events() == [] and reads.head().sequence == 0
    add_place(by=SYSTEM, code="two")
    assert reads.verify().intact


def test_an_action_asks_for_its_actor() -> None:
    with pytest.raises(TypeError, match="by= is an Actor"):
        add_place(by="me", code="x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="keyword arguments only"):
        add_place(SYSTEM, "x")  # type: ignore[misc]
    with pytest.raises(TypeError, match="keyword-only"):

        @audit.action("test.positional")
        def positional(by: Actor, code: str) -> None: ...

    with pytest.raises(TypeError, match="must be by"):

        @audit.action("test.nobody")
        def nobody(*, code: str) -> None: ...

    with pytest.raises(TypeError, match=r"room\.verb"):
        audit.action("Wrong")


def test_notes_belong_inside_an_action() -> None:
    with pytest.raises(RuntimeError, match="inside an action"):
        audit.note(subject="x")


def test_text_that_a_database_cannot_hold_is_made_plain() -> None:
    @audit.action("test.odd")
    def odd(*, by: Actor) -> None:
        audit.note(subject="a\x00b\ud800" + "x" * 400, after={"t": "\x00\ud800"}, reason="r\x00")

    odd(by=SYSTEM)
    assert len(reads.events()[0].subject) == 300
    assert reads.verify().intact


@pytest.mark.parametrize(
    "attack",
    [
        lambda: AuditEvent.objects.filter(sequence=1).update(reason="other"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: ChainHead.objects.update(sequence=0),
        lambda: ChainHead.objects.all().delete(),
        lambda: AuditEvent.objects.create(**_copy(sequence=5)),
        lambda: AuditEvent.objects.create(**_copy(sequence=3, previous_hash="1" * 64)),
        lambda: AuditEvent.objects.bulk_create(
            [AuditEvent(**_copy(sequence=1))],
            update_conflicts=True,
            unique_fields=["sequence"],
            update_fields=["reason"],
        ),
    ],
)
def test_the_database_refuses_every_change_of_the_log(attack) -> None:
    add_place(by=SYSTEM, code="one")
    add_place(by=SYSTEM, code="two")
    with pytest.raises(DatabaseError), transaction.atomic():
        attack()
    assert reads.verify().intact


def _copy(**changes: object) -> dict[str, object]:
    row = dict(AuditEvent.objects.order_by("-sequence").values().first() or {})
    return row | {"event_id": "x", "hash": "y" * 64} | changes


def test_truncation_is_refused_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    add_place(by=SYSTEM, code="one")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditevent")


def test_changes_behind_the_guards_are_found(guards_off) -> None:
    for number in range(5):
        add_place(by=SYSTEM, code=str(number))
    with guards_off():
        AuditEvent.objects.filter(sequence=3).update(reason="other")
    assert reads.verify().problem == "event 3 was changed"


def test_a_tail_cut_with_its_head_is_found_by_an_anchor(guards_off) -> None:
    for number in range(5):
        add_place(by=SYSTEM, code=str(number))
    anchor = reads.head()
    with guards_off():
        AuditEvent.objects.filter(sequence__gt=3).delete()
    assert "its head says" in reads.verify().problem
    with guards_off():
        last = AuditEvent.objects.get(sequence=3)
        ChainHead.objects.update(sequence=3, hash=last.hash)
    assert reads.verify().intact
    assert reads.verify([anchor]).problem == "the anchored event 5 is missing"


def test_events_are_found_by_subject_action_and_actor() -> None:
    add_two(by=SYSTEM)
    add_place(by=Actor("a@b", "Ann"), code="three")
    assert [event.subject for event in reads.events(actor="a@b")] == ["place/three"]
    assert len(reads.events(action="test.add_p")) == 3
    assert [event.sequence for event in reads.events(after=3)] == [4]
    assert json.dumps(reads.events(subject="place/one")[0].after) == '{"code": "one", "day": "2008-04-01"}'
