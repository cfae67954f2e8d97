"""Measures a published month and remembers the run that it made."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads as activity
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale
from openpbc.measures.flow import Source
from openpbc.measures.flow import measure as measure_month
from openpbc.measures.models import MeasuredMonth
from openpbc.organisations import reads as organisations


@dataclass(frozen=True)
class Measured:
    """A measured month: its run, and whether it was measured so before."""

    place: str
    month: Month
    run_id: str
    already: bool
    measures: int

    @property
    def sentence(self) -> str:
        """What to tell the person who measured."""
        if self.already:
            return f"{self.month.name} was measured so before, nothing changed (run {self.run_id})."
        return f"{self.month.name} is measured: {self.measures} measures, run {self.run_id}."


@audit.action("measures.measure", late=True)
def measure(*, by: Actor, place: str, month: Month, source: Source, threads: int | None = None) -> Measured:
    """Measure a month from its published run, which the caller names, with the runs of the months about it.

    The result is an immutable run beside the month's own; one short transaction then makes it the one that is shown.
    """
    last = MeasuredMonth.objects.filter(place=place, month=str(month)).order_by("-number").first()
    made = measure_month(
        activity.store(),
        organisations.book(place),
        month,
        source,
        activity.lay_run,
        _people(place, month),
        threads=threads,
    )
    found = Measured(
        place, month, made.run_id, bool(last and last.run_id == made.run_id), len(made.manifest["measures"])
    )
    if not found.already:
        with audit.writing():
            _remember(by, found, source, last.number if last else 0)
            audit.note(
                subject=f"measured/{place}/{month}",
                before={"run": last.run_id} if last else None,
                after={
                    "run": made.run_id,
                    "of": source.run_id,
                    "earlier": [run for _, run in source.earlier],
                    "later": [run for _, run in source.later],
                },
            )
    return found


def _people(place: str, month: Month) -> list[tuple[str, str, int]]:
    """Give the lists of the place's own practices on the month's last day; those that are not set are left out."""
    return [
        (each.practice, each.unit, each.list_size)
        for each in organisations.membership_rows(place)
        if each.list_size is not None and each.unit and each.valid_from <= month.last <= each.valid_to
    ]


def _remember(by: Actor, found: Measured, source: Source, seen: int) -> None:
    try:
        MeasuredMonth.objects.create(
            place=found.place,
            month=str(found.month),
            number=seen + 1,
            source_run=source.run_id,
            run_id=found.run_id,
            by=by.name[:200],
            at=timezone.now(),
        )
    except IntegrityError as error:
        raise Stale(
            f"somebody else measured {found.month.name} meanwhile; nothing was changed", do="Look again."
        ) from error
