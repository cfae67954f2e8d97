"""The ledger from the shell: the same actions and reads, and one sentence with exit code 2 for a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openpbc.finance import reads
from openpbc.finance.models import LedgerLine
from openpbc.site.cli import main
from tests.integration.finance.conftest import EAST, MILLION, WEST, YEAR

pytestmark = pytest.mark.django_db


def run(place: str, *words: str) -> int:
    command, *rest = words
    return main(["finance", "ledger", command, "--place", place, *rest])


def test_balances_and_journals_are_listed(funded: str, capsys) -> None:
    assert run(funded, "balances") == 0
    told = capsys.readouterr().out
    assert "East group in scope" in told and "£4,000,000.00" in told and told.rstrip().endswith("£0.00")
    assert run(funded, "balances", "--kind", "group", "--as-at", "2008-03-31", "--json") == 0
    assert {each["pence"] for each in json.loads(capsys.readouterr().out)} == {0}
    assert run(funded, "journal", "2") == 0
    assert "Budgets of the groups" in capsys.readouterr().out
    assert run(funded, "journal", "2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["entries"][1]["pence"] == 4 * MILLION
    assert run(funded, "journal", "9") == 2
    assert "there is no journal 9" in capsys.readouterr().err


def test_journals_are_posted_moved_and_reversed(funded: str, capsys) -> None:
    why = ("--on", "2008-05-01", "--reason", "SYNTHETIC")
    assert run(funded, "post", *why, "--kind", "reserve", "--key", "k", "held/unallocated=-5", "held/risk-pool=5") == 0
    assert run(funded, "post", *why, "--kind", "reserve", "--key", "k", "held/unallocated=-5", "held/risk-pool=5") == 0
    assert "Journal 3 was posted before." in capsys.readouterr().out
    assert run(funded, "virement", *why, EAST, WEST, "1,000.50") == 0
    assert run(funded, "reverse", *why, "4") == 0
    assert reads.balance(funded, YEAR, EAST).pence == 4 * MILLION
    assert run(funded, "virement", *why, EAST, WEST, "9,000,000") == 2
    assert "Move at most £4,000,000.00" in capsys.readouterr().err
    assert run(funded, "post", *why, "--kind", "reserve", "nothing") == 2


def test_a_file_is_only_read_until_it_is_to_be_posted(place: str, tmp_path: Path, capsys) -> None:
    path = tmp_path / "opening.csv"
    path.write_text("account,amount\nallocation,-5\nheld/contingency,5\n")
    assert run(place, "import", str(path)) == 0
    assert "2 rows, 2 accepted, 0 rejected" in capsys.readouterr().out and not reads.has_budgets(place, YEAR)
    assert reads.count_journals(place, YEAR) == 0
    assert run(place, "import", "--post", str(path)) == 0 and reads.count_journals(place, YEAR) == 1
    path.write_text("account,amount\nallocation,-5\nheld/contingency,five\n")
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        run(place, "import", "--json", str(path))
    assert left.value.code == 2
    body = json.loads(capsys.readouterr().out)
    assert (body["rows"], body["accepted"], body["rejected"]) == (2, 1, 1) and body["findings"][0]["row"] == 2


def test_budgets_are_issued_and_a_year_without_its_rule_does_not_end(funded: str, capsys) -> None:
    why = ("--on", "2008-04-01", "--reason", "SYNTHETIC")
    assert run(funded, "issue-indicative", *why, "--unit", "EAST", "--method", "registered-list") == 0
    assert run(funded, "issue-indicative", *why, "--unit", "EAST", "--method", "registered-list") == 0
    assert "Nothing is left to issue" in capsys.readouterr().out
    assert run(funded, "roll-over", "--on", "2009-03-31", "--reason", "SYNTHETIC") == 2
    assert "carry_forward.yaml" in capsys.readouterr().err


def test_a_ledger_that_was_tampered_with_is_found(funded: str, capsys, guards_off) -> None:
    assert run(funded, "check") == 0
    assert "0 problems" in capsys.readouterr().out
    with guards_off():
        LedgerLine.objects.filter(account__code=WEST).update(amount=1)
    with pytest.raises(SystemExit):
        run(funded, "check", "--json")
    found = json.loads(capsys.readouterr().out)
    assert not found["intact"] and found["total"] != 0
    assert any("Journal 2 has 3 lines of 3" in each for each in found["problems"])
    assert any("group/WEST/in-scope: line 1 says" in each for each in found["problems"])
