"""What is wrong with a line of a plan, case by case, and how its amount is made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openpbc.finance.rules.plan_line import COMMITTED, PlanLine, amount_of, check_lines, code_from
from openpbc.kernel.findings import Level
from openpbc.kernel.money import LARGEST_SUM

GOOD = PlanLine(
    "stroke", "Stroke unit", "investment", "investment", amount=120_000_00, origin="new", link="PCT", priority="LAA 4"
)
UPLIFT = PlanLine("pay", "Pay", "inflation", "uplift", amount=20_00, base=1_000_00, rate=20_000, rate_source="pay")


def found(**changes: Any) -> list[tuple[str, str]]:
    base = UPLIFT if {"base", "rate"} & set(changes) else GOOD
    return [(each.rule, each.place.field) for each in check_lines([replace(base, **changes)], links=("PCT", "WATCOM"))]


def test_good_lines_have_no_finding() -> None:
    assert check_lines([GOOD, UPLIFT], links=("PCT",)) == ()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"code": "Stroke unit"}, ("PV-01", "code")),
        ({"code": "section-inflation"}, ("PV-01", "code")),
        ({"code": ""}, ("PV-01", "code")),
        ({"label": "  "}, ("PV-03", "label")),
        ({"note": "x" * 1001}, ("PV-04", "note")),
        ({"section": "capital"}, ("PV-05", "section")),
        ({"method": "guess"}, ("PV-05", "method")),
        ({"recurrence": "sometimes"}, ("PV-05", "recurrence")),
        ({"origin": "case"}, ("PV-05", "origin")),
        ({"scope": "both"}, ("PV-05", "scope")),
        ({"method": "reserve"}, ("PV-06", "method")),
        ({"amount": LARGEST_SUM + 1}, ("PV-07", "amount")),
        ({"base": None, "amount": 0}, ("PV-08", "base")),
        ({"rate": None, "amount": 0}, ("PV-09", "rate")),
        ({"base": 1_000_00, "amount": 20_01}, ("PV-10", "amount")),
        ({"method": "saving"}, ("PV-11", "amount")),
        ({"section": "saving", "method": "entered"}, ("PV-11", "amount")),
        ({"section": "deposit", "method": "entered", "amount": -1}, ("PV-12", "amount")),
        ({"link": "NOBODY"}, ("PV-13", "link")),
        ({"link": ""}, ("PV-14", "link")),
        ({"priority": " "}, ("PV-15", "priority")),
        ({"origin": ""}, ("PV-16", "origin")),
        ({"amount": 0}, ("PV-17", "amount")),
    ],
)
def test_every_fault_is_found_at_its_field(changes: dict[str, Any], rule: tuple[str, str]) -> None:
    assert rule in found(**changes)


def test_two_lines_of_one_code_are_both_found() -> None:
    assert [(each.rule, each.place.line) for each in check_lines([GOOD, GOOD])] == [("PV-02", 1), ("PV-02", 2)]


def test_only_what_a_person_may_decide_is_a_warning() -> None:
    open_line = replace(GOOD, link="", priority="", origin="")
    assert {each.level for each in check_lines([open_line])} == {Level.WARNING}
    assert check_lines([replace(open_line, amount=-5, method="saving")]) == ()


def test_a_non_recurrent_line_takes_no_uplift_unless_its_rate_is_entered() -> None:
    bare = replace(UPLIFT, recurrence="non-recurrent", rate=None, amount=0)
    assert amount_of(bare) == 0 and check_lines([bare]) == ()
    assert amount_of(replace(bare, rate=25_000)) == 25_00


def test_a_prescribing_line_under_both_combinations() -> None:
    assert amount_of(replace(UPLIFT, base=1_000_00, rate=75_000)) == 75_00
    assert amount_of(replace(UPLIFT, base=1_000_00, rate=76_250)) == 76_25


def test_money_of_the_year_adds_to_the_balance_and_every_use_takes_away() -> None:
    assert replace(GOOD, section="allocation", method="entered").effect == 120_000_00
    assert {replace(GOOD, section=section).effect for section in (*COMMITTED, "deposit")} == {-120_000_00}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Stroke unit", "stroke_unit"),
        ("Acute", "acute_3"),
        ("2008/09 growth", "line_2008_09_growth"),
        ("  ", "line"),
        ("é", "line"),
        ("x" * 300, "x" * 50),
    ],
)
def test_a_line_gets_a_code_from_its_name(label: str, code: str) -> None:
    assert code_from(label, {"acute", "acute_2"}) == code
    assert not {"PV-01", "PV-02"} & {each.rule for each in check_lines([replace(GOOD, code=code)])}
