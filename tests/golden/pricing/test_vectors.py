"""The golden vectors of the domain notes on both engines: five from a published tariff, thirteen SYNTHETIC."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from openpbc.activity.flow.pricing_law import pricing_law
from openpbc.activity.rules.attribution import Geography
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.scheme import Period
from openpbc.activity.rules.tariff import AdmittedPrice, Tariff, money, read_admitted
from openpbc.kernel.codes import HRG4
from openpbc.kernel.periods import FinancialYear, Month
from openpbc.rulebook.reader import open_book
from tests.property.pricing.engines import Row, by_law, by_sql, row

HERE = Path(__file__).parent
ENGINES = {"python": by_law, "duckdb": by_sql}
_ADMITTED = {"2017-18": date(2017, 6, 1), "SYN": date(2008, 6, 1)}


def vectors() -> list[dict[str, str]]:
    """Give the vectors as they are written down."""
    with (HERE / "vectors.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def law_of(tariff: str, sse_los: str) -> PricingLaw:
    """Give the law by which the vectors of a tariff are priced."""
    shipped = pricing_law(open_book("west-herts-2008"), mff={"RAA": 10_500_000 if tariff == "SYN" else 10_000_000})
    scheme = replace(shipped.scheme, sse_los=sse_los, mff_payer="COMMISSIONER")
    if tariff == "SYN":
        prices = AdmittedPrice(
            "SYN01", combined=100_000, el_trim=5, non_elective=200_000, nel_trim=20, per_day=20_000,
            sse_applies=True, sse_ppm=250_000,
        )  # fmt: skip
        scheme = replace(scheme, hrg_format="SYN[0-9]{2}")
        return replace(shipped, scheme=scheme, tariff=Tariff({"SYN01": prices}))
    sheet = HERE / "england-2017-18-extract" / "tariff_apc.csv"
    with sheet.open(encoding="utf-8", newline="") as lines:
        admitted = read_admitted(csv.DictReader(lines), sheet.name)
    period = Period.of(FinancialYear(2017))
    scheme = replace(scheme, hrg_format=HRG4, hrg_ungrouped="UZ01Z")
    return replace(shipped, scheme=scheme, tariff=Tariff(admitted), period=period)


def episode(vector: dict[str, str]) -> Row:
    """Give the record of a vector."""
    admitted = _ADMITTED[vector["tariff"]]
    discharged = admitted + timedelta(days=int(vector["los"])) if vector["los"] else None
    ready = discharged - timedelta(days=int(vector["delayed"])) if discharged and vector["delayed"] != "0" else None
    return row(
        "apc", 1, spell_no="1", epi_no=1, adm_method=vector["adm_method"], patient_class=vector["patient_class"],
        age=int(vector["age"]), adm_date=admitted, dis_date=discharged, ready_date=ready, epi_start=admitted,
        critical_care_days=int(vector["critical_care"]), hrg_spell=vector["hrg"],
    )  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"{vector['tariff']} {vector['case']}")
def test_a_golden_vector(vector: dict[str, str], engine: str) -> None:
    law = law_of(vector["tariff"], vector["sse_los"])
    month = Month.of(law.period.first)
    (record,) = ENGINES[engine]({"apc": [episode(vector)]}, law, Geography(held="held"), month).values()
    assert (record["pre_mff"], record["price"]) == (money(vector["pre_mff"]), money(vector["price"]))
    assert f"{record['status']} {record['reason']}".strip() == vector["outcome"]


def test_all_eighteen_vectors_are_here() -> None:
    assert [v["tariff"] for v in vectors()].count("2017-18") == 5
    assert [v["tariff"] for v in vectors()].count("SYN") == 13
