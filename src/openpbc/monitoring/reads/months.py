"""Which months are closed, with which run, and how that came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.measures.reads import Source
from openpbc.monitoring import models
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs

CLOSED_STATE = "closed"


@dataclass(frozen=True)
class MonthState:
    """A month of the place's year: ``state`` is open, closed or reopened; ``run_id`` is that of the figures shown."""

    month: Month
    state: str
    run_id: str
    since: datetime | None
    point: str = ""
    version: int = 0

    @property
    def published(self) -> bool:
        """Whether the month has figures."""
        return bool(self.run_id)


@dataclass(frozen=True)
class Closing:
    """One entry of a month's history."""

    month: Month
    number: int
    state: str
    run_id: str
    at: datetime
    by: str
    reason: str
    point: str = ""
    decision: int | None = None


@dataclass(frozen=True)
class Published:
    """The published months of a year up to one month: (month, run id) in order, and the months without figures."""

    runs: tuple[tuple[Month, str], ...]
    missing: tuple[Month, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The months as text."""
        return tuple(str(month) for month, _ in self.runs)

    def run_of(self, month: Month) -> str:
        """Give a month's run id, or an empty text."""
        return dict(self.runs).get(month, "")


def months(place: str) -> list[MonthState]:
    """List the twelve months of the place's year with their state."""
    current = {row.month: row for row in models.PublishedMonth.objects.filter(place=place)}
    latest = {entry.month: entry for entry in models.MonthEvent.objects.filter(place=place).order_by("number")}
    return [
        MonthState(
            month,
            current[str(month)].state if str(month) in current else "open",
            current[str(month)].run_id if str(month) in current else "",
            latest[str(month)].at if str(month) in latest else None,
            current[str(month)].point if str(month) in current else "",
            current[str(month)].version if str(month) in current else 0,
        )
        for month in organisations.book(place).place.year.months
    ]


def published(place: str, month: Month) -> Published:
    """Give the published runs of the month's year, from April to the month."""
    wanted = list(month.year_of.months[0].through(month))
    rows = models.PublishedMonth.objects.filter(place=place, month__in=[str(each) for each in wanted])
    current = dict(rows.values_list("month", "run_id"))
    return Published(
        tuple((each, current[str(each)]) for each in wanted if str(each) in current),
        tuple(each for each in wanted if str(each) not in current),
    )


def history(place: str, month: Month) -> list[Closing]:
    """Give the history of a month, oldest first."""
    entries = models.MonthEvent.objects.filter(place=place, month=str(month)).order_by("number")
    return [Closing(month, e.number, e.state, e.run_id, e.at, e.by, e.reason, e.point, e.decision) for e in entries]


def manifest(place: str, month: Month) -> dict[str, Any]:
    """Give the manifest of the run that counts for a month; a month without figures is a person's mistake."""
    return runs.read(store(), run_id(place, month)).manifest


def run_id(place: str, month: Month) -> str:
    """Give the run that counts for a month."""
    row = models.PublishedMonth.objects.filter(place=place, month=str(month)).first()
    if row is None:
        raise UserError(f"{month.name} is not closed", where=place, do=f"Run 'openpbc month close {month}'.")
    return row.run_id


def source_of_measures(place: str, month: Month) -> Source:
    """Give the published run of a month and those of the months about it, from which the month is measured.

    The months before reach as far back as a readmission and a long stay need; the one after tells who came back.
    """
    before, after = (month.previous().previous(), month.previous()), (month.next(),)
    rows = models.PublishedMonth.objects.filter(place=place, month__in=[str(each) for each in (*before, *after)])
    current = dict(rows.values_list("month", "run_id"))
    earlier, later = (
        tuple((each, current[str(each)]) for each in months if str(each) in current) for months in (before, after)
    )
    return Source(run_id(place, month), earlier, later)
