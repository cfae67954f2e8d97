"""A fault planted in the SQL of the checks shows: without this, engines could agree because nothing is tested."""

from __future__ import annotations

from functools import cache

import pytest

from openpbc.warehouse import session
from tests.property.activity.engines import At, Judged, Row, by_law, by_sql
from tests.spec.activity.tables import PAGES, Case, cases, levels, lists

FAULTS = {
    "a repeated record is an episode": (
        "apc",
        "c.spell_no is not null and again.line is null",
        "c.spell_no is not null",
    ),
    "one spell of two providers": ("apc", "partition by provider, spell_no order by", "partition by spell_no order by"),
    "methods compared as text": ("apc", "c.dis_method in ('1', '2', '3', '4', '5', '6', '7')", "c.dis_method > '0'"),
    "unknown cause counts as coded": ("apc", "c.diagnosis = 'R69X'", "c.diagnosis = 'R69'"),
    "ready on the day of discharge": ("apc", "c.ready > c.discharged", "c.ready >= c.discharged"),
    "flags counted over all spells": ("apc", "over (partition by provider, spell_no) as flags", "over () as flags"),
    "the last by content stays": (
        "op",
        "nulls last, c.content, c.file, c.line",
        "nulls last, c.content desc, c.file, c.line",
    ),
    "last day of a practice": ("op", "between open.first_day and open.last_day", "< open.last_day and 1 = 1"),
    "lists without days": ("op", "stands_in_sex(c.sex, c.active)", "stands_in_sex(c.sex, '2022-06-02')"),
    "births as Americans write them": (
        "op",
        "substr(born, 9, 2) || substr(born, 6, 2)",
        "substr(born, 6, 2) || substr(born, 9, 2)",
    ),
    "errors exclude": ("op", "where level in ('F', 'X')", "where level in ('F', 'X', 'E')"),
    "the last reason told": (
        "op",
        "min(case when level = 'F' then rule end)",
        "max(case when level = 'F' then rule end)",
    ),
    "midnight": ("ae", "(c.seen - c.came + 1440) % 1440 > c.stay", "c.seen - c.came > c.stay"),
    "a week and a minute": ("ae", "c.stay > 7 * 1440", "c.stay > 8 * 1440"),
    "equal content rejects both": ("ae", "where place > 1;", "where place > 0;"),
}


@cache
def _cases(stream: str) -> list[Case]:
    return [case for path in PAGES for case in cases(path) if case.row.stream == stream]


def _rows(stream: str) -> list[Row]:
    return [case.row for case in _cases(stream)]


def _by(engine: object, stream: str) -> dict[At, Judged]:
    assert callable(engine)
    return engine(_rows(stream), {case.row.file: case.facts for case in _cases(stream)}, lists(), levels())


@cache
def _expected(stream: str) -> dict[At, Judged]:
    return _by(by_law, stream)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_shows(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream, right, wrong = FAULTS[fault]
    read, planted = session.statement_text, []

    def faulty(package: str, name: str) -> str:
        text = read(package, name)
        planted.append(right in text)
        return text.replace(right, wrong)

    monkeypatch.setattr(session, "statement_text", faulty)
    found = _by(by_sql, stream)
    assert any(planted), "the statement was rewritten: plant the fault in its new words"
    assert found != _expected(stream)


@pytest.mark.parametrize("stream", ["apc", "op", "ae"])
def test_without_a_fault_nothing_shows(stream: str) -> None:
    assert _by(by_sql, stream) == _expected(stream)
