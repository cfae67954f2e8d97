"""Activity from the shell: one sentence on stderr and exit code 2 for a person's mistake, data alone on stdout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openpbc.site.cli import main
from tests.integration.activity.conftest import HES
from tests.unit.activity import bad_files
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db


def receive(path: Path, *more: str) -> int:
    return main(["activity", "receive", str(path), "--place", PLACE, *more])


def test_a_receipt_and_what_was_found(place, tmp_path: Path, capsys) -> None:
    path = write(tmp_path, "op", [*rows("op", 3), *rows("op", 1, cds_unique_id="K9", commissioner="Q99")])
    assert receive(path, "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["lines"], facts["accepted"], facts["rejected"], facts["excluded"]) == (4, 3, 1, 0)
    assert facts["reasons"] == [{"outcome": "rejected", "reason": "V-ALL-02", "lines": 1}]
    assert receive(path) == 0
    assert "received before; nothing changed" in capsys.readouterr().out


def test_findings_by_path_and_by_hash(place, tmp_path: Path, capsys) -> None:
    path = write(tmp_path, "op", rows("op", 3, nhs_number="9990000019"))
    receive(path)
    capsys.readouterr()
    assert main(["activity", "findings", str(path), "--json"]) == 0
    by_path = json.loads(capsys.readouterr().out)
    assert [(one["rule"], one["line"], one["field"]) for one in by_path["findings"]] == [
        ("V-ALL-03", line, "nhs_number") for line in (1, 2, 3)
    ]
    assert main(["activity", "findings", by_path["sha256"][:12], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == by_path
    assert main(["activity", "findings", str(path), "--level", "F", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert main(["activity", "findings", str(path)]) == 0
    assert "The NHS number does not fit its own check digit." in capsys.readouterr().out


def test_a_sample_of_the_artificial_statistics(place, capsys) -> None:
    assert receive(HES / "op_0304_sample.csv", "--layout", "hes-op") == 0
    said = capsys.readouterr().out
    assert "200 lines of outpatients (hes-op) are received" in said
    assert "200 lines = " in said


@pytest.mark.parametrize(
    "kind", ["empty", "utf-16 little end first", "cut off in a line", "a twin column", "another layout"]
)
def test_a_bad_file_ends_with_code_2_and_one_sentence(place, tmp_path: Path, capsys, kind: str) -> None:
    make, word = bad_files.BAD_FILES[kind]
    assert receive(make(tmp_path)) == 2
    said = capsys.readouterr()
    assert said.out == "" and word in said.err and said.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["activity", "receive", "FILE", "--place", "nowhere"],
        ["activity", "receive", "FILE", "--place", PLACE, "--month", "2008-13"],
        ["activity", "receive", "FILE", "--place", PLACE, "--provider", "RXX"],
        ["activity", "receive", "FILE", "--place", PLACE, "--layout", "none"],
        ["activity", "receive", "FILE"],
        ["activity", "findings", "FILE"],
        ["activity", "findings", "abcdef"],
        ["activity", "findings", "no such file"],
    ],
)
def test_a_persons_mistake_ends_with_code_2(place, tmp_path: Path, capsys, arguments: list[str]) -> None:
    path = str(write(tmp_path, "op"))
    assert main([path if part == "FILE" else part for part in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err and "Traceback" not in said.err
