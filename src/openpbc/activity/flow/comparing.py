"""Compares a file with what stands before it, record by record: new, changed, removed and unchanged.

A whole file removes what it does not hold; a file of changes removes what it deletes, and leaves the rest as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpbc.activity.flow.canonical import FIELDS
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.first_look import KEPT_APART
from openpbc.activity.flow.layouts import Layout, canonical_select
from openpbc.activity.flow.persons import is_identifiable
from openpbc.activity.rules.checks import contract
from openpbc.kernel.problems import UserError
from openpbc.warehouse import landing
from openpbc.warehouse.session import Session, named, quoted
from openpbc.warehouse.store import Store

NEW, CHANGED, REMOVED = "new", "changed", "removed"
# By what a record is known from one file to the next where it has no identifier of its own.
FALLBACK_KEYS: Mapping[str, tuple[str, ...]] = {
    "apc": ("spell_no", "epi_no"),
    "op": ("attendance_id",),
    "ae": ("attendance_id",),
    "acm": tuple(field for field in contract.KEY if field != "created_at"),  # each file of a month is made anew
    "plcm": ("spell_no", "attendance_id", "local_patient_id", "activity_date", "pod", "tariff_code"),
    "drplcm": ("spell_no", "attendance_id", "local_patient_id", "activity_date", "item_code", "item_name"),
    "deplcm": ("spell_no", "attendance_id", "local_patient_id", "activity_date", "item_name", "item_serial"),
}
OWN_KEY = "cds_unique_id"
# What a transaction says of itself and not of the record.
OF_TRANSACTION = ("applicable_at", "update_type")
_DELETES = "1"
MOST_SHOWN = 500


@dataclass(frozen=True)
class Change:
    """One field of a record that differs, by the lines in the new and in the present file."""

    line: int
    present_line: int
    field: str
    was: str
    now: str


@dataclass(frozen=True)
class Compared:
    """How many records are new, changed, removed and unchanged; ``fields`` counts the changes field by field."""

    new: int
    changed: int
    removed: int
    unchanged: int
    fields: tuple[tuple[str, int], ...] = ()
    changes: tuple[Change, ...] = ()


def compare(
    session: Session, store: Store, known: Mapping[str, Layout], present: Sequence[Submitted], coming: Submitted
) -> Compared:
    """Hold a landed file against those that stand; records are matched by their identifier, twins in their order.

    Every field that is read counts, of rejected records too; lines that could not be read are not records.
    """
    fields = _fields(known, [*present, coming])
    _lay_side(session, "coming", store, known, [coming], fields)
    if not present:
        return Compared(session.number("select count(*) as n from coming where not deletes"), 0, 0, 0)
    _lay_side(session, "present", store, known, present, fields)
    # a file of changes says nothing of the records that it does not name
    join = "left join" if coming.changes else "full outer join"
    session.execute(
        "create or replace table met as "
        "select c.key as key, c.place as place, c.line as line, p.line as present_line, "
        "c.content = p.content and not c.deletes as same, coalesce(c.deletes, true) as gone "
        f"from coming as c {join} present as p on c.key = p.key and c.place = p.place"
    )
    new, removed, unchanged, changed = session.row(
        "select count(case when present_line is null and not gone then 1 end) as added, "
        "count(case when present_line is not null and gone then 1 end) as removed, "
        "count(case when same then 1 end) as unchanged, "
        "count(case when not same and not gone then 1 end) as changed from met"
    )
    counted, changes = _differences(session, fields) if changed else ((), ())
    return Compared(new, changed, removed, unchanged, counted, changes)


def _fields(known: Mapping[str, Layout], files: Sequence[Submitted]) -> tuple[str, ...]:
    """Give the fields that the layout of any of the files reads, in their order, the keys always among them."""
    stream = files[0].stream
    read = {field for one in files if one.layout in known for field in known[one.layout].fields.get(stream, {})}
    read |= {OWN_KEY, *FALLBACK_KEYS[stream]}
    return tuple(field for field in FIELDS[stream] if field in read - set(OF_TRANSACTION))


def _lay_side(
    session: Session,
    name: str,
    store: Store,
    known: Mapping[str, Layout],
    files: Sequence[Submitted],
    fields: Sequence[str],
) -> None:
    """Lay down as a table what stands after some files: line, key, place among equal keys, content, every field.

    Of several files, the latest transaction of a key stands, unless it deletes.
    """
    rows = " union all ".join(f"select * from ({_side(store, known, one, fields)})" for one in files)
    if len(files) > 1:
        newest = "row_number() over (partition by key order by applicable_at desc nulls last, content desc) as newest"
        rows = f"select * from (select *, {newest} from ({rows})) where newest = 1 and not deletes"
    session.execute(
        f"create or replace table {name} as "
        f"select *, row_number() over (partition by key order by content, line) as place from ({rows})"
    )


def _side(store: Store, known: Mapping[str, Layout], one: Submitted, fields: Sequence[str]) -> str:
    """Write one file's records: line, key, when it applies, whether it deletes, content, and every field."""
    landed = landing.landed(store, one.sha256)
    if landed is None or one.layout not in known:
        raise UserError("the file or its layout is no longer there", one.file, "Receive the file again.")
    unparsed = landing.unparsed_lines(store, landed)
    source = landing.source(store, landed)
    rows = canonical_select(known[one.layout], one.stream, landed, source, unparsed, judged=False)
    content = ", ".join(f"coalesce({named(field)}, '')" for field in fields)
    instead = ", ".join(f"coalesce({field}, '')" for field in FALLBACK_KEYS[one.stream])
    key = f"coalesce(nullif({OWN_KEY}, ''), concat('-', concat_ws(chr(31), {instead})))"
    at, how = (name if name in FIELDS[one.stream] else "cast(null as varchar)" for name in OF_TRANSACTION)
    return (
        f"select line, {key} as key, {at} as applicable_at, coalesce({how} = '{_DELETES}', false) as deletes, "
        f"concat_ws(chr(31), {content}) as content, {', '.join(map(named, fields))} from ({rows})"
    )


def _differences(session: Session, fields: Sequence[str]) -> tuple[tuple[tuple[str, int], ...], tuple[Change, ...]]:
    parts = [
        f"select m.line as line, m.present_line as present_line, {quoted(field)} as field, {at} as place, "
        f"coalesce(p.{named(field)}, '') as was, coalesce(c.{named(field)}, '') as now "
        "from met as m inner join coming as c on c.line = m.line inner join present as p on p.line = m.present_line "
        f"where not m.same and not m.gone and coalesce(p.{named(field)}, '') <> coalesce(c.{named(field)}, '')"
        for at, field in enumerate(fields)
    ]
    session.execute(f"create or replace table difference as {' union all '.join(parts)}")
    counted = session.rows("select field, count(*) as n from difference group by field, place order by n desc, place")
    shown = session.rows(
        f"select line, present_line, field, was, now from difference order by line, place limit {MOST_SHOWN}"
    )
    return tuple((field, number) for field, number in counted), tuple(_shown(Change(*row)) for row in shown)


def _shown(change: Change) -> Change:
    """Give a change as it may be kept with the draft: what tells who somebody is stays where the file is."""
    return replace(change, was=KEPT_APART, now=KEPT_APART) if is_identifiable(change.field) else change
