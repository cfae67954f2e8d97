"""The shell's twins of the import wizard: looking at a file, and mending lines of one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from openpbc.activity import reads
from openpbc.activity.commands import activity
from openpbc.audit import reads as audit
from openpbc.kernel.problems import UserError
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    ran = CliRunner().invoke(activity, list(arguments), catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_a_look_from_the_shell_keeps_nothing(receive, tmp_path: Path) -> None:
    receive(write(tmp_path, "op", rows("op", 4)))
    head = audit.head()
    path = write(tmp_path, "op", rows("op", 5, first_attendance="2"))
    before = sorted(str(each) for each in reads.store().root.rglob("*") if each.is_file())
    said = run("preview", str(path), "--place", PLACE)
    assert "5 lines = 5 accepted + 0 rejected + 0 excluded" in said
    assert "1 new, 4 changed, 0 removed, 0 unchanged" in said and "The price of the month moves by" in said
    told = json.loads(run("preview", str(path), "--place", PLACE, "--json"))
    assert told["records"]["fields"] == [["first_attendance", 4]]
    assert sorted(str(each) for each in reads.store().root.rglob("*") if each.is_file()) == before
    assert audit.head() == head and len(reads.submissions(PLACE)) == 1


def test_a_look_from_the_shell_tells_what_has_no_price(place, tmp_path: Path) -> None:
    said = run("preview", str(write(tmp_path, "ae", rows("ae", 3, hrg=""))), "--place", PLACE)
    assert "The price of the month moves by £0.00." in said
    assert "3  without a price, N-HRG: " in said and "would wait" not in said


def test_lines_are_mended_from_the_shell(receive, tmp_path: Path) -> None:
    listed = rows("op", 3)
    listed[1]["practice"] = ""
    path = write(tmp_path, "op", listed)
    receive(path)
    out = tmp_path / "mend.xlsx"
    run("errors", str(path), "-o", str(out))
    run("errors", str(path), "-o", str(tmp_path / "mend.csv"))
    assert b"What is wrong" in (tmp_path / "mend.csv").read_bytes()
    with pytest.raises(UserError, match="no line was changed"):
        run("mend", str(out), "--place", PLACE)
    with pytest.raises(UserError, match="neither a workbook nor CSV"):
        run("errors", str(path), "-o", str(tmp_path / "mend.pdf"))
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    sheet = book["Lines to mend"]
    place = [each.value for each in sheet[1]].index("practice")
    sheet[2][place].value = "E82901"
    book.save(out)
    assert "0 new, 1 changed, 0 removed, 2 unchanged" in run("mend", str(out), "--place", PLACE, "--dry-run")
    assert len(reads.submissions(PLACE)) == 1
    assert "1 lines of RWG_2008-06_op.csv are mended." in run("mend", str(out), "--place", PLACE)
    first, second = reads.submissions(PLACE)
    assert reads.mended_from(PLACE, second.sha256) == (first.sha256, 1)
    assert reads.records(PLACE, second.sha256, [2])[0]["practice"] == "E82901"
