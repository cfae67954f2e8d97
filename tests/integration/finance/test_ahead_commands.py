"""Scenarios, the years ahead and the scope register from the shell: the same reads as the pages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from openpbc.finance import actions
from openpbc.finance.commands import finance
from openpbc.finance.rules.scope_moves import ItemAmounts
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(db) -> None:
    organisations.load_place(by=SYSTEM, place=HERE)


def invoke(*arguments: str) -> Result:
    command, *more = arguments
    return CliRunner().invoke(finance, [command, "--place", HERE, *more])


def body(*arguments: str):
    result = invoke(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_scenarios_are_saved_and_listed() -> None:
    assert (
        "Saved as saved-1."
        in invoke("scenarios", "--save", "Small", "--settings", "scenario=no_deposit&cap=68000").output
    )
    assert body("scenarios")[-1] == {
        "code": "saved-1", "title": "Small", "kind": "saved", "settings": "scenario=no_deposit&cap=68000",
    }  # fmt: skip
    assert "Small (a cap of 6.80%)" in invoke("scenarios").output
    refused = invoke("scenarios", "--save", "Bad", "--settings", "scenario=none")
    assert isinstance(refused.exception, UserError)


def test_a_comparison_gives_the_published_budgets() -> None:
    found = body("compare", "--with", "no_deposit", "--with", "deposit_as_budgeted")
    budgeted = found["scenarios"][1]
    assert [round(each["in_scope"]) for each in budgeted["groups"]] == [159509, 129225, 110146, 83181]
    assert (budgeted["given_up"], budgeted["plan_balance"]) == (13675.32, 7184)
    assert found["claims"][0]["verdict"] == "does not hold"
    assert "DatCom" in invoke("compare").output
    assert isinstance(invoke("compare", "--with", "other").exception, UserError)


def test_the_years_ahead_say_what_is_not_set() -> None:
    found = body("multi-year")
    assert [each["without"] for each in found["years"]] == [710949, None, None, None, None, None]
    assert {each["returned"] for each in found["years"]} == {None}
    assert found["groups"][1]["as_printed"] == 5578
    assert "not set" in invoke("multi-year").output
    tried = body("multi-year", "--growth", "3", "--lower", "0.5")
    assert tried["years"][1]["growth_without_percent"] == 2.5
    assert isinstance(invoke("multi-year", "--growth", "much").exception, UserError)


def test_the_register_names_what_was_not_supplied() -> None:
    assert "Not supplied: List of items out of scope" in invoke("scope").output
    amounts = {"WATCOM": ItemAmounts(10_000_000, 10_000_000)}
    actions.add_scope_item(by=SYSTEM, place=HERE, title="Surgery", scope="in", amounts=amounts)
    actions.propose_scope(by=SYSTEM, place=HERE, number=1, revision=1, wanted="out", reason="x")
    assert body("scope")["items"][0]["waits"] == "move it out of scope"
    actions.decide_scope(by=SYSTEM, place=HERE, number=1, revision=1, proposal=1, outcome="agreed", reason="x")
    assert body("scope")["agreed"] == "scope=WATCOM.-10000000.10000000.10000000"
    assert "The moves agreed so far" in invoke("scope").output
