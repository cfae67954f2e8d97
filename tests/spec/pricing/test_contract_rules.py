"""Every line of the specification of contract-level adjustments holds on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from openpbc.activity.flow import adjusting
from openpbc.activity.flow.adjusting import COLUMNS
from openpbc.activity.rules.adjustments import (
    AdjustmentLaw,
    Admission,
    Readmission,
    ReadmissionExclusion,
    ReadmissionLaw,
    baseline_to_date,
    marginal_adjustment,
    not_paid,
    readmissions,
)
from openpbc.activity.rules.tariff import money
from openpbc.contracts.rules.mechanisms import Agreed, paid_to_date
from openpbc.kernel.money import ppm_from_text
from openpbc.rulebook import files as pack_files
from openpbc.rulebook.files import PackFile
from openpbc.rulebook.subjects import read_subject
from openpbc.warehouse.session import Session
from tests.spec.pricing.tables import HERE, tables

Line = dict[str, str]
OUT = date(2011, 6, 1)


def _lines(page: str, heading: str) -> list[Line]:
    return tables((HERE / "contracts" / page).read_text(encoding="utf-8"))[heading]


@cache
def _law() -> ReadmissionLaw:
    """The rule as the pack of 2011/12 ships it."""
    path = "england/2011-12/payment/readmission_exclusions.yaml"
    content = (pack_files.SHIPPED / path).read_bytes()
    entry = read_subject(PackFile(path, pack_files.SHIPPED / path, content, "")).entries[0]
    rows = entry.body["rows"]
    return ReadmissionLaw(
        30, True, tuple(ReadmissionExclusion(r["field"], r["first"], r["last"], r["reason"]) for r in rows)
    )


def _pair(at: int, line: Line) -> tuple[Admission, Admission]:
    first = Admission(
        f"f:{at}a", "RAA", f"P{at}", line["first_kind"], OUT - timedelta(days=3), OUT, 50, "AA22C", "100", "21",
        line["first_dis_method"], "J18", "PRICED", 100_000,
    )  # fmt: skip
    admitted = OUT + timedelta(days=int(line["days"]))
    return first, replace(
        first, id=f"f:{at}b", kind=line["kind"], adm_date=admitted, dis_date=admitted + timedelta(days=2),
        age=int(line["age"]), hrg=line["hrg"], adm_method=line["adm_method"], dis_method="1",
        diagnoses=f"{line['diag_01']};{line['diag_02']}", status=line["status"],
    )  # fmt: skip


def _found(listed: list[Admission], law: AdjustmentLaw) -> list[Line]:
    with Session(threads=1) as session:
        adjusting.begin(session, law)
        session.table("admission", COLUMNS, [[getattr(each, name) for name in COLUMNS] for each in listed])
        adjusting.settle(session, {})
        return session.records("select * from readmission")


def test_which_admissions_are_readmissions() -> None:
    lines = _lines("2-readmissions.md", "Which admissions are readmissions")
    listed = [each for at, line in enumerate(lines) for each in _pair(at, line)]
    expected = {f"f:{at}b": line["=> reason"] for at, line in enumerate(lines) if line["=> found"] == "yes"}
    assert {found.id: found.reason for found in readmissions(listed, _law())} == expected
    law = AdjustmentLaw(readmission=_law(), kinds=adjusting.KINDS)
    assert {line["id"]: line["reason"] for line in _found(listed, law)} == expected


@pytest.mark.parametrize("line", _lines("2-readmissions.md", "What is not paid"), ids=lambda line: line["case"])
def test_what_is_not_paid(line: Line) -> None:
    whole, cases = money(line["other_value"]) or 0, int(line["other_cases"])
    parts = [whole - (whole // cases) * (cases - 1), *[whole // cases] * (cases - 1)] if cases else []
    found = [Readmission(f"e{at}", "RAA", "i", "EM", 3, "", part) for at, part in enumerate(parts)]
    if elective := money(line["after_elective"]):
        found.append(Readmission("z", "RAA", "i", "DC", 3, "", elective))
    threshold = ppm_from_text(line["threshold"]) if line["threshold"] else None
    settled = not_paid(found, int(line["stays"]), threshold)
    assert settled.after_elective == money(line["after_elective"])
    told = [settled.allowed, settled.beyond, settled.after_non_elective]
    counts = [None if line[name] == "-" else int(line[name]) for name in ("=> allowed", "=> beyond")]
    assert told == [*counts, money(line["=> after_non_elective"])]


@pytest.mark.parametrize("line", _lines("1-marginal-rate.md", "Marginal rate for emergencies"), ids=lambda x: x["case"])
def test_the_marginal_rate(line: Line) -> None:
    baseline = baseline_to_date(money(line["baseline_of_year"]) or 0, int(line["months"]))
    actual, rate = money(line["emergencies"]) or 0, ppm_from_text(line["rate"])
    assert baseline == money(line["=> baseline"])
    assert marginal_adjustment(actual, baseline, rate) == money(line["=> adjustment"])


@pytest.mark.parametrize("line", _lines("3-payment-mechanisms.md", "Payment mechanisms"), ids=lambda x: x["case"])
def test_what_a_mechanism_pays(line: Line) -> None:
    by_pod = {
        pod: money(line[column]) or 0
        for pod, column in (("DC", "day_cases"), ("NEL", "emergencies"), ("OPFASPCL", "first_attendances"))
    }
    past = tuple(money(each) or 0 for each in line["past_years"].split())
    agreed = Agreed(money(line["agreed_sum"]), past)
    paid = paid_to_date(line["mechanism"], 5, by_pod, agreed, frozenset({"DC", "OPFASPCL"}), 3)
    assert (paid.fixed, paid.variable) == (money(line["=> fixed"]), money(line["=> variable"]))
