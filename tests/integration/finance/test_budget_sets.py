"""Budget sets: the sum rule, the decision, the ledger to the penny, supersession, and two people at once."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.reads.budget_set_drafts import draft
from openpbc.finance.reads.budget_sets import budget_set, budget_set_in_force, budget_sets
from openpbc.finance.reads.scenarios import Settings
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisations
from openpbc.organisations.reads import PUBLIC
from openpbc.organisations.reads import book as open_book
from openpbc.site import rooms
from tests.integration.finance.budget_setting import (
    ADDS_UP,
    ANN,
    AS_PRINTED,
    BOB,
    IN,
    PLACE,
    YEAR,
    approved,
    balances,
    change,
    decide,
    drafted,
    finish_steps,
    lines,
    propose,
    revision,
)

K = 100_000


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    """Load the place."""
    organisations.load_place(by=SYSTEM, place=PLACE)


def test_the_printed_tables_do_not_add_up_and_the_sentence_says_by_how_much() -> None:
    found = draft(open_book(PLACE), Settings.parse(AS_PRINTED))
    assert found.sums.allocation == 710_949 * K
    assert found.sums.difference == 1 * K
    assert "add up to £710,950,000.00: £1,000.00 more than the allocation of £710,949,000.00" in found.problem
    assert found.pot_that_adds_up == 495_678 * K
    assert draft(open_book(PLACE), Settings.parse(ADDS_UP)).problem == ""


def test_deposits_by_group_are_the_published_ones_to_the_thousand() -> None:
    found = draft(open_book(PLACE), Settings.parse(AS_PRINTED))
    by_group = {line.account: line.pence for line in found.lines if line.account.startswith("deposit/")}
    printed = {"WATCOM": 4_870, "DATCOM": 5_578, "STAHCOM": 2_099, "HERTSMERE": 1_129}
    assert {code: by_group[f"deposit/{code}"] for code in printed} == {
        "WATCOM": 486_982_000, "DATCOM": 557_703_000, "STAHCOM": 209_920_000, "HERTSMERE": 112_927_000,
    }  # fmt: skip
    assert all(abs(by_group[f"deposit/{code}"] - k * K) <= 1 * K for code, k in printed.items())
    assert round(sum(by_group.values()) / K) == 13_675


def test_a_set_that_does_not_add_up_or_has_an_open_step_cannot_be_proposed() -> None:
    number = drafted(AS_PRINTED)
    with pytest.raises(UserError, match=r"Take £1,000.00 off a line, or draft anew"):
        actions.propose_budget_set(by=ANN, place=PLACE, number=number, revision=1)
    good = drafted()
    with pytest.raises(UserError, match="5 steps are still open: Review which items"):
        actions.propose_budget_set(by=ANN, place=PLACE, number=good, revision=1)
    finish_steps()
    actions.propose_budget_set(by=ANN, place=PLACE, number=good, revision=1)
    assert budget_set(PLACE, YEAR, good).facts.state == "proposed"


def test_an_approved_set_is_the_ledger_to_the_penny() -> None:
    number = approved()
    held = balances()
    assert held.pop("allocation") == -710_949 * K
    assert held == lines(number)
    assert sum(held.values()) == 710_949 * K
    kinds = [each.kind for each in reads.journals(PLACE, YEAR)]
    assert sorted(kinds) == ["allocation", "budget", "deposit", "top-slice"]
    assert {each.source for each in reads.journals(PLACE, YEAR)} == {f"budget-set/{number}"}
    assert {str(each.on) for each in reads.journals(PLACE, YEAR)} == {"2008-03-26"}
    facts = budget_set(PLACE, YEAR, number).facts
    assert (facts.state, facts.decision is not None) == ("approved", True)
    assert {event.action for event in audit.events()[:2]} == {"finance.approve_budget_set", "finance.post_many"}
    assert len({event.root_id for event in audit.events()[:2]}) == 1
    assert audit.verify().intact


def test_the_next_set_moves_only_the_differences() -> None:
    first = approved()
    second = drafted("scenario=no_deposit&pot=49567800000")
    propose(second)
    actions.approve_budget_set(by=BOB, place=PLACE, number=second, revision=revision(second), decision=decide(second))
    held = balances()
    assert held.pop("allocation") == -710_949 * K
    assert held == lines(second)
    assert not any(code.startswith("deposit/") for code in held)
    latest = reads.journals(PLACE, YEAR)[0]
    assert (latest.kind, latest.source) == ("budget", f"budget-set/{second}")
    assert [each.state for each in budget_sets(PLACE, YEAR)] == ["approved", "superseded"]
    assert budget_set_in_force(PLACE, YEAR).facts.supersedes == first


@pytest.mark.parametrize(
    ("outcome", "changes", "sentence"),
    [
        ("refused", {}, "says 'refused'"),
        ("deferred", {}, "says 'deferred'"),
        ("approved", {"body": "governance_committee"}, "only Board approves budgets"),
        ("approved", {"matter": f"budget-set/{PLACE}/{YEAR}/9"}, "is not on budget set"),
        ("approved", {"matter": "", "title": "Something else"}, "is not on budget set"),
    ],
)
def test_only_an_approval_of_this_very_set_puts_it_in_force(outcome: str, changes: dict, sentence: str) -> None:
    number = drafted()
    propose(number)
    decision = decide(number, outcome, **changes)
    with pytest.raises(UserError, match=sentence):
        actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=2, decision=decision)
    assert not balances()
    assert budget_set(PLACE, YEAR, number).facts.state == "proposed"


def test_a_decision_on_an_earlier_state_of_the_set_does_not_count() -> None:
    number = drafted()
    propose(number)
    decision = decide(number)
    change(number, 2, -1, BOB)
    change(number, 3, 0, BOB)
    propose(number)
    with pytest.raises(UserError, match="recorded before the set was proposed as it stands now"):
        actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=5, decision=decision)


def test_a_corrected_decision_does_not_count() -> None:
    number = drafted()
    propose(number)
    wrong = decide(number)
    decide(number, "refused", replaces=wrong)
    with pytest.raises(UserError, match="was corrected"):
        actions.approve_budget_set(by=ANN, place=PLACE, number=number, revision=2, decision=wrong)


def test_a_change_makes_a_proposed_set_a_draft_again_and_is_told_to_who_comes_late() -> None:
    number = drafted()
    propose(number)
    assert change(number, 2, -5_000, BOB) == 3
    assert budget_set(PLACE, YEAR, number).facts.state == "draft"
    with pytest.raises(
        Stale, match=r"Bob of finance changed group/WATCOM/in-scope from £159,509,180.00 to £159,509,130"
    ):
        actions.propose_budget_set(by=ANN, place=PLACE, number=number, revision=2)


@pytest.mark.parametrize(
    ("account", "pence", "reason", "sentence"),
    [
        (IN, -1, "why", "may not be less than nought"),
        (IN, 1, "", "the reason is empty"),
        ("group/NOBODY/in-scope", 1, "why", "has no group NOBODY"),
        ("practice/E82001/in-scope", 1, "why", "has no line for practice"),
        ("nonsense", 1, "why", "no account of the ledger"),
        (IN, 10**16, "why", "more than a ledger holds"),
    ],
)
def test_a_bad_change_is_a_sentence(account: str, pence: int, reason: str, sentence: str) -> None:
    number = drafted()
    said = {"account": account, "pence": pence, "reason": reason}
    with pytest.raises(UserError, match=sentence):
        actions.change_budget_line(by=ANN, place=PLACE, number=number, revision=1, **said)
    assert revision(number) == 1


def test_every_figure_is_explained_to_its_value() -> None:
    number = approved()
    found = budget_set(PLACE, YEAR, number)
    facts = found.facts
    wanted = {facts.address(line.owner, line.figure): line.pence for line in found.lines}
    wanted |= {facts.address(unit, "total"): found.pence(unit, "group") for unit in found.units}
    wanted |= {facts.address("all", "difference"): 0, facts.address("all", "allocation"): facts.allocation}
    for address, pence in wanted.items():
        explained = rooms.explain(address, PUBLIC)
        assert (explained.value, recompute(explained)) == (pence, pence), address
    for unit in (*found.units, "all"):
        for figure in ("growth", "fair-share", "distance", "in-scope-change?with=T5", "out-of-scope-change?with=T4"):
            explained = rooms.explain(facts.address(unit, figure), PUBLIC)
            assert explained.value == recompute(explained)
    watcom = rooms.explain(facts.address("WATCOM", "in-scope-change?with=T5"), PUBLIC)
    assert watcom.value == 18_000, "159,509.18 thousand against 159,509 as printed"
    growth = rooms.explain(facts.address("DATCOM", "growth"), PUBLIC)
    assert growth.value == 70_000
