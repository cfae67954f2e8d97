"""The law for one record and its copy for millions give the same record, column for column, to the penny."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from openpbc.activity.rules.scheme import Status
from openpbc.kernel.periods import Month
from tests.property.pricing.engines import Row, by_law, by_sql
from tests.property.pricing.records import County, rich_law, rich_places, shipped_law

MONTH = Month.parse("2008-11")
VARIANTS = {
    "as shipped": {},
    "the commissioner pays the factor": {
        "mff_payer": "COMMISSIONER",
        "sse_los": "SPELL",
        "topup_base": "FULL",
        "nf2f_by_tariff": True,
    },
    "by discharge, no relief": {"assign_on": "DISCHARGE", "delayed_discharge_relief": False, "sse_age_from": 17},
}


@cache
def _county() -> dict[str, list[Row]]:
    return County(20081, rich_law(), rich_places()).rows(10_000, 5_000, 5_000)


@cache
def _by_law(variant: str) -> dict[tuple[str, str, int], Row]:
    law = rich_law()
    scheme = replace(law.scheme, **VARIANTS[variant])
    return by_law(_county(), replace(law, scheme=scheme), rich_places(), MONTH)


@pytest.mark.parametrize("variant", VARIANTS)
def test_both_engines_give_the_same_records(variant: str) -> None:
    law = rich_law()
    law = replace(law, scheme=replace(law.scheme, **VARIANTS[variant]))
    expected, found = _by_law(variant), by_sql(_county(), law, rich_places(), MONTH)
    assert len(expected) == len(found) >= 20_000
    different = [(expected[key], found.get(key)) for key in expected if expected[key] != found.get(key)]
    assert different == []


def test_the_law_as_shipped_agrees_too() -> None:
    rows = County(4, shipped_law(), rich_places()).rows(600, 300, 300)
    args = (rows, shipped_law(), rich_places(), MONTH)
    assert by_law(*args) == by_sql(*args)


def test_the_generated_rows_reach_every_branch() -> None:
    records = [*_by_law("as shipped").values()]
    assert {r["status"] for r in records} == {status.value for status in Status}
    reached = {(r["stream"], r["reason"]) for r in records}
    assert reached == {
        *(("apc", reason) for reason in (
            "", "APPROXIMATE", "LOCAL", "LOCAL-UNSET", "N-CLASS", "N-DATES", "N-FORMAT", "N-HRG", "N-MFF", "N-YEAR",
            "X-EQ", "X-LOCAL", "X-MH", "X-NOPRICE", "X-OPEN", "X-OSV", "X-PRIV", "X-REG", "X-UNG")),
        *(("op", reason) for reason in (
            "", "LOCAL", "LOCAL-UNSET", "N-ATTENDED", "N-FIRST", "N-FUTURE", "N-MFF", "N-YEAR", "X-ADMIN", "X-DNA",
            "X-EQ", "X-LOCAL", "X-MH", "X-NOPRICE", "X-OSV", "X-PRIV")),
        *(("ae", reason) for reason in (
            "", "LOCAL", "LOCAL-UNSET", "N-FORMAT", "N-HRG", "N-MFF", "N-YEAR", "X-EQ", "X-LEFT", "X-LOCAL",
            "X-NOPRICE", "X-OSV", "X-PRIV", "X-UNG")),
    }  # fmt: skip
    assert {r["pod"] for r in records} == {
        "DC", "EL", "NEL", "NELNE", "NELST", "RADAY", "RANIGHT", "OTHER", "OPFASPCL", "OPFASPNCL", "OPFAMPCL",
        "OPFAMPNCL", "OPFUPSPCL", "OPFUPSPNCL", "OPFUPMPCL", "OPFUPMPNCL", "OPPROCFA", "OPPROCFUP", "NF2FFA", "NF2FFUP",
        "AE",
    }  # fmt: skip
    assert {r["method"] for r in records} == {
        "PRIVATE", "OVERSEAS", "ARMED_FORCES", "PRISON", "SPECIALISED", "HOST", "PRACTICE", "POSTCODE",
        "PROVIDER_SUPPLIED", "UNASSIGNED",
    }  # fmt: skip
    assert {each["code"] for r in records for each in r["elements"]} == {"XU1", "XU2", "XU3", "XU9"}
    assert any(r["stream"] == "op" and r["elements"] for r in records)
    for part in ("topup", "long_stay", "unbundled", "excess_bed_days"):
        assert any((r[part] or 0) > 0 for r in records), part
    assert any(r["status"] == "PRICED" and r["pre_mff"] == 0 for r in records), "a price of nothing"


def test_money_is_stated_only_where_there_is_a_price() -> None:
    for record in _by_law("as shipped").values():
        money = [record[name] for name in ("base", "topup", "long_stay", "unbundled", "pre_mff", "price", "charge")]
        stated = record["status"] in ("PRICED", "EXCLUDED") or record["reason"] == "LOCAL"
        assert all((amount is not None) == stated for amount in money), record
        if record["status"] == "PRICED":
            assert record["base"] + record["topup"] + record["long_stay"] + record["unbundled"] == record["pre_mff"]
            assert record["pre_mff"] + record["mff_amount"] == record["price"]
            assert record["charge"] == record["pre_mff"]
        if record["status"] == "EXCLUDED":
            assert set(money) == {0}
