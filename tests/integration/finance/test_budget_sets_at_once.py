"""Two people at one budget set, or with one each: one wins, and the other is told what happened."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions
from openpbc.finance.reads.budget_sets import budget_set, budget_set_in_force, budget_sets
from openpbc.finance.reads.checklist import checklist
from openpbc.finance.reads.questions import questions
from openpbc.finance.reads.replies import replies
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import actions as organisations
from openpbc.organisations.reads import book as open_book
from tests.integration.at_once import at_once
from tests.integration.finance.budget_setting import (
    ANN,
    BOB,
    IN,
    PLACE,
    YEAR,
    balances,
    change,
    decide,
    drafted,
    lines,
    propose,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loaded(transactional_db: None) -> None:
    """Load the place."""
    organisations.load_place(by=SYSTEM, place=PLACE)


def test_approve_and_change_one_wins_and_the_other_is_told() -> None:
    number = drafted()
    propose(number)
    decision = decide(number)

    def approve() -> str:
        actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=2, decision=decision)
        return "approved"

    results = at_once(approve, lambda: str(change(number, 2, -100, BOB)))
    state = budget_set(PLACE, YEAR, number).facts.state
    if state == "approved":
        assert results[0] == "approved"
        assert "Ann of finance approved it on" in str(results[1])
        assert balances()[IN] == 15_950_918_000
    else:
        assert (state, results[1]) == ("draft", "3")
        assert "Bob of finance changed group/WATCOM/in-scope" in str(results[0])
        assert not balances()
    assert audit.verify().intact


def test_two_sets_come_into_force_and_one_counts() -> None:
    sets = [drafted(), drafted("scenario=no_deposit&pot=49567800000")]
    decisions = []
    for number in sets:
        propose(number)
        decisions.append(decide(number))

    def approve(number: int, decision: int) -> int:
        actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=2, decision=decision)
        return number

    at_once(*[lambda pair=pair: approve(*pair) for pair in zip(sets, decisions, strict=True)])
    standing = budget_set_in_force(PLACE, YEAR)
    held = balances()
    held.pop("allocation")
    assert held == lines(standing.facts.number)
    assert [each.state for each in budget_sets(PLACE, YEAR)].count("approved") == 1


def test_two_who_mark_one_step_leave_one_mark() -> None:
    def mark(by: Actor, state: str) -> str:
        said = {"task": "out_of_scope", "state": state, "reason": f"says {by.name}", "seen": 0}
        actions.mark_task(by=by, place=PLACE, **said)
        return state

    results = at_once(lambda: mark(ANN, "done"), lambda: mark(BOB, "waived"))
    kept = next(each for each in checklist(open_book(PLACE)) if each.code == "out_of_scope")
    assert kept.number == 1
    assert kept.state in results
    assert sum(text in ("done", "waived") for text in results) == 1, "the other is refused with a sentence"
    assert audit.verify().intact


def test_two_who_reply_for_one_group_or_close_one_question_leave_one_statement() -> None:
    def reply(by: Actor, answer: str, pence: int | None) -> str:
        said = {"scenario": "no_deposit", "unit": "WATCOM", "answer": answer, "pence": pence, "reason": "x", "seen": 0}
        actions.reply_on_funding(by=by, place=PLACE, **said)
        return answer

    results = at_once(lambda: reply(ANN, "right", None), lambda: reply(BOB, "too low", 100))
    kept = replies(open_book(PLACE), "no_deposit").of("WATCOM")
    assert (kept.number, kept.answer in results) == (1, True)
    assert len({*results} & {"right", "too low"}) == 1

    def close(by: Actor) -> str:
        actions.close_question(by=by, place=PLACE, question="Q-01", reason=by.name)
        return by.name

    told = at_once(lambda: close(ANN), lambda: close(BOB))
    closed = questions(open_book(PLACE))[0]
    assert closed.reason in told
    assert len({*told} & {ANN.name, BOB.name}) == 1
