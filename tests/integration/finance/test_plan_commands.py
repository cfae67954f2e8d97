"""The plan's versions from the shell, in words and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from openpbc.finance.commands import finance
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations

PLACE = "west-herts-2008"

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    result = CliRunner().invoke(finance, ["plan", *arguments, "--place", PLACE])
    if result.exception is not None:
        raise result.exception
    return result.output


@pytest.fixture(autouse=True)
def drafted(db) -> None:
    organisations.load_place(by=SYSTEM, place=PLACE)
    assert "No version is drafted yet" in run("versions")
    assert "Version 1, revision 1" in run("draft", "--from", "book", "--title", "First")


def test_versions_are_listed_and_shown_in_thousands():
    assert "690,064" in run("versions")
    found = json.loads(run("versions", "--json"))["versions"][0]
    assert found["totals"] == {
        "allocation": 710949, "committed": 690064, "uncommitted": 20885, "deposit": 15600, "balance": 5285,
    }  # fmt: skip
    assert (found["state"], found["scenario"]) == ("draft", "scenario=deposit_as_asked")
    shown = json.loads(run("show", "1", "--json"))
    assert len(shown["lines"]) == 20 and shown["bridge"]["draft"] == 690064
    assert {each["rule"] for each in shown["findings"]} == {"PV-14", "PV-16"}
    assert "Warning PV-14" in run("show", "book")


def test_two_versions_are_compared():
    assert "the same lines" in run("compare", "book", "1")
    assert "Version 2, revision 1" in run("draft", "--from", "empty", "--title", "Empty")
    found = json.loads(run("compare", "1", "2", "--json"))
    assert {each["kind"] for each in found["differences"]} == {"removed"}
    assert found["balance_effect"] == -5285 == sum(each["effect"] for each in found["differences"])
    assert "Balance: -5,285" in run("compare", "1", "2")


def test_a_plan_that_names_no_scenario_is_refused_and_one_that_does_is_submitted():
    with pytest.raises(UserError, match="names no scenario"):
        run("submit", "1")
    with pytest.raises(UserError, match="since you looked"):
        run("submit", "1", "--scenario", "no_deposit", "--revision", "9")
    with pytest.raises(UserError, match="6 investment lines name no plan"):
        run("submit", "1", "--scenario", "no_deposit")
    done = json.loads(run("submit", "1", "--scenario", "no_deposit", "--unlinked", "a test", "--json"))
    assert "name no plan: a test" in done["what"]
    assert (done["version"], done["revision"]) == (1, 2)
