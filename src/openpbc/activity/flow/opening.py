"""Opens a published run again: its tables, and the accepted rows as the run took them in, without judging them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpbc.activity.flow import checking
from openpbc.activity.flow.canonical import STREAMS
from openpbc.activity.flow.checking import Submitted, read_submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.local_codes import codes_of
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import Session, quoted
from openpbc.warehouse.store import Store

# Admitted episodes with who it was (nothing where no NHS number is known) and the day of the first operation. It is
# read in memory alone and written nowhere.
_PEOPLE = """
create or replace view person_apc as
select c.file, c.line, coalesce(replace(replace(c.nhs_number, ' ', ''), '-', ''), '') as person,
       cast(day_of(c.proc_01_date) as date) as operated_on
from canonical_apc as c
"""


def open_run(session: Session, store: Store, book: Book, run: Run) -> None:
    """Make views of the run's tables, of ``accepted_<stream>`` as described in the package, and ``person_apc``."""
    open_rows(session, store, book, run, [read_submitted(one) for one in run.manifest["inputs"]], STREAMS)
    runs.tables(session, [run])
    session.execute(_PEOPLE)


def open_rows(
    session: Session,
    store: Store,
    book: Book,
    run: Run,
    files: Sequence[Submitted],
    streams: Sequence[str],
    only: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Make the views ``accepted_<stream>`` of some streams over some of a run's files, or ``only`` those rows."""
    checking.lay_rows(session, store, layouts(book), files, codes_of(run), streams, only, parameters)
    outcomes = " union all ".join(
        f"select '{stream}' as stream, file, line from read_parquet({quoted(run.folder / f'rows_{stream}.parquet')}) "
        "where outcome <> 'accepted'"
        for stream in streams
    )
    session.execute(f"create or replace view unaccepted as {outcomes}")
    session.script(checking.SQL, "typed.sql")
    for stream in streams:
        session.script(checking.SQL, f"accepted_{stream}.sql")
