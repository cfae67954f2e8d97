"""The artificial Hospital Episode Statistics: 200 rows in each, every one accounted for, oddities as findings."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from openpbc.activity import reads
from openpbc.kernel.problems import UserError
from openpbc.warehouse import landing
from openpbc.warehouse.session import Session
from tests.integration.activity.conftest import HES
from tests.unit.activity.rows import PLACE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SAMPLES = {
    "apc_0102_sample.csv": ("hes-apc", "apc"),
    "op_0304_sample.csv": ("hes-op", "op"),
    "ae_0708_sample.csv": ("hes-ae", "ae"),
}


def raw(name: str) -> list[dict[str, str]]:
    with (HES / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", SAMPLES)
def test_all_200_rows_are_accounted_for(receive, name: str) -> None:
    receipt = receive(HES / name)
    layout, stream = SAMPLES[name]
    assert (receipt.layout, receipt.stream, receipt.lines, receipt.unparsed) == (layout, stream, 200, 0)
    assert (receipt.provider, receipt.month) == ("", "")
    found = reads.checked(PLACE, receipt.sha256)
    assert found.lines == 200 == found.accepted + found.rejected + found.excluded
    assert found.accepted >= 190
    listed = reads.findings(PLACE, receipt.sha256)
    assert len(listed) == found.findings
    assert {one.place.line for one in listed} <= set(range(1, 201))
    assert all(one.sentence for one in listed)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_lands_as_it_was_sent(receive, name: str) -> None:
    receipt = receive(HES / name)
    landed = landing.landed(reads.store(), receipt.sha256)
    assert landed is not None
    with Session() as session:
        rows = session.records(f"select * from ({landing.rows_with_line(reads.store(), landed)}) order by line")
    sent = raw(name)
    assert [row.pop("line") for row in rows] == list(range(1, 201))
    assert [{name: value or "" for name, value in row.items()} for row in rows] == sent


def marks(receive, name: str) -> Counter[tuple[str, str]]:
    receipt = receive(HES / name)
    return Counter({(rule.rule, rule.field): rule.count for rule in reads.checked(PLACE, receipt.sha256).rules})


def test_sentinel_dates_are_findings(receive) -> None:
    admitted, outpatient = raw("apc_0102_sample.csv"), raw("op_0304_sample.csv")
    found = marks(receive, "apc_0102_sample.csv")
    assert found["D-03", "dta_date"] == sum(row["ELECDATE"] == "1801-01-01" for row in admitted) == 5
    found = marks(receive, "op_0304_sample.csv")
    assert found["D-02", "referral_received_date"] == sum(row["REQDATE"] == "1800-01-01" for row in outpatient) == 24
    assert found["D-03", "referral_received_date"] == sum(row["REQDATE"] == "1801-01-01" for row in outpatient) == 5


def test_default_codes_are_findings(receive) -> None:
    admitted, emergency = raw("apc_0102_sample.csv"), raw("ae_0708_sample.csv")
    found = marks(receive, "apc_0102_sample.csv")
    assert found["D-01", "tfc"] == sum(row["TRETSPEF"].strip() == "&" for row in admitted) == 16
    assert found["D-01", "practice"] == sum(
        row["GPPRAC"].strip() in ("&", "V81997", "V81998", "V81999") for row in admitted
    )
    found = marks(receive, "ae_0708_sample.csv")
    assert found["D-01", "practice"] == sum(row["GPPRAC"].strip() == "&" for row in emergency) == 12
    assert found["D-04", "departure_time"] == sum(row["DEPTIME"] == "4000" for row in emergency) == 5


def test_private_patients_are_excluded_with_the_reason(receive) -> None:
    receipt = receive(HES / "apc_0102_sample.csv")
    private = sum(row["ADMINCAT"] in ("02", "04") for row in raw("apc_0102_sample.csv"))
    reasons = {reason: lines for _, reason, lines in reads.checked(PLACE, receipt.sha256).reasons}
    assert reasons["X-PRIV"] == private


def test_an_extract_belongs_to_no_provider_and_month(receive) -> None:
    with pytest.raises(UserError, match="belongs to no provider and month"):
        receive(HES / "op_0304_sample.csv", provider="RWG")


def test_extracts_do_not_supersede_each_other(receive, tmp_path: Path) -> None:
    half = tmp_path / "half.csv"
    half.write_text("".join((HES / "op_0304_sample.csv").read_text().splitlines(keepends=True)[:101]))
    assert receive(HES / "op_0304_sample.csv").superseded == ""
    assert receive(half).superseded == ""
    assert [one.superseded for one in reads.submissions(PLACE)] == [False, False]
