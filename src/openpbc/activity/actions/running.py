"""Runs a month over what was received, and remembers that the run was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.flow import run as run_month
from openpbc.activity.models import MonthRun
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.warehouse.runs import Run

Terms = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]


@audit.action("activity.run", late=True)
def run(
    *,
    by: Actor,
    place: str,
    month: Month,
    terms: Terms | None = None,
    known_on: date | None = None,
    threads: int | None = None,
) -> Run:
    """Check, attribute, price and monitor a month's files as an immutable run; the same basis gives the same run.

    ``terms`` is the snapshot of contract terms, handed over by the caller; ``known_on`` chooses what was known of
    memberships and the book on a day (None: all that is known).
    """
    made = run_month(
        reads.store(),
        organisations.book(place, known_on),
        month,
        reads.submitted(place, month),
        reads.members(place, known_on),
        terms,
        threads=threads,
    )
    if not MonthRun.objects.filter(place=place, month=str(month), run_id=made.run_id).exists():
        with audit.writing():
            remembered, fresh = MonthRun.objects.get_or_create(
                place=place, month=str(month), run_id=made.run_id, defaults={"made_at": timezone.now()}
            )
            if not fresh:
                audit.nothing_changed()
            audit.note(subject=f"run/{place}/{month}/{remembered.run_id}", after=_run_facts(made))
    return made


def _run_facts(made: Run) -> dict[str, Any]:
    inputs: list[Mapping[str, Any]] = made.manifest["inputs"]
    return {"files": [one["sha256"] for one in inputs], "code": made.manifest["code"], "book": made.manifest["book"]}
