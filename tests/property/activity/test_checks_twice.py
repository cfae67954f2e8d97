"""The checks are written twice, in Python for one record and in SQL for millions: both find the same, always."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from openpbc.activity.flow import checking, reference
from openpbc.activity.flow.canonical import FIELDS, STREAMS
from openpbc.activity.rules import checks
from openpbc.activity.rules.checks import FileFacts, Lists
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.session import Session
from tests.property.activity.generated_records import MONTH, Inventor, Record
from tests.unit.activity.rows import members_of

NUMBERS = {"apc": 4_000, "op": 3_000, "ae": 3_000}
FILES = {
    "by place": FileFacts("RWG", True, MONTH),
    "national": FileFacts(None, False, None),
}
Found = dict[tuple[str, int], set[tuple[str, str]]]


def content_of(record: Record, stream: str) -> str:
    return "\x1f".join(record[name] or "" for name in FIELDS[stream])


def lay(session: Session, stream: str, records: list[Record], file: FileFacts) -> None:
    """Lay records down as the canonical view of a stream, as if one file had held them."""
    names = FIELDS[stream]
    first, last = (file.month.first.isoformat(), file.month.last.isoformat()) if file.month else (None, None)
    texts = dict.fromkeys((*names, "notes", "sender", "period_first", "period_last", "content"), "VARCHAR")
    session.table(
        f"canonical_{stream}",
        {"file": "VARCHAR", "line": "BIGINT", **texts, "by_place": "BOOLEAN"},
        [
            (
                "f" * 12, line, *(record[name] for name in names), None, file.sender, first, last,
                content_of(record, stream), file.by_place,
            )
            for line, record in enumerate(records, start=1)
        ],
    )  # fmt: skip


def found_by_sql(
    records: dict[str, list[Record]], lists: Lists, levels: dict[str, str], file: FileFacts
) -> tuple[Found, dict]:
    with Session(threads=2) as session:
        reference.lay_check_tables(session, lists, levels)
        for stream in STREAMS:
            lay(session, stream, records.get(stream, []), file)
        text = {"stream": "VARCHAR", "file": "VARCHAR"}
        session.table("run_file", {**text, "lines": "BIGINT", "superseded": "BOOLEAN"}, [])
        session.table("run_line", {**text, "line": "BIGINT", "superseded": "BOOLEAN"}, [])
        session.table("unparsed_line", {**text, "line": "BIGINT", "rule": "VARCHAR"}, [])
        session.table("check_without", {"file": "VARCHAR", "rule": "VARCHAR"}, [])
        checking.judge(session, [stream for stream in STREAMS if records.get(stream)])
        found: Found = defaultdict(set)
        for stream, line, rule, field in session.rows("select stream, line, rule, field from finding"):
            found[stream, line].add((rule, field))
        outcomes = {
            (stream, line): (outcome, reason)
            for stream, line, outcome, reason in session.rows("select stream, line, outcome, reason from unaccepted")
        }
    return found, outcomes


def found_by_law(stream: str, records: list[Record], lists: Lists, file: FileFacts) -> list[set[tuple[str, str]]]:
    written = [{**record, "content": content_of(record, stream)} for record in records]
    return checks.judged([checks.Record(stream, fields, lists, file) for fields in written])


@pytest.fixture(scope="module")
def book():
    return open_book("west-herts-2008")


@pytest.mark.parametrize("kind", FILES)
def test_sql_finds_what_the_law_finds(book, kind: str) -> None:
    file = FILES[kind]
    lists = reference.lists_of(book, members_of(book), by_place=file.by_place)
    levels = {rule.code: rule.level for rule in reference.check_rules(book).values()}
    records = {stream: Inventor(stream, lists, 1).records(number) for stream, number in NUMBERS.items()}
    sql, outcomes = found_by_sql(records, lists, levels, file)
    seen = set()
    for stream in STREAMS:
        for line, law in enumerate(found_by_law(stream, records[stream], lists, file), start=1):
            record = records[stream][line - 1]
            assert sql.get((stream, line), set()) == law, (stream, line, record)
            assert outcomes.get((stream, line), ("accepted", "")) == checks.outcome(law, levels), (stream, line, record)
            seen |= {(stream, rule, field) for rule, field in law}
    possible = {(stream, check.rule, check.field) for stream in STREAMS for check in checks.CHECKS[stream]}
    unseen = possible - seen
    if kind == "by place":
        assert not unseen, f"the records never broke {sorted(unseen)}"
    assert levels.keys() >= {rule for _, rule, _ in seen}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_is_irrelevant(book, seed: int) -> None:
    file = FILES["by place"]
    lists = reference.lists_of(book, members_of(book), by_place=True)
    levels = {rule.code: rule.level for rule in reference.check_rules(book).values()}
    records = Inventor("apc", lists, seed).records(600)
    order = list(range(len(records)))
    random.Random(seed).shuffle(order)
    straight, _ = found_by_sql({"apc": records}, lists, levels, file)
    shuffled, _ = found_by_sql({"apc": [records[at] for at in order]}, lists, levels, file)

    def by_content(found: Found, held: list[Record]) -> list[tuple[str, list[tuple[str, str]]]]:
        return sorted((content_of(held[line - 1], "apc"), sorted(own)) for (_, line), own in found.items())

    assert by_content(straight, records) == by_content(shuffled, [records[at] for at in order])
