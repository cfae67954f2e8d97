"""Runs a month over what was received, and remembers that the run was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from openpbc import audit
from openpbc.activity import flow, reads
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.models import MonthRun
from openpbc.activity.rules.local_codes import LocalCode
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.warehouse.engines import USUAL, Engine
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
    engine: Engine = USUAL,
    files: Sequence[Submitted] | None = None,
    members: Sequence[MemberRow] | None = None,
    codes: Sequence[LocalCode] | None = None,
) -> Run:
    """Check, attribute, price and monitor a month's files as an immutable run; the same basis gives the same run.

    ``terms`` is the snapshot of contract terms, handed over by the caller; ``known_on`` chooses what was known of
    memberships, local codes and the book on a day (None: all that is known). A caller that states its basis hands
    over the very ``files``, ``members`` and ``codes`` that it read for it.
    """
    made = flow.run(
        reads.store(),
        organisations.book(place, known_on),
        month,
        reads.submitted(place, month) if files is None else files,
        reads.members(place, known_on) if members is None else members,
        terms,
        reads.local_codes(place, month, known_on) if codes is None else codes,
        engine=engine,
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
    made_from = {name: made.manifest[name] for name in ("code", "engine", "book")}
    return {"files": [one["sha256"] for one in inputs], **made_from}
