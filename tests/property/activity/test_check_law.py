"""The law of checks and its copy for millions agree on files as they are sent: landed, read, judged, accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from openpbc.activity.flow import checking, reference
from openpbc.activity.flow.canonical import FIELDS, STREAMS
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.rules import checks
from openpbc.activity.rules.checks import Broken, FileFacts, Lists
from openpbc.kernel.findings import Level
from openpbc.rulebook.reader import open_book
from openpbc.warehouse import landing
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey
from tests.property.activity.county_files import Sent, senders
from tests.property.activity.engines import At, Judged, Row, by_law, judged_in
from tests.property.activity.layouts import kind_of, shape_of, writing_of
from tests.spec.activity.tables import clean
from tests.unit.activity.rows import PLACE, members_of

RECORDS = {"apc": 1_500, "op": 1_500, "ae": 1_200}


@dataclass(frozen=True)
class Run:
    """One month's files, judged by both engines."""

    files: dict[str, Sent]
    levels: dict[str, str]
    law: dict[At, Judged]
    sql: dict[At, Judged]
    replaced: str


def _mapped(file: str, sent: Sent) -> tuple[list[Row], dict[At, set[Broken]]]:
    """Read a file's texts by the law of its layout: canonical records, and what the reading itself finds."""
    writing, rows = writing_of(sent.layout), []
    found: dict[At, set[Broken]] = {}
    for line, texts in sent.records.items():
        fields: dict[str, str | None] = dict.fromkeys(FIELDS[sent.stream])
        notes: set[Broken] = set()
        for name, text in texts.items():
            fields[name], rules = checks.canonical(text or None, kind_of(name), writing)
            rules |= shape_of(sent.layout, sent.stream, name, fields[name])
            notes |= {(rule, name) for rule in rules - sent.facts.without}
        rows.append(Row(sent.stream, file, line, fields))
        found[sent.stream, file, line] = notes
    return rows, found


def _by_law(files: dict[str, Sent], lists: Lists, levels: dict[str, str]) -> dict[At, Judged]:
    rows: list[Row] = []
    more: dict[At, set[Broken]] = {}
    for file, sent in files.items():
        own, notes = _mapped(file, sent)
        rows += own
        more |= notes
        more |= {(sent.stream, file, line): {(rule, "")} for line, (_, rule) in sent.broken_lines.items()}
    facts: dict[str, FileFacts] = {file: sent.facts for file, sent in files.items()}
    found = by_law(rows, facts, lists, levels)
    for at, notes in more.items():
        broken = notes | (found[at].broken if at in found else set())
        if checks.DELETION in broken:  # a record that deletes another holds nothing but its key
            broken = {checks.DELETION}
        found[at] = Judged(frozenset(broken), *checks.outcome(broken, levels))
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder, book = tmp_path_factory.mktemp("checks"), open_book(PLACE)
    store, members, known = Store(folder / "warehouse"), members_of(book), layouts(book)
    lists = reference.lists_of(book, members, by_place=True)
    levels = {rule.code: rule.level for rule in reference.check_rules(book).values()}
    files, submitted = {}, []
    for sender in senders(known, {stream: clean(stream) for stream in FIELDS}, lists):
        sent = sender.file(RECORDS[sender.stream])
        landed = _land(store, folder, sent)
        files[landed] = sent
        month = str(sent.facts.month or "")
        submitted.append(Submitted(landed, sent.stream, sent.layout.id, sent.facts.sender or "", month))
    replaced = senders(known, {stream: clean(stream) for stream in FIELDS}, lists)[0].file(50)
    submitted.append(Submitted(_land(store, folder, replaced), "apc", "openpbc-cds", "RWG", "2008-06", True))
    with Session(threads=2) as session:
        checking.check(session, store, book, known, submitted, members)
        sql = judged_in(session)
    short = {sha256[:12]: sent for sha256, sent in files.items()}
    return Run(short, levels, _by_law(short, lists, levels), sql, submitted[-1].file)


def _land(store: Store, folder: Path, sent: Sent) -> str:
    path = folder / "sent.csv"
    path.write_bytes(sent.bytes())
    shown = sent.layout.shown(sent.stream)
    return landing.land(store, survey(path), sent.layout.delimiter, shown=shown).sha256


def test_both_engines_find_the_same_and_decide_the_same(run: Run) -> None:
    sql = {at: judged for at, judged in run.sql.items() if at[1] != run.replaced}
    assert len(run.law) == len(sql) >= 10_000
    different = [(at, judged, sql.get(at)) for at, judged in run.law.items() if judged != sql.get(at)]
    assert different[:5] == []


# contract monitoring and deletions are shown on both engines by tests/spec
ELSEWHERE = ("CM-", "X-DEL")


def test_every_line_is_accounted_for(run: Run) -> None:
    lines = Counter(file for _, file, _ in run.sql)
    for file, sent in run.files.items():
        assert lines[file] == len(sent.records) + len(sent.broken_lines)
    assert {judged.outcome for judged in run.sql.values()} == {"accepted", "rejected", "excluded"}
    replaced = [judged for (_, file, _), judged in run.sql.items() if file == run.replaced]
    assert replaced and set(replaced) == {Judged(frozenset(), "excluded", "superseded")}


def test_every_rule_is_broken_somewhere_and_kept_elsewhere(run: Run) -> None:
    broken = {rule for judged in run.law.values() for rule, _ in judged.broken}
    made_here = {rule for rule in run.levels if not rule.startswith(ELSEWHERE)}
    assert made_here - broken == {"L-04", "X-NET"}  # told of a file as a whole, and between files of changes
    for rule in broken:
        assert any(rule not in {own for own, _ in judged.broken} for judged in run.law.values()), rule


def test_every_check_of_every_stream_is_broken_somewhere(run: Run) -> None:
    broken = {(stream, *mark) for (stream, _, _), judged in run.law.items() for mark in judged.broken}
    possible = {
        (stream, own.rule, own.field)
        for stream in STREAMS
        for own in checks.CHECKS[stream]
        if own.rule not in ELSEWHERE
    }
    possible |= {("apc", "V-APC-06", "epi_no"), ("apc", "V-APC-06", "epi_start"), ("apc", "V-APC-07", "last_epi")}
    assert possible - broken == set()


def test_many_records_are_right_and_many_have_one_fault(run: Run) -> None:
    faults = Counter(len(judged.broken) for judged in run.law.values())
    assert faults[0] > 2_000
    assert faults[1] > 2_000


def test_outcomes_follow_from_the_weights(run: Run) -> None:
    for judged in run.law.values():
        weights = {run.levels[rule] for rule, _ in judged.broken}
        if Level.FATAL.value in weights:
            assert judged.outcome == "rejected"
        else:
            assert judged.outcome == ("excluded" if "X" in weights else "accepted")
