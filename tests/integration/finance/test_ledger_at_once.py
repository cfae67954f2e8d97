"""Two people at one ledger at one moment: one wins, the other is told who did what, and no penny is spent twice."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.actions import posting
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import Actor
from tests.integration.at_once import at_once
from tests.integration.finance.conftest import ANN, BOB, DAY, EAST, MILLION, WEST, YEAR

pytestmark = pytest.mark.django_db(transaction=True)
OPENED = "allocation,-{0}.00\nheld/contingency,{0}.00\n"


def move(place: str, by: Actor, pence: int, **more: object) -> actions.Posted:
    return actions.virement(
        by=by, place=place, source=EAST, target=WEST, pence=pence, on=DAY, reason=f"{by.name} needs it", **more
    )


def pence(place: str, code: str) -> int:
    return reads.balance(place, YEAR, code).pence


def test_postgresql_runs_at_read_committed(funded: str, transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


@pytest.mark.parametrize("queued", [True, False], ids=["one writer at a time", "held by constraints alone"])
def test_one_of_two_virements_wins_and_the_loser_is_told(
    funded: str, transactional_db: None, queued: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not queued:
        monkeypatch.setattr(posting, "one_writer", lambda place, year: None)
    for turn in range(10):
        number = reads.balance(funded, YEAR, EAST).number
        moves = [partial(move, funded, by, 100, seen={EAST: number}) for by in (ANN, BOB)]
        results = at_once(*moves)
        (won,) = [result for result in results if isinstance(result, actions.Posted)]
        (told,) = [result for result in results if isinstance(result, str)]
        winner = "Ann of finance" if results[0] is won else "Bob of finance"
        assert f"Somebody changed this since you looked: {winner} posted journal {won.number} on" in told
        assert f"£1.00 taken out of East group in scope ({winner} needs it)" in told
        assert pence(funded, EAST) == 4 * MILLION - 100 * (turn + 1)
    assert audit.verify().intact


def test_the_last_money_is_moved_once(funded: str, transactional_db: None) -> None:
    move(funded, ANN, 4 * MILLION - 100)
    results = at_once(*[lambda: move(funded, ANN, 100), lambda: move(funded, BOB, 100)] * 2)
    assert sum(isinstance(result, actions.Posted) for result in results) == 1
    assert sum("holds £0.00; you asked to move £1.00" in str(result) for result in results) == 3
    assert pence(funded, EAST) == 0


def test_one_key_sent_by_many_posts_once(funded: str, transactional_db: None) -> None:
    results = at_once(*[lambda: move(funded, ANN, 100, key="form")] * 4)
    assert {result.number for result in results if isinstance(result, actions.Posted)} == {3}
    assert reads.count_journals(funded, YEAR) == 3


def test_one_journal_is_reversed_once(funded: str, transactional_db: None) -> None:
    move(funded, ANN, 100)

    def undo(by: Actor) -> actions.Posted:
        return actions.reverse(by=by, place=funded, number=3, on=DAY, reason="no")

    results = at_once(lambda: undo(ANN), lambda: undo(BOB))
    assert sum(isinstance(result, actions.Posted) for result in results) == 1
    assert sum("was reversed by" in str(result) for result in results) == 1
    assert pence(funded, EAST) == 4 * MILLION


def test_many_writers_lose_nothing(funded: str, transactional_db: None) -> None:
    """Each moves its own pence back and forth without looking; all of it stands in the end."""

    def work(pence: int) -> None:
        there = Draft("virement", (Entry(EAST, -pence), Entry(WEST, pence)), DAY, "there")
        back = Draft("virement", (Entry(EAST, pence - 1), Entry(WEST, 1 - pence)), DAY, "back")
        for _ in range(5):
            actions.post_many(by=ANN, place=funded, journals=(there, back))

    at_once(*[lambda pence=pence: work(pence) for pence in (11, 222, 3333, 44444)])
    assert reads.count_journals(funded, YEAR) == 2 + 4 * 5 * 2
    assert pence(funded, EAST) == 4 * MILLION - 4 * 5
    assert [each.number for each in reads.journals(funded, YEAR)] == list(range(42, 0, -1))
    assert sum(each.pence for each in reads.ledger_balances(funded, YEAR)) == 0


def test_of_two_opening_balances_at_once_one_opens_the_ledger(place: str, transactional_db: None) -> None:
    def bring(by: Actor, pounds: int) -> actions.Imported:
        return actions.import_opening(by=by, place=place, content=f"account,amount\n{OPENED.format(pounds)}".encode())

    for turn in range(5):
        amounts = (1000 + 2 * turn, 1001 + 2 * turn)
        results = at_once(lambda a=amounts: bring(ANN, a[0]), lambda a=amounts: bring(BOB, a[1]))
        (won,) = [result for result in results if isinstance(result, actions.Imported)]
        (told,) = [result for result in results if isinstance(result, str)]
        assert f"with journal {won.posted.number}" in told
        held = amounts[results.index(won)] * 100
        assert {each.pence for each in reads.ledger_balances(place, YEAR) if each.pence} == {-held, held}
        actions.reverse(by=ANN, place=place, number=won.posted.number, on=DAY, reason="the next turn")
