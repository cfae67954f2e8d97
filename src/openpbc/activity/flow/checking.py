"""Checks the rows of landed files: one pass over the columns, findings by row, and what became of every line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from openpbc.activity.flow import reference
from openpbc.activity.flow.canonical import CONTRACT, EVERY, FIELDS, STREAMS
from openpbc.activity.flow.layouts import Layout, mapped, placed
from openpbc.activity.flow.local_codes import lay_local_codes, mapped_select
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.rules.local_codes import KINDS, LocalCode
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import Session, named, quoted, statement_text
from openpbc.warehouse.store import Store

SQL = "openpbc.activity.sql"
_SEPARATOR, _NOTHING = "chr(31)", "''"
LINE_RULES = {landing.EMPTY_LINE: "L-01", landing.WRONG_COLUMNS: "L-02", landing.BROKEN_QUOTES: "L-03"}
NO_LINE_END = "L-04"
# What is judged of a stream: its records one by one, and what holds several of them together.
_JUDGED = {"apc": ("judged_apc", "judged_spell"), "op": ("judged_op",), "ae": ("judged_ae", "judged_admission")}
_OF_FILE = ("sender", "by_place", "of_changes", "period_first", "period_last")


@dataclass(frozen=True, order=True)
class Submitted:
    """One file as a run takes it in: whose, for which month, in which layout, and whether a later file replaced it.

    A file of ``changes`` replaces and deletes single records of the files before it.
    """

    sha256: str
    stream: str
    layout: str
    provider: str = ""
    month: str = ""
    superseded: bool = False
    changes: bool = False

    @property
    def file(self) -> str:
        """The first 12 hex digits of the hash, by which tables name the file."""
        return self.sha256[:12]


def read_submitted(said: Mapping[str, Any]) -> Submitted:
    """Read a file as the manifest of a run keeps it; one from before there were changes says nothing of them."""
    return Submitted(**{name: said[name] for name in Submitted.__dataclass_fields__ if name in said})


@dataclass(frozen=True)
class _Taken:
    """A submitted file with its layout and what landed of it."""

    submitted: Submitted
    layout: Layout
    landed: Landed
    unparsed: tuple[tuple[int, str], ...]


def check(
    session: Session,
    store: Store,
    book: Book,
    layouts: Mapping[str, Layout],
    files: Sequence[Submitted],
    members: Sequence[MemberRow],
    codes: Sequence[LocalCode] = (),
) -> None:
    """Make ``finding``, ``unaccepted``, ``outcome`` and the views ``accepted_<stream>`` over the given files.

    ``codes`` is the snapshot of mappings of providers' own codes: rows are judged as they are after it.
    """
    live = _lay_submitted(session, store, layouts, files, codes)
    lists = reference.lists_of(book, members, by_place=any(one.layout.coverage == "place" for one in live))
    levels = {rule.code: rule.level for rule in reference.check_rules(book).values()}
    reference.lay_check_tables(session, lists, levels)
    judge(session, [stream for stream in EVERY if any(one.submitted.stream == stream for one in live)])


def lay_rows(
    session: Session,
    store: Store,
    layouts: Mapping[str, Layout],
    files: Sequence[Submitted],
    codes: Sequence[LocalCode],
    streams: Sequence[str],
    only: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Make ``canonical_<stream>`` of some streams as far as ``accepted_<stream>`` reads it, with nothing for a check.

    ``only`` is a condition with its parameters: the few rows that it chooses are held as a table, and not looked for
    again by each question.
    """
    taken = [_take(session, store, layouts, one) for one in sorted(files) if not one.superseded]
    if codes:
        lay_local_codes(session, codes)
    for stream in streams:
        own = [one for one in taken if one.submitted.stream == stream]
        rows = _canonical(store, stream, own, codes, _opened_fields(stream))
        if only:
            session.execute(f"create table canonical_{stream} as select * from ({rows}) where {only}", parameters)
        else:
            session.execute(f"create or replace view canonical_{stream} as {rows}")


def _opened_fields(stream: str) -> tuple[str, ...]:
    """Give the fields that ``accepted_<stream>`` and ``person_apc`` read, and those that local codes are told by."""
    wanted = {*re.findall(r"\bc\.(\w+)", statement_text(SQL, f"accepted_{stream}.sql")), *chain(*KINDS.values())}
    wanted |= {"nhs_number", "proc_01_date"}
    return tuple(name for name in FIELDS[stream] if name in wanted)


def lay_submitted(
    session: Session,
    store: Store,
    layouts: Mapping[str, Layout],
    files: Sequence[Submitted],
    codes: Sequence[LocalCode] = (),
) -> None:
    """Make ``canonical_<stream>`` over the files that no later one replaced, without judging a row."""
    _lay_submitted(session, store, layouts, files, codes)


def _lay_submitted(
    session: Session,
    store: Store,
    layouts: Mapping[str, Layout],
    files: Sequence[Submitted],
    codes: Sequence[LocalCode],
) -> list[_Taken]:
    taken = [_take(session, store, layouts, one) for one in sorted(files)]
    live = [one for one in taken if not one.submitted.superseded]
    _lay_files(session, taken)
    lay_local_codes(session, codes)
    for stream in EVERY:
        rows = _canonical(store, stream, [one for one in live if one.submitted.stream == stream], codes)
        session.execute(f"create or replace view canonical_{stream} as {rows}")
    return live


def judge(session: Session, streams: Sequence[str]) -> None:
    """Check the rows of the views ``canonical_<stream>`` of the streams that have any."""
    session.script(SQL, "typed.sql")
    session.script(SQL, "check_common.sql")
    flagged = ["select '' as stream, '' as file, cast(0 as bigint) as line, '' as broken where false"]
    session.script(SQL, "check_contract.sql")
    for stream in streams:
        if stream in CONTRACT:
            flagged.append(
                _flagged(session, f"(select * from judged_contract where stream = {quoted(stream)})", stream)
            )
            continue
        session.script(SQL, f"check_{stream}.sql")
        flagged += [_flagged(session, view, stream) for view in _JUDGED[stream]]
    session.execute(f"create or replace table flagged as {' union all '.join(flagged)}")
    for name in ("findings", *(f"accepted_{each}" for each in (*STREAMS, "contract")), "outcomes"):
        session.script(SQL, f"{name}.sql")


def _take(session: Session, store: Store, layouts: Mapping[str, Layout], one: Submitted) -> _Taken:
    landed = landing.landed(store, one.sha256)
    if landed is None:
        raise UserError("the landed file is missing from the warehouse", one.file, "Receive the file again.")
    if one.layout not in layouts:
        raise UserError(f"the layout '{one.layout}' is no longer in the rulebook", one.file, "Restore its pack file.")
    lines: list[tuple[int, str]] = []
    if landed.unparsed:
        path = quoted(landing.unparsed_path(store, one.sha256))
        lines = [(row[0], row[1]) for row in session.rows(f"select line, problem from read_parquet({path})")]
    return _Taken(one, layouts[one.layout], landed, tuple(lines))


def _lay_files(session: Session, taken: Sequence[_Taken]) -> None:
    session.table(
        "run_file",
        {"stream": "VARCHAR", "file": "VARCHAR", "lines": "BIGINT", "superseded": "BOOLEAN"},
        [(t.submitted.stream, t.landed.short, t.landed.lines, t.submitted.superseded) for t in taken],
    )
    session.execute(
        "create or replace view run_line as "
        "select stream, file, unnest(range(1, lines + 1)) as line, superseded from run_file"
    )
    live = [one for one in taken if not one.submitted.superseded]
    marks: list[tuple[Any, ...]] = [
        (one.submitted.stream, one.landed.short, line, LINE_RULES[problem])
        for one in live
        for line, problem in one.unparsed
    ]
    marks += [(t.submitted.stream, t.landed.short, 0, NO_LINE_END) for t in live if not t.landed.line_end_at_end]
    session.table("unparsed_line", {"stream": "VARCHAR", "file": "VARCHAR", "line": "BIGINT", "rule": "VARCHAR"}, marks)
    session.table(
        "check_without",
        {"file": "VARCHAR", "rule": "VARCHAR"},
        [(one.landed.short, rule) for one in live for rule in one.layout.without],
    )


def _canonical(
    store: Store,
    stream: str,
    taken: Sequence[_Taken],
    codes: Sequence[LocalCode],
    only: Sequence[str] = (),
) -> str:
    """Write the query of all rows of a stream as canonical fields, with what the checks must know of their file.

    Files of the same columns are mapped as one, since an engine plans every expression for each part of a union. With
    ``only`` some fields the rows are not to be judged, and have neither notes nor content.
    """
    fields = only or FIELDS[stream]
    alike: dict[tuple[Any, ...], list[_Taken]] = {}
    for one in taken:
        alike.setdefault((one.layout.id, one.landed.columns, one.landed.apart), []).append(one)
    parts = [
        mapped(
            files[0].layout,
            stream,
            files[0].landed.columns,
            _placed(store, files),
            also=_OF_FILE,
            judged=not only,
            fields=fields,
        )
        for files in alike.values()
    ]
    nothing = ", ".join(f"cast(null as varchar) as {named(name)}" for name in (*fields, "notes"))
    empty = (
        f"select cast(null as varchar) as file, cast(null as bigint) as line, {nothing}, "
        "cast(null as varchar) as sender, false as by_place, false as of_changes, "
        "cast(null as varchar) as period_first, "
        "cast(null as varchar) as period_last where false"
    )
    rows = mapped_select(stream, " union all ".join(parts or [empty]), codes, fields)
    whole = f"concat_ws({_SEPARATOR}, {', '.join(f'coalesce({named(name)}, {_NOTHING})' for name in FIELDS[stream])})"
    content = "cast(null as varchar)" if only else whole
    return f"select *, {content} as content from ({rows})"


def _placed(store: Store, files: Sequence[_Taken]) -> str:
    """Write the query of the rows of files of the same columns, as they came."""
    return " union all ".join(
        placed(one.landed, landing.source(store, one.landed), [line for line, _ in one.unparsed], _of_file(one))
        for one in files
    )


def _of_file(one: _Taken) -> dict[str, str]:
    """Say whose the file is, whether its layout judges by the place's registers, and the days of its month."""
    first = last = sender = "cast(null as varchar)"
    if one.submitted.month:
        month = Month.parse(one.submitted.month)
        first, last = quoted(month.first.isoformat()), quoted(month.last.isoformat())
    if one.submitted.provider:
        sender = quoted(one.submitted.provider)
    by_place = "true" if one.layout.coverage == "place" else "false"
    changes = "true" if one.submitted.changes else "false"
    return dict(zip(_OF_FILE, (sender, by_place, changes, first, last), strict=True))


def _flagged(session: Session, view: str, stream: str) -> str:
    """Write the query that reads only the rows with a broken check, and names those checks."""
    checks = [column for column in session.columns(view) if column not in ("stream", "file", "line", "notes")]
    marks = ", ".join(f"case when {named(check)} then {quoted(check)} end" for check in checks)
    broken = " or ".join(["notes <> ''", *(named(check) for check in checks)])
    # notes that found nothing are an empty text, which would leave a blank before the first mark
    return (
        f"select {quoted(stream)} as stream, file, line, concat_ws(' ', nullif(notes, ''), {marks}) as broken "
        f"from {view} where {broken}"
    )
