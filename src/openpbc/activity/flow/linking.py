"""Gives each record of a landed file a pseudonym for one purpose, an age and a sector, and counts what has none.

``linked/<sha256>/<name>/people.parquet``  row_id, line, state, pid, age, sector; state is one of ``STATES``.

The name stands for all that it was made from: draw, layout, restricted diagnoses and key. So a corrected layout or
another key makes another folder, and what an older key made can be thrown away.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from openpbc.activity.flow.canonical import CARE_DATE, FIELDS
from openpbc.activity.flow.layouts import Layout, canonical_select
from openpbc.kernel.pseudonyms import fingerprint, pads
from openpbc.rulebook.reader import Book
from openpbc.warehouse import apart, landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import Session, named, quoted
from openpbc.warehouse.store import Store, canonical_json

RESTRICTED = "people.restricted_diagnoses"
STATES = ("linked", "withheld", "restricted", "no valid number")
PEOPLE = "people.parquet"
_SQL = "openpbc.activity.sql"
_READ = ("nhs_number", "withheld_reason", "dob", "age", "postcode")


def restricted(book: Book) -> tuple[str, ...]:
    """Give the first characters of the diagnoses that the law keeps apart."""
    return tuple(row["starts"] for row in book.need_table(RESTRICTED))


def linked_path(store: Store, book: Book, one: Landed, layout: Layout, stream: str, key: bytes) -> Path:
    """Give the Parquet file of a landed file's pseudonyms for the purpose of a key, made now if it is not there."""
    place = store.linked / one.sha256 / _name(book, one, layout, stream, key)
    if not place.is_dir():
        with store.staging() as folder, Session(temp_directory=store.spill) as session:
            lay_linked(session, store, book, one, layout, stream, key)
            ids = f"read_parquet({quoted(store.landed / one.sha256 / apart.ROWS)}, file_row_number = true)"
            both = f"linked as l inner join {ids} as i on i.file_row_number + 1 = l.line"
            session.write(f"(select i.{apart.ROW_ID}, l.* from {both})", folder / PEOPLE, "line")
            store.keep(folder, place)
    return place / PEOPLE


def lay_linked(
    session: Session, store: Store, book: Book, one: Landed, layout: Layout, stream: str, key: bytes
) -> None:
    """Make the view ``linked`` of a landed file: line, state, pid, age, sector."""
    session.script(_SQL, "typed.sql")
    session.script(_SQL, "check_common.sql")
    session.table("restricted_diagnosis", {"starts": "VARCHAR"}, [(start,) for start in restricted(book)])
    inner, outer = pads(key)
    # the key stays in the memory of this session: it is in no statement that could be printed with an error
    session.table("pad", {"inner_pad": "BLOB", "outer_pad": "BLOB"}, [(inner, outer)])
    session.execute("create or replace macro inner_pad() as (select inner_pad from pad)")
    session.execute("create or replace macro outer_pad() as (select outer_pad from pad)")
    path = quoted(landing.unparsed_path(store, one.sha256))
    unparsed = [line for (line,) in session.rows(f"select line from read_parquet({path})")]
    rows = canonical_select(layout, stream, one, landing.source(store, one), unparsed, judged=False)
    session.execute(
        f"create or replace view linked_record as select line, {', '.join(map(named, _READ))}, "
        f"concat_ws(' ', '', {', '.join(_diagnoses(stream))}) as diagnoses, day_of({CARE_DATE[stream]}) as care_day "
        f"from ({rows})"
    )
    session.script(_SQL, "linked.sql")


def _diagnoses(stream: str) -> list[str]:
    """Write every diagnosis of a record without its dot."""
    return [f"replace({named(field)}, '.', '')" for field in FIELDS[stream] if re.fullmatch("diag_[0-9]+", field)]


def _name(book: Book, one: Landed, layout: Layout, stream: str, key: bytes) -> str:
    body = {
        "draw": one.draw,
        "layout": {"id": layout.id, "stream": stream, "words": repr(sorted(layout.words.items(), key=str))},
        "restricted": list(restricted(book)),
        "key": fingerprint(key),
    }
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()[:20]
