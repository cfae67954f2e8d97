"""Contract monitoring: totals held against what stands behind them, drugs and devices passed through, charges held."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from openpbc.activity import actions, reads
from openpbc.activity.rules.passing import Line, Member, passed
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import open_book
from openpbc.warehouse import runs
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
JUNE = Month.parse("2008-06")
HEAD = {
    "provider": "RWG",
    "commissioner": "5P4",
    "fin_month": "3",
    "fin_year": "200809",
    "created_at": "2008-07-10T09:00:00",
    "practice": "E82901",
}
TOTAL = HEAD | {"service_category": "12", "national_tariff": "N", "mff": "0"}


def contract_file(folder: Path, stream: str, lines: list[dict[str, str]]) -> Path:
    """Write a file of contract monitoring with the columns of its layout."""
    columns = open_book(PLACE).layouts()[f"data.layout.contract-{stream}"]["streams"][stream]["columns"]
    path = folder / f"RWG_2008-06_{stream}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.values())
        writer.writerows([line.get(field, "") for field in columns] for line in lines)
    return path


@pytest.fixture
def sent(receive, tmp_path: Path):
    """A month of outpatients, with its totals and what stands behind them."""
    receive(write(tmp_path, "op", rows("op", 3)))
    receive(contract_file(tmp_path, "drplcm", [
        HEAD | {"activity_date": "2008-06-05", "item_name": "a drug", "total_cost": "1230.555", "pod": "DRUG"},
        HEAD | {"activity_date": "2008-06-06", "item_name": "a drug", "total_cost": "100", "practice": "E99999"},
    ]))  # fmt: skip
    receive(contract_file(tmp_path, "deplcm", [
        HEAD | {"activity_date": "2008-06-07", "item_name": "a device", "total_cost": "310.10", "commissioner": "XXX"},
    ]))  # fmt: skip
    receive(contract_file(tmp_path, "plcm", [
        TOTAL | {"pod": "COMM", "tfc": "650", "activity": "2", "price": "60", "mff": "3.50",
                 "activity_date": "2008-06-09"},
    ]))  # fmt: skip

    def totals(*lines: dict[str, str]):
        return receive(contract_file(tmp_path, "acm", [TOTAL | line for line in lines]))

    return totals


def run_of() -> str:
    return actions.run(by=SYSTEM, place=PLACE, month=JUNE, terms={}).run_id


def table(run: str, name: str) -> list[dict]:
    return runs.query(reads.store(), [run], f"select * from {name} order by all")


def test_totals_agree_with_what_stands_behind_them_and_an_unbacked_charge_is_held(sent) -> None:
    sent(
        {"pod": "DRUG", "activity": "0", "price": "1330.56"},
        {"pod": "DEVICE", "activity": "0", "price": "500"},
        {"pod": "COMM", "tfc": "650", "activity": "2", "price": "60", "mff": "3.50"},
        {"pod": "BLOCK", "activity": "0", "price": "1000000"},
    )
    run = run_of()
    found = {row["pod"]: row for row in table(run, "reconciliation") if row["commissioner"] == "5P4"}
    assert (found["DRUG"]["drplcm"], found["DRUG"]["residual"], found["DRUG"]["verdict"]) == (133_056, 0, "AGREES")
    assert (found["COMM"]["acm"], found["COMM"]["plcm"], found["COMM"]["verdict"]) == (6_350, 6_350, "AGREES")
    assert (found["BLOCK"]["no_patient"], found["BLOCK"]["residual"]) == (100_000_000, 0)
    assert (found["DEVICE"]["residual"], found["DEVICE"]["held"]) == (50_000, 50_000)  # the device names another payer
    care = [row for row in table(run, "reconciliation") if row["care"]]
    assert sum(row["care"] for row in care) == sum(r["charge"] for r in table(run, "priced") if r["stream"] == "op")
    assert all(row["verdict"] == "UNCHARGED" for row in care)


def test_drugs_and_devices_are_passed_through_at_their_cost(sent) -> None:
    run = run_of()
    assert table(run, "reconciliation") == []
    book = open_book(PLACE)
    members = [Member(m.practice, m.unit, m.valid_from, m.valid_to) for m in reads.members(PLACE) if m.unit]
    commissioners = {row["code"] for row in book.need_table("organisations.commissioners")}
    lines = {(row["stream"], row["line"]): row for row in table(run, "contract_monitoring")}
    priced = [row for row in table(run, "priced") if row["stream"] in ("plcm", "drplcm", "deplcm")]
    assert [(row["stream"], row["charge"]) for row in priced] == [
        ("deplcm", 31_010), ("drplcm", 123_056), ("drplcm", 10_000), ("plcm", 6_350),
    ]  # fmt: skip
    held = {row["unit"] for row in priced if row["practice"] == "E99999"}.pop()
    for row in priced:
        line = lines[row["stream"], row["line"]]
        facts = Line(row["stream"], line["practice"], line["commissioner"], line["pod"], line["price"], line["mff"],
                     line["activity_date"] or date(2008, 6, 1))  # fmt: skip
        law = passed(facts, members, commissioners, held, "apart")
        assert (row["unit"], row["commissioner"], row["method"]) == (law.unit, law.commissioner, law.method)
        assert row["charge"] == law.charge == sum(step.effect for step in law.steps)
    assert {row["commissioner"] for row in priced} == {"5P4", "UNASSIGNED"}
    assert organisations.book(PLACE).place.commissioner == "5P4"


def test_a_passed_line_is_explained(sent) -> None:
    run = run_of()
    (row,) = [row for row in table(run, "priced") if row["stream"] == "plcm"]
    found = reads.explain(f"price/{PLACE}/2008-06/plcm/{row['file']}/{row['line']}")
    assert (found.value, sum(step.effect for step in found.steps)) == (6_350, 6_350)


def test_another_month_and_twin_totals_are_findings(sent) -> None:
    receipt = sent(
        {"pod": "DRUG", "activity": "0", "price": "10", "fin_month": "2"},
        {"pod": "DEVICE", "activity": "1", "price": "20"},
        {"pod": "DEVICE", "activity": "0", "price": "30"},
        {"pod": "NONE", "activity": "x", "price": "30"},
    )
    marks = {(one.place.line, one.rule) for one in reads.findings(PLACE, receipt.sha256)}
    assert {(1, "CM-03"), (2, "CM-13"), (3, "CM-17"), (4, "V-ALL-10"), (4, "CM-12")} <= marks
    assert reads.checked(PLACE, receipt.sha256).rejected == 1


def test_totals_tell_their_month_by_the_financial_year(receive, tmp_path: Path) -> None:
    path = contract_file(tmp_path, "acm", [TOTAL | {"pod": "DRUG", "activity": "0", "price": "1", "fin_month": "10"}])
    named = path.rename(tmp_path / "totals.csv")
    assert (receive(named).month, receive(named).already) == ("2009-01", True)
    late = contract_file(tmp_path, "acm", [TOTAL | {"pod": "DRUG", "activity": "0", "price": "1", "fin_year": "2008"}])
    with pytest.raises(UserError, match="tells its month"):
        receive(late.rename(tmp_path / "undated.csv"))
