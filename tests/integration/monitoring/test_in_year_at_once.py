"""Two people at one position at one moment: one wins, the other is told who, and no amount counts twice."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.monitoring import actions, reads
from openpbc.monitoring.actions import entering
from tests.integration.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place", "transactional_db")]
PLACE = "west-herts-2008"
APRIL = Month(2008, 4)
ANN = Actor("ann", "Ann of finance", frozenset({"finance_manager"}))
BOB = Actor("bob", "Bob of finance", frozenset({"finance_manager"}))


def enter(by: Actor, pence: int) -> object:
    return actions.enter(
        by=by,
        place=PLACE,
        month=APRIL,
        unit="WATCOM",
        service_line="prescribing",
        kind="actual",
        pence=pence,
        source=by.name,
    )


def entered() -> list[int]:
    return [each.pence for each in reads.entries(PLACE, [str(APRIL)])]


@pytest.mark.parametrize("queued", [True, False], ids=["one at a time", "held by constraints alone"])
def test_of_two_who_enter_the_same_amount_one_is_told(queued: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not queued:
        monkeypatch.setattr(entering, "hold_open", lambda book, months: None)
    results = at_once(lambda: enter(ANN, 500), lambda: enter(BOB, 700))
    assert sum(isinstance(result, actions.Made) for result in results) == 1
    (told,) = [result for result in results if isinstance(result, str)]
    assert "already has" in told or "meanwhile" in told
    assert len(entered()) == 1
    assert audit.verify().intact


def test_an_entry_against_a_lock_is_in_it_or_refused() -> None:
    for turn in range(5):
        month = Month(2008, 4 + turn)

        def put(month: Month = month) -> object:
            return actions.enter(
                by=ANN,
                place=PLACE,
                month=month,
                unit="WATCOM",
                service_line="prescribing",
                kind="actual",
                pence=900,
                source="statement",
            )

        def lock(month: Month = month) -> object:
            return actions.lock_position(by=BOB, place=PLACE, month=month)

        results = at_once(put, lock)
        (locked,) = [result for result in results if isinstance(result, actions.Locked)]
        made = list(reads.entries(PLACE, [str(month)]))
        kept = reads.period_events(PLACE, month)[-1]
        assert locked.number == 1
        if made:
            assert kept.basis["last_entry"] >= made[0].id
        else:
            (told,) = [result for result in results if isinstance(result, str)]
            assert f"{month.name} is locked by Bob of finance" in told
    assert audit.verify().intact


def test_of_two_who_lock_with_one_look_one_is_told() -> None:
    def lock(by: Actor) -> object:
        return actions.lock_position(by=by, place=PLACE, month=APRIL, revision=0)

    results = at_once(lambda: lock(ANN), lambda: lock(BOB))
    assert sum(isinstance(result, actions.Locked) for result in results) == 1
    assert sum("somebody changed the periods since you looked" in str(result) for result in results) == 1


def test_of_two_who_end_an_action_one_is_told() -> None:
    told = {"text": "Look at short stays", "role": "group_manager", "unit": "WATCOM"}
    number = actions.set_task(by=ANN, place=PLACE, month=APRIL, due=Month(2008, 6).last, **told)

    def end(by: Actor) -> object:
        actions.close_task(by=by, place=PLACE, task=number, state="done", outcome=f"{by.name} did it", revision=1)
        return number

    results = at_once(lambda: end(ANN), lambda: end(BOB))
    assert sum(result == number for result in results) == 1
    assert sum("marked it done on" in str(result) for result in results) == 1
    assert reads.task(PLACE, number).revision == 2
