"""A published month computed again by another engine, to hold the two against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from openpbc.activity import flow
from openpbc.activity.reads.codes import local_codes
from openpbc.activity.reads.submissions import files_of, members
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse.engines import Engine

Terms = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]


def recomputed(
    place: str, month: Month, terms: Terms, engine: Engine, run_id: str, at: datetime | None = None
) -> Mapping[str, int]:
    """Count the rows that differ from a published run, table by table; empty when all are equal. Nothing is kept.

    ``at`` takes the files as they stood at a moment (None: now).
    """
    return flow.compare(
        store(),
        organisations.book(place),
        month,
        files_of(place, month, at),
        members(place, None),
        terms,
        local_codes(place, month),
        engine=engine,
        with_run=run_id,
    )
