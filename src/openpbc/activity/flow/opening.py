"""Opens a published run again: its tables, and the accepted rows as the run took them in, without judging them anew."""

from __future__ import annotations

from openpbc.activity.flow import checking
from openpbc.activity.flow.canonical import STREAMS
from openpbc.activity.flow.checking import read_submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.local_codes import codes_of
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import Session
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
    files = [read_submitted(one) for one in run.manifest["inputs"]]
    checking.lay_submitted(session, store, layouts(book), files, codes_of(run))
    runs.tables(session, [run])
    outcomes = " union all ".join(
        f"select '{stream}' as stream, file, line from rows_{stream} where outcome <> 'accepted'" for stream in STREAMS
    )
    session.execute(f"create or replace view unaccepted as {outcomes}")
    session.script(checking.SQL, "check_common.sql")
    session.script(checking.SQL, "accepted.sql")
    session.execute(_PEOPLE)
