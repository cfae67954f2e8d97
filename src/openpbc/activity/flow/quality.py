"""Counts, in one pass over checked files, how good each of their fields is: the copy of ``rules.quality``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from openpbc.activity.flow import checking
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.rules.quality import EXCLUDED, STAND_IN_RULE, WITHHELD, WITHHELD_STATUS, Measure, Quality
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value
from openpbc.warehouse.session import Session, named, quoted
from openpbc.warehouse.store import Store

MEASURES, UNKNOWN = "data.quality.measures", "submissions.unknown_practice_codes"
UNKNOWN_PRACTICE = "unknown_practice"
STATES = ("valid", "stand_in", "invalid", "missing")


def measures(book: Book, stream: str) -> tuple[Measure, ...]:
    """Read the fields that are measured in a data set; none where no file of the book lists them."""
    listed = book.table(MEASURES)
    if isinstance(listed, NotSet):
        return ()
    return tuple(
        Measure(
            stream,
            row["field"],
            row["title"],
            tuple(row["rules"].split()),
            row["outside"],
            row["only_where"],
            _shape(book, row["shape"]),
            _shape(book, row["never"]),
        )
        for row in listed
        if row["stream"] == stream
    )


def _shape(book: Book, subject: str) -> str:
    held = book.value(subject) if subject else None
    return held.text if isinstance(held, Value) else ""


def measure_file(store: Store, book: Book, file: Submitted, members: Sequence[MemberRow]) -> tuple[Quality, ...]:
    """Check one received file by itself and count the states of its fields; a superseded one counts like any other."""
    return measure_files(store, book, [file], members)[file.sha256]


def measure_files(
    store: Store, book: Book, files: Sequence[Submitted], members: Sequence[MemberRow]
) -> dict[str, tuple[Quality, ...]]:
    """Measure several files as if each stood alone, by hash.

    One file of each data set is checked at a time: no field that is measured is judged by a record of another data set.
    """
    of_stream: dict[str, list[Submitted]] = {}
    for file in files:
        of_stream.setdefault(file.stream, []).append(replace(file, superseded=False))
    found: dict[str, tuple[Quality, ...]] = {}
    for together in zip_longest(*of_stream.values()):
        found |= _measure_together(store, book, [file for file in together if file is not None], members)
    return found


def _measure_together(
    store: Store, book: Book, files: Sequence[Submitted], members: Sequence[MemberRow]
) -> dict[str, tuple[Quality, ...]]:
    unknown, found = unknown_codes(book), {}
    with Session(temp_directory=store.spill) as session:
        checking.check(session, store, book, layouts(book), files, members)
        for file in files:
            listed = measures(book, file.stream)
            nothing = tuple(Quality(name) for name in (*(each.field for each in listed), UNKNOWN_PRACTICE))
            found[file.sha256] = count(session, file.stream, listed, unknown).get(file.file, nothing)
    return found


def measure_run(session: Session, book: Book, streams: Collection[str]) -> dict[str, dict[str, list[int]]]:
    """Count the fields of every file that a run has checked, by file and field: valid, stand-in, invalid, missing."""
    unknown = unknown_codes(book)
    return {
        file: {each.field: [each.valid, each.stand_in, each.invalid, each.missing] for each in found}
        for stream in sorted(streams)
        for file, found in count(session, stream, measures(book, stream), unknown).items()
    }


def unknown_codes(book: Book) -> tuple[str, ...]:
    """Give the codes that say that a practice is not known."""
    listed = book.table(UNKNOWN)
    return () if isinstance(listed, NotSet) else tuple(row["code"] for row in listed)


def count(
    session: Session, stream: str, listed: Sequence[Measure], unknown: Sequence[str] = ()
) -> dict[str, tuple[Quality, ...]]:
    """Count by file over ``canonical_<stream>`` and what was found in it; last, practices that are not known."""
    wanted = sorted({(rule, each.field) for each in listed for rule in (STAND_IN_RULE, *each.rules)})
    marks = {mark: f"mark_{at}" for at, mark in enumerate(wanted)}
    flags = [
        f", max(case when rule = {quoted(rule)} and field = {quoted(field)} then 1 else 0 end) as {name}"
        for (rule, field), name in marks.items()
    ]
    codes = ", ".join(map(quoted, unknown)) or "null"
    counted = [f"count(case when {_state(each, marks)} = '{state}' then 1 end)" for each in listed for state in STATES]
    counted += [
        f"count(case when c.practice in ({codes}) then 1 end)",
        f"count(case when not coalesce(c.practice in ({codes}), false) then 1 end)",
    ]
    sums = ", ".join(f"{each} as n{at}" for at, each in enumerate(counted))
    rows = session.rows(
        f"with field_marks as (select file, line{''.join(flags)} from finding"
        f" where stream = {quoted(stream)} and line > 0 group by file, line)"
        f" select c.file, {sums} from canonical_{stream} as c"
        " left join field_marks as m on m.file = c.file and m.line = c.line"
        f" left join unaccepted as u on u.stream = {quoted(stream)} and u.file = c.file and u.line = c.line"
        " group by c.file"
    )
    return {file: _read(listed, counts) for file, *counts in rows}


def _read(listed: Sequence[Measure], counts: Sequence[int]) -> tuple[Quality, ...]:
    width = len(STATES)
    found = [Quality(each.field, *counts[at * width : (at + 1) * width]) for at, each in enumerate(listed)]
    return (*found, Quality(UNKNOWN_PRACTICE, valid=counts[-1], stand_in=counts[-2]))


def _state(measure: Measure, marks: Mapping[tuple[str, str], str]) -> str:
    """Write the state of one field as an expression; ``marks`` name the columns that tell what was found."""

    def broken(rule: str) -> str:
        return f"coalesce(m.{marks[rule, measure.field]}, 0) = 1"

    field = f"coalesce(c.{named(measure.field)}, '')"
    outside = []
    if measure.outside == WITHHELD:
        outside.append(f"coalesce(c.nhs_number_status, '') = {quoted(WITHHELD_STATUS)}")
        outside.append("coalesce(c.withheld_reason, '') <> ''")
    if measure.outside == EXCLUDED:
        outside.append("coalesce(u.outcome, '') = 'excluded'")
    if measure.only_where:
        outside.append(f"coalesce(c.{named(measure.only_where)}, '') = ''")
    wrong = [broken(rule) for rule in measure.rules]
    if measure.shape:
        wrong.append(f"not {_like(field, measure.shape)}")
    if measure.never:
        wrong.append(_like(field, measure.never))
    return (
        f"case when {' or '.join(outside) or 'false'} then 'outside' when {field} = '' then 'missing'"
        f" when {broken(STAND_IN_RULE)} then 'stand_in'"
        f" when {' or '.join(wrong) or 'false'} then 'invalid' else 'valid' end"
    )


def _like(field: str, shape: str) -> str:
    return f"regexp_matches({field}, {quoted(f'^({shape})$')})"
