"""A year's budgets as the tests set them: a draft that adds up, its steps done, the decision on it."""

from __future__ import annotations

from datetime import date

from openpbc.finance import actions, reads
from openpbc.finance.reads.budget_sets import budget_set
from openpbc.finance.reads.checklist import checklist
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import reads as organisations

PLACE, YEAR = "west-herts-2008", "2008-09"
# The pot in scope with which the lines add up to the allocation, beside the printed one that is one thousand above it.
ADDS_UP = "scenario=deposit_as_budgeted&pot=49567800000"
AS_PRINTED = "scenario=deposit_as_budgeted"
IN, DRAFTED = "group/WATCOM/in-scope", 15_950_918_000
ANN = Actor("ann@example.org", "Ann of finance", frozenset({"finance_manager"}))
BOB = Actor("bob@example.org", "Bob of finance", frozenset({"finance_manager"}))


def finish_steps() -> None:
    """Waive every step that a person marks."""
    for task in checklist(organisations.book(PLACE)):
        if task.by_hand and task.state == "open":
            actions.mark_task(by=ANN, place=PLACE, task=task.code, state="waived", reason="a test", seen=task.number)


def drafted(settings: str = ADDS_UP) -> int:
    """A draft."""
    return actions.draft_budget_set(by=ANN, place=PLACE, title="Budgets", settings=settings)


def revision(number: int) -> int:
    """The revision at which a set stands."""
    return budget_set(PLACE, YEAR, number).facts.revision


def propose(number: int) -> None:
    """Propose a set with all steps done."""
    finish_steps()
    actions.propose_budget_set(by=ANN, place=PLACE, number=number, revision=revision(number))


def decide(number: int, outcome: str = "approved", **changes: object) -> int:
    """Record the Board's decision on a set."""
    said = {"body": "board", "taken_on": date(2008, 3, 26), "minute": f"08/{number}", "outcome": outcome}
    said |= {"matter": f"budget-set/{PLACE}/{YEAR}/{number}", "title": f"Budget set {number}", "text": "A test."}
    return governance.record_decision(by=SYSTEM, place=PLACE, **(said | changes))


def approved(settings: str = ADDS_UP) -> int:
    """A set in force."""
    number = drafted(settings)
    propose(number)
    decision = decide(number)
    actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=revision(number), decision=decision)
    return number


def balances() -> dict[str, int]:
    """What the ledger's accounts hold, those that hold anything."""
    return {each.account.code: each.pence for each in reads.ledger_balances(PLACE, YEAR) if each.pence}


def lines(number: int) -> dict[str, int]:
    """What a set says its accounts hold."""
    return {code: pence for code, pence in budget_set(PLACE, YEAR, number).amounts.items() if pence}


def change(number: int, seen: int, more: int, by: Actor = ANN) -> int:
    """Give WatCom more or less in scope than the draft did."""
    return actions.change_budget_line(
        by=by, place=PLACE, number=number, revision=seen, account=IN, pence=DRAFTED + more, reason="looked at again"
    )
