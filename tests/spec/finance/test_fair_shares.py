"""Runs the cases that specify fair shares, on the rule itself and against the naive implementation."""

from __future__ import annotations

import pytest

from openpbc.finance.rules.capping import Capped, cap
from openpbc.finance.rules.fair_shares import Allocation, Claim, FairShareParameters, allocate
from openpbc.finance.rules.share_steps import capped_steps, share_steps
from openpbc.kernel.money import ppm_from_percent, scaled_from_text
from tests.spec.finance.fair_shares import CASES, Case
from tests.spec.finance.reference import PAGE, page


def hundredths(text: str) -> int:
    return scaled_from_text(text, 2)


def run(case: Case) -> tuple[Allocation, Capped | None]:
    claims = [Claim(name, hundredths(base), hundredths(target)) for name, base, target, _ in case.rows]
    parameters = FairShareParameters(ppm_from_percent(case.floor), ppm_from_percent(case.extra))
    allocation = allocate(claims, hundredths(case.pot), parameters)
    return allocation, cap(allocation, ppm_from_percent(case.cap)) if case.cap else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_case(case: Case) -> None:
    allocation, capped = run(case)
    amounts = capped.amounts if capped else allocation.amounts
    assert amounts == {name: hundredths(share) for name, _, _, share in case.rows}
    assert (capped.release if capped else 0) == hundredths(case.released)
    assert allocation.unallocated == hundredths(case.unallocated)
    found = (*allocation.findings, *(capped.findings if capped else ()))
    assert tuple(finding.rule for finding in found) == case.findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_steps_rebuild_every_share(case: Case) -> None:
    allocation, capped = run(case)
    for name, amount in allocation.amounts.items():
        assert sum(step.effect for step in share_steps(allocation, name)) == amount
        if capped:
            assert sum(step.effect for step in capped_steps(capped, name)) == capped.amounts[name]


def test_reference_page_is_the_one_that_the_cases_write() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.spec.finance.reference"
