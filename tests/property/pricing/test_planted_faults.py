"""A fault planted in the copy for millions shows: without this, two engines could agree because nothing is tested."""

from __future__ import annotations

from functools import cache

import pytest

from openpbc.kernel.periods import Month
from openpbc.warehouse import session
from tests.property.pricing.engines import Row, by_law, by_sql
from tests.property.pricing.records import County, rich_law, rich_places

MONTH = Month.parse("2008-11")
FAULTS = {
    "age line of short stays": (">= s.sse_age_from", "> s.sse_age_from"),
    "price before share of short stays": ("coalesce(r.sse_price, apply_ppm", "coalesce(null, apply_ppm"),
    "days of delay": ("beyond > delayed then beyond - delayed", "beyond > delayed then beyond"),
    "last ready date": ("max(ready_date)", "min(ready_date)"),
    "child below the age line": ("o.age < s.child_below_age", "o.age <= s.child_below_age"),
    "resource group before function": ("l.code = c.hrg then 0 else 1", "l.code = c.hrg then 1 else 0"),
    "own point of delivery before any": (
        "case when l.pod = '' then 1 else 0 end",
        "case when l.pod = '' then 0 else 1 end",
    ),
    "an element done twice": ("cast(c.times as bigint) as times", "cast(1 as bigint) as times"),
    "highest top-up": ("max(t.ppm)", "min(t.ppm)"),
    "first exclusion": ("min(x.place)", "max(x.place)"),
    "longest postcode": ("order by length(p.prefix) desc", "order by length(p.prefix)"),
    "last day of a membership": (
        "d.day between m.valid_from and m.valid_to",
        "d.day >= m.valid_from and d.day < m.valid_to",
    ),
    "first day of a membership": (
        "d.day between m.valid_from and m.valid_to",
        "d.day > m.valid_from and d.day <= m.valid_to",
    ),
    "site before its provider": (
        "case when h.site = d.site then 0 else 1 end",
        "case when h.site = d.site then 1 else 0 end",
    ),
    "order of episodes": ("a.epi_start nulls last, a.epi_no nulls last", "a.epi_no nulls last"),
    "stays of no day": ("c.dis_date >= c.adm_date", "c.dis_date > c.adm_date"),
}


@cache
def _rows() -> dict[str, list[Row]]:
    return County(20082, rich_law(), rich_places()).rows(6_000, 3_000, 2_000)


@cache
def _expected() -> dict[tuple[str, str, int], Row]:
    return by_law(_rows(), rich_law(), rich_places(), MONTH)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_shows(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = FAULTS[fault]
    read, planted = session.statement_text, []

    def faulty(package: str, name: str) -> str:
        text = read(package, name)
        planted.append(right in text)
        return text.replace(right, wrong)

    monkeypatch.setattr(session, "statement_text", faulty)
    found = by_sql(_rows(), rich_law(), rich_places(), MONTH)
    assert any(planted), "the statement was rewritten: plant the fault in its new words"
    assert found != _expected()
