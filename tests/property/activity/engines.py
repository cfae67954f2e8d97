"""Runs the same canonical records through both engines: the law for one run, and the warehouse's SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from openpbc.activity.flow import checking, reference
from openpbc.activity.flow.canonical import EVERY, FIELDS
from openpbc.activity.rules import checks
from openpbc.activity.rules.checks import Broken, FileFacts, Lists, Record
from openpbc.warehouse.session import Session

At = tuple[str, str, int]  # stream, file, line
NO_FACTS = FileFacts()
TWO_THREADS = partial(Session, threads=2)


@dataclass(frozen=True)
class Row:
    """One canonical record and where it stands."""

    stream: str
    file: str
    line: int
    fields: Mapping[str, str | None]

    @property
    def at(self) -> At:
        """Its stream, file and line."""
        return self.stream, self.file, self.line

    @property
    def content(self) -> str:
        """Its whole text, which orders equal keys."""
        return "\x1f".join(self.fields.get(name) or "" for name in FIELDS[self.stream])


@dataclass(frozen=True)
class Judged:
    """What an engine says of one record."""

    broken: frozenset[Broken]
    outcome: str
    reason: str


def by_law(
    rows: Sequence[Row], files: Mapping[str, FileFacts], lists: Lists, levels: Mapping[str, str]
) -> dict[At, Judged]:
    """Judge records by the law; ``files`` tells what is known of each file."""
    found: dict[At, Judged] = {}
    held: dict[str, list[Record]] = {}
    for stream in EVERY:
        own = sorted((row for row in rows if row.stream == stream), key=lambda row: row.at)
        records = [
            Record(stream, {**row.fields, "content": row.content}, lists, replace(files[row.file], file=row.file))
            for row in own
        ]
        held[stream], judged = records, checks.judged(records)
        if stream == "ae":
            for broken, lacking in zip(judged, checks.without_stay(records, held["apc"]), strict=True):
                broken |= {checks.NO_STAY} if lacking else set()
        for row, broken in zip(own, judged, strict=True):
            found[row.at] = Judged(frozenset(broken), *checks.outcome(broken, levels))
    return found


def by_sql(
    rows: Sequence[Row],
    files: Mapping[str, FileFacts],
    lists: Lists,
    levels: Mapping[str, str],
    opened: Callable[[], Session] = TWO_THREADS,
) -> dict[At, Judged]:
    """Judge records in the warehouse, where they lie as the views that a run would have made of its files."""
    with opened() as session:
        reference.lay_check_tables(session, lists, levels)
        _lay(session, rows, files)
        checking.judge(session, [stream for stream in EVERY if any(row.stream == stream for row in rows)])
        return judged_in(session)


def judged_in(session: Session) -> dict[At, Judged]:
    """Read what checking left in a session."""
    broken: dict[At, set[Broken]] = {}
    for stream, file, line, rule, field in session.rows("select stream, file, line, rule, field from finding"):
        broken.setdefault((stream, file, line), set()).add((rule, field))
    outcomes = session.rows("select stream, file, line, outcome, reason from outcome")
    return {
        (stream, file, line): Judged(frozenset(broken.get((stream, file, line), ())), outcome, reason or "")
        for stream, file, line, outcome, reason in outcomes
    }


def _lay(session: Session, rows: Sequence[Row], files: Mapping[str, FileFacts]) -> None:
    place = {"stream": "VARCHAR", "file": "VARCHAR"}
    session.table(
        "run_line",
        {**place, "line": "BIGINT", "superseded": "BOOLEAN"},
        [(*row.at, False) for row in rows],
    )
    session.table("unparsed_line", {**place, "line": "BIGINT", "rule": "VARCHAR"}, [])
    session.table(
        "check_without",
        {"file": "VARCHAR", "rule": "VARCHAR"},
        [(file, rule) for file, facts in files.items() for rule in sorted(facts.without)],
    )
    for stream in EVERY:
        names = FIELDS[stream]
        texts = dict.fromkeys((*names, "notes", "content", "sender", "period_first", "period_last"), "VARCHAR")
        session.table(
            f"canonical_{stream}",
            {"file": "VARCHAR", "line": "BIGINT", **texts, "by_place": "BOOLEAN", "of_changes": "BOOLEAN"},
            [
                (row.file, row.line, *map(row.fields.get, names), None, row.content, *_facts(files[row.file]))
                for row in rows
                if row.stream == stream
            ],
        )


def _facts(facts: FileFacts) -> tuple[str | None, str | None, str | None, bool, bool]:
    month = facts.month
    first, last = (month.first.isoformat(), month.last.isoformat()) if month else (None, None)
    return facts.sender, first, last, facts.by_place, facts.changes
