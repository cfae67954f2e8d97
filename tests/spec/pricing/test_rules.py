"""Every line of the specification holds on both engines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from openpbc.activity.rules.law import PricingLaw
from openpbc.kernel.periods import Month
from tests.property.pricing.engines import Row, by_law, by_sql
from tests.spec.pricing.reference import PAGE, page
from tests.spec.pricing.tables import PAGES, Case, cases, law, places

MONTH = Month.parse("2008-11")
ENGINES = {"python": by_law, "duckdb": by_sql}


@cache
def _law() -> PricingLaw:
    return law()


def _found(listed: list[Case], engine: str) -> list[tuple[Case, Row]]:
    """Run the cases of a page together where they share choices, and pair each with its record."""
    together = defaultdict(list)
    for case in listed:
        together[case.scheme, case.known_on].append(case)
    pairs = []
    for (scheme, known_on), own in together.items():
        rows: dict[str, list[Row]] = defaultdict(list)
        for case in own:
            rows[case.stream] += case.rows
            rows["op"] += [case.elsewhere] if case.elsewhere else []
        chosen = replace(_law(), scheme=replace(_law().scheme, **dict(scheme)))
        records = ENGINES[engine](rows, chosen, places(known_on), MONTH)
        pairs += [(case, records[case.stream, case.rows[0]["file"], case.rows[0]["line"]]) for case in own]
    return pairs


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_page_holds(path: Path, engine: str) -> None:
    listed = cases(path)
    assert listed
    wrong = [
        f"{case.name}: {name} is {record[name]}, not {value}"
        for case, record in _found(listed, engine)
        for name, value in case.expected.items()
        if record[name] != value
    ]
    assert wrong == []


def test_the_reference_page_is_made_from_the_specification() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.spec.pricing.reference"
