"""Budget sets, pooled funds and freed-up resources from the shell, in words and as JSON."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from openpbc.finance import actions
from openpbc.finance.commands import finance
from openpbc.finance.reads.explaining import explain
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations.reads import PUBLIC, book
from openpbc.site import rooms
from tests.integration.finance.budget_setting import ADDS_UP, PLACE, finish_steps

WHEN = ("--on", "2008-04-01", "--reason", "SYNTHETIC")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    organisations.load_place(by=SYSTEM, place=PLACE)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(finance, [*arguments, "--place", PLACE])
    if result.exception is not None:
        raise result.exception
    return result.output


def test_a_set_is_drafted_shown_and_proposed() -> None:
    assert "No budget set is drafted yet" in run("budgets", "list")
    assert "Budget set 1 is drafted" in run("budgets", "draft", "Budgets", "--scenario", ADDS_UP)
    assert "Budget set 2 is drafted" in run("budgets", "draft", "Other", "--scenario", "no_deposit")
    assert [each["number"] for each in json.loads(run("budgets", "list", "--json"))["sets"]] == [2, 1]
    shown = json.loads(run("budgets", "show", "1", "--json"))
    assert shown["difference"] == 0 == sum(line["pence"] for line in shown["lines"]) - shown["allocation"]
    for line in shown["lines"]:
        assert rooms.explain(line["explain"], PUBLIC).value == line["pence"]
    text = run("budgets", "show", "1")
    assert "WatCom, in scope" in text and "the lines less the allocation: £0.00" in text and "£710,949,000.00" in text
    with pytest.raises(UserError, match="5 steps are still open"):
        run("budgets", "propose", "1")
    finish_steps()
    with pytest.raises(Stale):
        run("budgets", "propose", "1", "--revision", "7")
    assert "proposed, at revision 2" in run("budgets", "propose", "1")
    with pytest.raises(UserError, match="no budget set 9"):
        run("budgets", "show", "9")


def test_pools_and_freed_resources_are_moved_and_shown() -> None:
    assert "No pooled fund has been paid into" in run("funds", "show")
    entries = (Entry("allocation", -1_000_00), Entry("group/WATCOM/in-scope", 1_000_00))
    actions.post(
        by=SYSTEM, place=PLACE, kind="budget", entries=entries, on=date(2008, 4, 1), reason="SYNTHETIC"
    )  # fmt: skip
    assert "Journal 2 is posted" in run("funds", "pay", "beds", "county", "300", *WHEN)
    run("funds", "pay", "beds", "pct", "100", "--source", "group/WATCOM/in-scope", *WHEN)
    run("funds", "spend", "beds", "hoists", "80", *WHEN)
    run("funds", "free-up", "group/WATCOM/in-scope", "10", *WHEN)
    run("funds", "use", "WATCOM", "2", "--purpose", "scanner", *WHEN)
    with pytest.raises(UserError, match="say either which budget"):
        run("funds", "use", "WATCOM", "2", *WHEN)
    text = run("funds", "show")
    assert "beds: county" in text and "£240.00" in text and "freed up by WatCom" in text and "70.00%" in text
    found = json.loads(run("funds", "show", "--json"))
    assert found["reinvested_ppm"] == 700_000
    assert [each["flow"]["balance"]["pence"] for each in found["pools"]] == [240_00, 80_00]
    (freed,) = found["freed"]
    assert (freed["flow"]["came"], freed["flow"]["went"]) == (7_00, -2_00)
    assert explain(book(PLACE), freed["flow"]["went_address"]).value == -2_00
