"""Contracts from the shell."""

from __future__ import annotations

import json

import pytest

from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from openpbc.site.cli import main

PLACE = "west-herts-2008"


@pytest.mark.django_db
def test_register_and_plan(tmp_path, capsys):
    organisations.load_place(by=SYSTEM, place=PLACE)
    assert main(["contracts", "load-register", "--place", PLACE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["contracts"] == 5
    plan = tmp_path / "plan.csv"
    plan.write_text("provider,unit,stream,pod,month,activity,price_pence\nRWG,WATCOM,apc,DC,2008-04,2,65000\n")
    for said in ("is now the plan that counts", "nothing changed"):
        assert main(["contracts", "load-plan", str(plan), "--place", PLACE]) == 0
        assert said in capsys.readouterr().out
    assert main(["contracts", "list", "--place", PLACE]) == 0
    shown = capsys.readouterr().out
    assert "£1,300.00" in shown and "no co-ordinator agreed" in shown
    assert main(["contracts", "list", "--place", PLACE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"]["activity"] == 2
    plan.write_text("provider,unit,stream,pod,month,activity,price_pence\nRWG,WATCOM,apc,DC,2008-04,two,65000\n")
    assert main(["contracts", "load-plan", str(plan), "--place", PLACE]) == 2
    assert "row 1, column activity" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_place_without_contracts(capsys):
    assert main(["contracts", "load-register", "--place", "blmk-2023"]) == 0
    assert "Not set: places/blmk-2023/contracts/register.yaml" in capsys.readouterr().out
    assert main(["contracts", "list", "--place", "blmk-2023"]) == 0
    assert "Activity plan: not set" in capsys.readouterr().out
