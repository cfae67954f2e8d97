"""Writes national codes for a provider's own, over columns; the law is ``rules/local_codes.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpbc.activity.flow.canonical import CARE_DATE, CODED, FIELDS
from openpbc.activity.rules.local_codes import KINDS, LocalCode
from openpbc.kernel.codes import SITE, matches
from openpbc.rulebook.reader import Book
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import Session, named, quoted

_CONTRACT_DATE = "activity_date"


def lay_local_codes(session: Session, codes: Sequence[LocalCode]) -> None:
    """Lay the snapshot of mappings down, with days as the texts that files write."""
    session.table(
        "local_code",
        dict.fromkeys(("kind", "provider", "code", "national", "first_day", "last_day"), "VARCHAR"),
        [
            (c.kind, c.provider, c.code, c.national, c.valid_from.isoformat(), c.valid_to.isoformat())
            for c in sorted(codes)
        ],
    )


def mapped_select(stream: str, rows: str, codes: Sequence[LocalCode], held: Sequence[str]) -> str:
    """Write the query that gives the rows of a stream with their codes mapped; without a mapping, the rows alone.

    ``held`` are the fields that the rows have.
    """
    kinds = [kind for kind in KINDS if KINDS[kind][0] in FIELDS[stream] and any(one.kind == kind for one in codes)]
    if not kinds:
        return rows
    fields = {KINDS[kind][0]: kind for kind in kinds}
    columns = [
        "file",
        "line",
        *held,
        "notes",
        "sender",
        "by_place",
        "of_changes",
        "period_first",
        "period_last",
    ]
    chosen = ", ".join(
        f"coalesce(m_{fields[name]}.national, c.{named(name)}) as {named(name)}"
        if name in fields
        else f"c.{named(name)}"
        for name in columns
    )
    joins = " ".join(_join(kind, stream) for kind in kinds)
    return f"select {chosen} from (select *, {_day(stream)} as mapped_on from ({rows})) as c {joins}"


def _join(kind: str, stream: str) -> str:
    own = f"m_{kind}"
    return (
        f"left join local_code as {own} on {own}.kind = {quoted(kind)} and {own}.provider = provider_match(c.provider) "
        f"and {own}.code = {code_of(kind, stream, 'c.')} and c.mapped_on between {own}.first_day and {own}.last_day"
    )


def code_of(kind: str, stream: str, prefix: str = "") -> str:
    """Write which field of a record holds a kind of code: the first one that is filled."""
    names = [f"nullif({prefix}{named(name)}, '')" for name in KINDS[kind] if name in FIELDS[stream]]
    return names[0] if len(names) == 1 else f"coalesce({', '.join(names)})"


def _day(stream: str) -> str:
    field = named(CARE_DATE.get(stream, _CONTRACT_DATE))
    day = f"case when iso_day_ok({field}) then {field} end"
    return (
        f"case when {day} < period_first then period_first when {day} > period_last then period_last "
        f"else coalesce({day}, period_first) end"
    )


def kinds_of(stream: str) -> tuple[str, ...]:
    """Give the kinds of code that records of a stream carry and that can be told from national ones."""
    held = (*CODED[stream], "site")
    return tuple(kind for kind, names in KINDS.items() if names[0] in FIELDS[stream] and names[0] in held)


def is_national(book: Book, kind: str, code: str) -> bool:
    """Tell whether a code is one of the national list of its kind; a site's is known by its shape alone."""
    if kind == "site":
        return matches(SITE, code)
    return any(row["code"] == code for row in book.need_table(f"data.codes.{KINDS[kind][0]}"))


def unknown_test(kind: str, code: str) -> str:
    """Write the test that a code is none of the national ones; ``national_code`` lists those of every kind."""
    if kind == "site":
        return f"not regexp_matches({code}, {quoted(f'^{SITE}$')})"
    return f"{code} not in (select code from national_code where kind = {quoted(kind)})"


def lay_national(session: Session, book: Book) -> None:
    """Lay the national lists down by kind."""
    kinds = [kind for kind in KINDS if kind != "site"]
    session.table(
        "national_code",
        {"kind": "VARCHAR", "code": "VARCHAR"},
        [(kind, row["code"]) for kind in kinds for row in book.need_table(f"data.codes.{KINDS[kind][0]}")],
    )


def described(codes: Sequence[LocalCode]) -> list[dict[str, str]]:
    """Give a snapshot as the manifest of a run keeps it."""
    return [{name: str(value) for name, value in vars(one).items()} for one in sorted(codes)]


def read_described(rows: Sequence[Mapping[str, Any]]) -> list[LocalCode]:
    """Read a snapshot back."""
    days = ("valid_from", "valid_to")
    return [LocalCode(**{**row, **{name: date.fromisoformat(row[name]) for name in days}}) for row in rows]


def codes_of(run: Run) -> list[LocalCode]:
    """Give the mappings that a run was made with."""
    return read_described(run.manifest.get("local_codes", ()))
