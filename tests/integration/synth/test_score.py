"""This system's own checks, scored against the key of a SYNTHETIC county as its users would do it: from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openpbc.site.cli import main
from tests.unit.activity.rows import PLACE


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    command = ["synth", "make", "--place", PLACE, "--seed", "5", "--scale", "0.1", "--out", str(folder)]
    assert main([*command, "--from", "2008-05", "--to", "2008-05"]) == 0
    return folder


def _findings(county: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Receive every file and write what was found in it."""
    texts = []
    for file in sorted(county.glob("R*.csv")):
        assert main(["activity", "receive", str(file), "--place", PLACE]) == 0
        capsys.readouterr()
        assert main(["activity", "findings", str(file), "--place", PLACE, "--csv"]) == 0
        texts.append(capsys.readouterr().out)
    head = texts[0].splitlines()[0]
    found = county.parent / "findings.csv"
    found.write_text("\n".join([head, *(line for text in texts for line in text.splitlines()[1:])]), encoding="utf-8")
    return found


def test_at_least_99_in_100_planted_faults_are_found(
    place: str, county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    found = _findings(county, capsys)
    # D-01 remarks on codes that stand for "not known": allowed, and as frequent here as in life
    assert main(["synth", "score", str(county), str(found), "--without", "D-01", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["planted"] > 100
    assert made["found_ppm"] >= 990_000, made["missed"]
    assert not made["missed"], "one in a hundred would hide a rule that finds nothing at all"
    assert made["false_alarms"] == 0, made["alarms"]


def test_the_score_can_fail(place: str, county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("file,line,rule\n", encoding="utf-8")
    assert main(["synth", "score", str(county), str(nothing), "--at-least", "0.99"]) == 1
    assert "0.00 % found" in capsys.readouterr().out
