"""Interests from the shell: declared, listed and ended, who has one in a matter, and by whom a case is decided."""

from __future__ import annotations

import json

import pytest

from openpbc.site.cli import main
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")
MATTER = f"case/{HERE}/17"


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["governance", *words]) == code, capsys.readouterr().err
    shown = capsys.readouterr()
    return shown.err if code else shown.out


def test_the_shell_declares_lists_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    here, gp = ("--place", HERE), ("--person", "gp@demo")
    told = ("--organisation", "SYNTHETIC Co", "--nature", "professional", "--role", "Adviser", "--from", "2024-04-01")
    declared = said(capsys, "declare", *here, *gp, *told)
    number = declared.split()[1]  # databases differ on whether numbers of undone rows are given again
    assert declared == f"Interest {number} is declared.\n"
    assert "SYNTHETIC Co  Adviser  professional  2024-04-01" in said(capsys, "interests", *here)
    (listed,) = json.loads(said(capsys, "interests", *here, "--json"))
    assert (listed["person"], listed["held_from"]) == ("gp@demo", "2024-04-01")
    assert "and stands" in said(capsys, "declare-none", *here, *gp, code=2)
    end = ("end-interest", *here, number, "--reason", "Left.", "--last-day")
    assert "'soon' is not a date" in said(capsys, *end, "soon", code=2)
    said(capsys, "parties", *here, "--matter", MATTER, "possible-bidder=SYNTHETIC Co")
    assert "gp@demo  takes part" in said(capsys, "conflicts", *here, "--matter", MATTER)
    assert json.loads(said(capsys, "conflicts", *here, "--matter", MATTER, "--json"))[0]["ruling"] == "takes-part"
    assert "is no part in a matter" in said(capsys, "parties", *here, "--matter", MATTER, "friend=X", code=2)
    assert "the chair was not told" in said(capsys, "late", *here)
    assert json.loads(said(capsys, "late", *here, "--json"))[0]["days_late"] > 100
    assert f"Interest {number} has ended" in said(capsys, *end, "2024-05-01")
    assert "chair@demo" in said(capsys, "outstanding", *here)
    assert "gp@demo" not in said(capsys, "outstanding", *here, "--json")
    assert "D3" in said(capsys, "level", *here, "--value", "100")
    assert json.loads(said(capsys, "level", *here, "--json"))["code"] == "D3"
