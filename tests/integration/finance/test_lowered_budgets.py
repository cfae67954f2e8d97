"""A set that lowers a group's budget after its practices have theirs: told before, taken back to the penny."""

from __future__ import annotations

import pytest

from openpbc.finance import actions, reads
from openpbc.finance.reads.budget_sets import budget_set
from openpbc.finance.reads.taking_back import lowered
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.money import share_out
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations.reads import book
from tests.integration.finance.budget_setting import (
    ANN,
    DRAFTED,
    IN,
    PLACE,
    YEAR,
    approved,
    balances,
    change,
    decide,
    drafted,
    propose,
    revision,
)
from tests.integration.finance.conftest import DAY
from tests.integration.site.conftest import As, send

OTHER = "held/contingency"
LESS = 670_833_01
pytestmark = [pytest.mark.django_db]


def practices(held: dict[str, int]) -> dict[str, int]:
    """What WatCom's practices hold in scope."""
    members = {each.account.code for each in reads.ledger_balances(PLACE, YEAR, kind="practice", unit="WATCOM")}
    return {code: pence for code, pence in held.items() if code in members and code.endswith("/in-scope")}


def move(number: int, more: int) -> int:
    """Change WatCom's line, and set off the difference against what is held; gives the set."""
    change(number, 1, more)
    pence = budget_set(PLACE, YEAR, number).amounts[OTHER] - more
    actions.change_budget_line(
        by=ANN, place=PLACE, number=number, revision=2, account=OTHER, pence=pence, reason="the other side"
    )
    return number


def put_in_force(number: int) -> None:
    decision = decide(number)
    actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=revision(number), decision=decision)


@pytest.fixture
def issued(db: None) -> dict[str, int]:
    """A set in force whose budget of WatCom its practices hold: what each holds in scope."""
    organisations.load_place(by=SYSTEM, place=PLACE)
    approved()
    actions.issue_indicative(by=ANN, place=PLACE, unit="WATCOM", method="registered-list", on=DAY, reason="1 May")
    held = practices(balances())
    assert sum(held.values()) == DRAFTED and IN not in balances()
    return held


def test_a_lowered_budget_comes_back_from_practices_in_proportion(issued: dict[str, int], as_role: As) -> None:
    number = move(drafted(), -LESS)
    finance = as_role("finance_manager")
    page = finance.get(f"/p/{PLACE}/budgets/{number}/propose?revision=3").content.decode()
    assert "What it takes, and from whom" in page and "registered list" in page and "£670,833.01" in page
    propose(number)
    put_in_force(number)
    after = practices(balances())
    assert {code: issued[code] - pence for code, pence in after.items()} == share_out(LESS, issued)
    assert sum(after.values()) == DRAFTED - LESS == budget_set(PLACE, YEAR, number).amounts[IN]
    assert IN not in balances() and balances()[OTHER] == budget_set(PLACE, YEAR, number).amounts[OTHER]
    assert reads.ledger_check(PLACE, YEAR).intact
    budget, taken = reads.journals(PLACE, YEAR, limit=2)
    assert (budget.kind, taken.kind, taken.source) == ("budget", "indicative", f"budget-set/{number}")
    assert "in proportion to what each practice holds" in taken.reason
    for each in (*taken.entries, *budget.entries):
        assert reads.explain(book(PLACE), each.address).value == each.pence


@pytest.mark.one_database
def test_what_a_group_kept_goes_first_and_an_increase_stays_with_it(issued: dict[str, int]) -> None:
    more = move(drafted(), 500_00)
    propose(more)
    put_in_force(more)
    assert practices(balances()) == issued and balances()[IN] == 500_00
    less = move(drafted(), 200_00)
    (found,) = [each for each in lowered(budget_set(PLACE, YEAR, less)) if each.own.account.code == IN]
    assert (found.pence, found.from_own, found.back, found.missing) == (300_00, 300_00, (), 0)
    propose(less)
    put_in_force(less)
    assert practices(balances()) == issued and balances()[IN] == 200_00


@pytest.mark.one_database
def test_more_than_all_of_them_hold_is_told_before_the_board_decides(issued: dict[str, int], as_role: As) -> None:
    first = next(iter(issued))
    actions.virement(by=ANN, place=PLACE, source=first, target=OTHER, pence=issued[first], on=DAY, reason="moved away")
    number = move(drafted(), -DRAFTED)
    said = f"the set takes £{DRAFTED // 100:,}"
    shown = send(as_role("finance_manager"), f"/p/{PLACE}/budgets/{number}/propose?revision=3", {"revision": "3"})
    assert said in shown.content.decode()
    with pytest.raises(UserError, match=said):
        propose(number)
    assert budget_set(PLACE, YEAR, number).facts.state == "draft"
