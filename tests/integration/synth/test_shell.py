"""The SYNTHETIC county from the shell."""

from __future__ import annotations

import json

from openpbc.site.cli import main

MAKE = ["synth", "make", "--place", "west-herts-2008", "--seed", "3", "--scale", "0.001"]


def test_files_are_made_once(tmp_path, capsys):
    command = [*MAKE, "--from", "2008-04", "--to", "2008-04", "--out", str(tmp_path / "out")]
    assert main([*command, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert not made["already"]
    assert {"SYNTHETIC-faults.csv", "plan.csv", "RWG_2008-04_op.csv"} <= {file["name"] for file in made["files"]}
    assert main(command) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_mistakes_are_told_in_one_sentence(tmp_path, capsys):
    for extra, says in (
        (["--from", "2008-13", "--to", "2008-04"], "'2008-13' is not a month"),
        (["--from", "2008-05", "--to", "2008-04"], "before the first"),
        (["--from", "2008-04", "--to", "2008-04", "--scale", "much"], "not a number"),
    ):
        assert main([*MAKE, *extra, "--out", str(tmp_path / "out")]) == 2
        error = capsys.readouterr().err
        assert says in error and len(error.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
