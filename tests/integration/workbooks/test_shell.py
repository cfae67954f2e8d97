"""Plans as workbooks from the shell: shown first, taken with --yes, and one sentence for a person's mistake."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from openpbc.finance import actions
from openpbc.finance.reads import plan_versions as reads
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from openpbc.site.cli import main

pytestmark = pytest.mark.django_db
HERE = "west-herts-2008"


@pytest.fixture
def handed(tmp_path: Path, settings, capsys) -> Path:
    """The workbook of a first version, written to a file."""
    settings.HOME = tmp_path
    organisations.load_place(by=SYSTEM, place=HERE)
    actions.load_published_plan(by=SYSTEM, place=HERE)
    path = tmp_path / "plan.xlsx"
    assert main(["finance", "plan", "export", "1", "--place", HERE, "--out", str(path)]) == 0
    assert "Wrote" in capsys.readouterr().out
    return path


def bring(path: Path, *more: str) -> int:
    return main(["finance", "plan", "import", str(path), "--version", "1", "--place", HERE, *more])


def amount(path: Path, code: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Plan"]
    next(row for row in sheet.iter_rows() if row[0].value == code)[4].value = value
    book.save(path)


def test_there_and_back_changes_nothing(handed: Path, capsys):
    assert bring(handed, "--yes") == 0
    assert "the workbook changes nothing" in capsys.readouterr().out
    assert reads.plan_version(HERE, "2008-09", 1).facts.revision == 1


def test_a_change_is_shown_and_taken_only_with_yes(handed: Path, capsys):
    amount(handed, "prescribing", 3_458.5)
    assert bring(handed, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["differences"] == [{"code": "prescribing", "kind": "changed", "effect": -0.5, "fields": ["amount"]}]
    assert reads.plan_version(HERE, "2008-09", 1).facts.revision == 1
    assert bring(handed, "--yes") == 0
    assert "took the lines of the workbook plan.xlsx" in capsys.readouterr().err
    assert reads.plan_version(HERE, "2008-09", 1).line("prescribing").amount == 345_850_000
    assert bring(handed, "--yes") == 2, "the file is of the revision before"
    said = capsys.readouterr()
    assert "somebody changed version 1 of the plan since you looked" in said.err
    assert "Since the workbook was handed out" in said.out


def test_rows_to_mend_end_with_code_2_and_a_workbook_to_mend(handed: Path, tmp_path: Path, capsys):
    amount(handed, "prescribing", "lots")
    mend = tmp_path / "mend.xlsx"
    assert bring(handed, "--yes", "--mend", str(mend)) == 2
    said = capsys.readouterr()
    assert "Error Plan E" in said.out
    assert said.err.count("\n") == 1
    assert "1 rows must be mended. Nothing was changed." in said.err
    assert openpyxl.load_workbook(io.BytesIO(mend.read_bytes())).sheetnames == ["Read me", "Plan"]
    amount(mend, "prescribing", 3_458)
    assert bring(mend) == 0
    assert "the workbook changes nothing" in capsys.readouterr().out


def test_files_that_are_not_there_or_cannot_be_written(handed: Path, tmp_path: Path, capsys):
    assert bring(tmp_path / "none.xlsx") == 2
    assert main(["finance", "plan", "export", "book", "--place", HERE, "--out", str(tmp_path / "no" / "p.xlsx")]) == 2
    assert "cannot be written there" in capsys.readouterr().err


def test_the_template_needs_no_version(tmp_path: Path, capsys):
    path = tmp_path / "template.xlsx"
    assert main(["finance", "plan", "template", "--place", "blmk-2023", "--out", str(path)]) == 0
    assert openpyxl.load_workbook(path)["Plan"].max_row == 4
