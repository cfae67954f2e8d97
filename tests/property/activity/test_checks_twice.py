"""The checks are written twice, in Python for one record and in SQL for millions: on any records both find the same."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from openpbc.activity.flow import reference
from openpbc.activity.flow.canonical import STREAMS
from openpbc.activity.rules import checks
from openpbc.activity.rules.checks import Broken, FileFacts, Lists
from openpbc.rulebook.reader import open_book
from tests.property.activity.engines import Row, by_law, by_sql
from tests.property.activity.generated_records import MONTH, Inventor
from tests.unit.activity.rows import PLACE, members_of

NUMBERS = {"apc": 4_000, "op": 3_000, "ae": 3_000}
FILE = "f" * 12
FILES = {
    "by place": FileFacts("RWG", True, MONTH),
    "national": FileFacts(None, False, None),
}
Law = tuple[Lists, dict[str, str]]


@pytest.fixture(scope="module")
def law() -> Law:
    book = open_book(PLACE)
    levels = {rule.code: rule.level for rule in reference.check_rules(book).values()}
    return reference.lists_of(book, members_of(book), by_place=True), levels


def invented(stream: str, lists: Lists, seed: int, number: int) -> list[Row]:
    """Invent the records of one file."""
    records = Inventor(stream, lists, seed).records(number)
    return [Row(stream, FILE, line, fields) for line, fields in enumerate(records, start=1)]


@pytest.mark.parametrize("kind", FILES)
def test_sql_finds_what_the_law_finds(law: Law, kind: str) -> None:
    rows = [row for stream, number in NUMBERS.items() for row in invented(stream, law[0], 1, number)]
    files = {FILE: FILES[kind]}
    expected, found = by_law(rows, files, *law), by_sql(rows, files, *law)
    assert len(expected) == len(found) == sum(NUMBERS.values())
    different = [(row, expected[row.at], found[row.at]) for row in rows if expected[row.at] != found[row.at]]
    assert different[:3] == []
    seen = {(stream, *mark) for (stream, _, _), judged in expected.items() for mark in judged.broken}
    # a record sent to delete another is shown on both engines by tests/spec
    possible = {(stream, x.rule, x.field) for stream in STREAMS for x in checks.CHECKS[stream] if x.rule != "X-DEL"}
    if kind == "by place":
        assert possible - seen == set(), "the records never broke these"
    assert law[1].keys() >= {rule for _, rule, _ in seen}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_is_irrelevant(law: Law, seed: int) -> None:
    rows = invented("apc", law[0], seed, 600)
    mixed = random.Random(seed).sample(rows, len(rows))
    moved = [Row(row.stream, row.file, line, row.fields) for line, row in enumerate(mixed, start=1)]

    def by_content(held: Sequence[Row]) -> list[tuple[str, list[Broken]]]:
        found = by_sql(held, {FILE: FILES["by place"]}, *law)
        return sorted((row.content, sorted(found[row.at].broken)) for row in held)

    assert by_content(rows) == by_content(moved)
