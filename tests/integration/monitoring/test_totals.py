"""Contract totals of a closed month as managers see them: pages, downloads, explanations, and the shell."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from openpbc.activity import actions as activity
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import recompute
from openpbc.monitoring import actions, reads
from openpbc.monitoring.reads.reconciling import explain_reconciliation
from openpbc.site.cli import main
from tests.integration.activity.test_contract_monitoring import HEAD, TOTAL, contract_file
from tests.integration.site.conftest import As, as_role, people, quick_hashing
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
__all__ = ["as_role", "people", "quick_hashing"]
APRIL = Month.parse("2008-04")
AT = f"/p/{PLACE}/months/2008-04/totals"
FIGURE = re.compile(r'data-figure="([^"]*)" data-value="(-?\d+)"')


@pytest.fixture
def closed(settings, tmp_path: Path, people) -> str:
    settings.HOME = tmp_path / "home"
    april = {"fin_month": "1"}
    sent = [
        write(tmp_path, "op", rows("op", 3, appointment_date="2008-04-02"), "RWG_2008-04_op.csv"),
        contract_file(tmp_path, "drplcm", [
            HEAD | april | {"activity_date": "2008-04-05", "item_name": "a drug", "total_cost": "100", "pod": "DRUG"},
        ]),
        contract_file(tmp_path, "acm", [
            TOTAL | april | {"pod": "DRUG", "activity": "0", "price": "150"},
            TOTAL | april | {"pod": "DRUG", "activity": "0", "price": "10"},
        ]),
    ]  # fmt: skip
    for path in sent:
        activity.receive(by=SYSTEM, place=PLACE, path=path, provider="RWG", month=APRIL)
    return actions.close(by=SYSTEM, place=PLACE, month=APRIL).run_id


def test_the_pages_show_what_is_held_and_every_figure_is_explained(closed: str, as_role: As) -> None:
    manager = as_role("contract_manager")
    listing = manager.get(AT)
    assert listing.status_code == 200
    page = manager.get(f"{AT}/RWG")
    text = page.content.decode()
    assert page.status_code == 200 and "CM-17" in text and "charged, not backed" in text
    figures = [found for found in FIGURE.findall(listing.content.decode() + text) if found[0]]
    assert len(figures) > 15
    for address, value in figures:
        explained = explain_reconciliation(address)
        assert (explained.value, recompute(explained)) == (int(value), int(value)), address
    found = reads.reconciliation(PLACE, APRIL, "RWG")
    drug = next(one for one in found.pods if one.pod == "DRUG")
    assert (drug.acm, drug.drplcm, drug.residual, drug.held, found.twins) == (16_000, 10_000, 6_000, 6_000, 2 - 1)
    stage = next(one for one in reads.conservation(PLACE, APRIL).stages if one.stream == "drplcm")
    assert (stage.received, stage.charge, stage.holds) == (1, 10_000, True)


def test_a_table_can_be_taken_away(closed: str, as_role: As) -> None:
    answer = as_role("contract_manager").get(f"{AT}/RWG?download=pods.csv")
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    listed = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    (drug,) = [row for row in listed if "DRUG" in row]
    assert {"160", "100", "60"} <= {cell.removesuffix(".00") for cell in drug}


@pytest.mark.parametrize("role", ["gp_lead", "group_manager", "provider_lead", "committee_chair"])
def test_others_do_not_see_them(closed: str, as_role: As, role: str) -> None:
    assert as_role(role).get(AT).status_code == 403
    assert as_role(role).get(f"{AT}/RWG").status_code == 403


def test_an_unknown_provider_and_an_open_month_are_sentences(closed: str, as_role: As) -> None:
    manager = as_role("contract_manager")
    assert manager.get(f"{AT}/XXX").status_code == 422
    assert "no totals" in manager.get(f"{AT}/RWH").content.decode()
    assert manager.get(f"/p/{PLACE}/months/2009-01/totals").status_code in (200, 422)


def test_the_shell(closed: str, capsys) -> None:
    assert main(["month", "totals", "2008-04", "--place", PLACE, "--provider", "RWG", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {row["pod"]: row["held"] for row in shown}["DRUG"] == 6_000
    assert main(["month", "totals", "2008-04", "--place", PLACE]) == 0
    assert "RWG" in capsys.readouterr().out
