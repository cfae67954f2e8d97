"""The score of a checker: what it found of what was planted, and what else it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.kernel.problems import UserError
from openpbc.synth.scoring import Mark, read_findings, read_key, score

KEY = [
    ("bad_nhs_number", Mark("a.csv", 1, "V-ALL-03", "nhs_number")),
    ("missing_practice", Mark("a.csv", 2, "V-ALL-06", "practice")),
    ("other_commissioner", Mark("a.csv", 3, "", "commissioner")),
    ("outside_month", Mark("b.csv", 1, "V-ALL-07")),
]


def test_a_finding_that_says_the_same_place_rule_and_field_finds_the_fault():
    made = score(KEY, [mark for _, mark in KEY])
    assert (made.planted, made.found, made.found_ppm, made.false_alarms) == (3, 3, 1_000_000, 0)
    assert made.missed == () and dict(made.unscored) == {"other_commissioner": 1}


@pytest.mark.parametrize(
    "finding",
    [
        Mark("a.csv", 1, "V-ALL-04", "nhs_number"),
        Mark("a.csv", 1, "V-ALL-03", "dob"),
        Mark("a.csv", 9, "V-ALL-03", "nhs_number"),
        Mark("b.csv", 1, "V-ALL-03", "nhs_number"),
    ],
)
def test_another_rule_field_or_place_does_not(finding: Mark):
    made = score(KEY[:1], [finding])
    assert made.found == 0 and made.missed == ((KEY[0]),)


@pytest.mark.parametrize("said", [("", ""), ("", "nhs_number"), ("V-ALL-03", "")])
def test_a_checker_may_say_less(said: tuple[str, str]):
    assert score(KEY[:1], [Mark("a.csv", 1, *said)]).found == 1


def test_what_else_is_found_counts_beside_faults_or_as_false_alarms():
    made = score(KEY, [Mark("a.csv", 3, "V-ALL-10"), Mark("c.csv", 7, "V-OP-04"), Mark("c.csv", 7, "V-OP-04")])
    assert (dict(made.beside), dict(made.alarms)) == ({"V-ALL-10": 1}, {"V-OP-04": 1})
    assert made.examples["V-OP-04"] == Mark("c.csv", 7, "V-OP-04")


def test_the_share_is_never_rounded_up():
    key = [("f", Mark("a.csv", line, "R")) for line in range(1, 1001)]
    made = score(key, [mark for _, mark in key[:-1]])
    assert made.found_ppm == 999_000
    assert score([], []).found_ppm == 1_000_000


def _csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "findings.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_findings_are_read_by_the_names_of_their_columns(tmp_path: Path):
    found = read_findings(_csv(tmp_path, "line,extra,file\n4,x,/some/where/a.csv\n0,x,a.csv\n,x,a.csv\n"))
    assert found == [Mark("a.csv", 4)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("file,rule\na.csv,R\n", "no column line"),
        ("", "no column file"),
        ("file,line\na.csv,one\n", "not a whole number"),
        ("file,line\na.csv,-1\n", "not a whole number"),
        (b"file,line\n\xff\xfe,1\n", "cannot be read as CSV"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, text: str | bytes, says: str):
    with pytest.raises(UserError, match=says):
        read_findings(_csv(tmp_path, text))


def test_a_folder_without_a_key_is_refused(tmp_path: Path):
    with pytest.raises(UserError, match=r"holds no SYNTHETIC-faults\.csv"):
        read_key(tmp_path)
