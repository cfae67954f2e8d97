"""Opens a published run for a later room that asks of its accepted records what pricing did not."""

from __future__ import annotations

from datetime import date

from openpbc.activity.flow.opening import open_run
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session


def lay_run(session: Session, run_id: str) -> None:
    """Make views of a run's tables and of its accepted rows in a session; their columns are described in ``flow``."""
    run = runs.read(store(), run_id)
    known_on = run.manifest["book"]["known_on"]
    book = organisations.book(run.manifest["place"], date.fromisoformat(known_on) if known_on else None)
    open_run(session, store(), book, run)
