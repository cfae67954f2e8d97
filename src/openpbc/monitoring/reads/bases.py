"""On what a position stands: what is known now, or for a locked month exactly what was known when it was locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.monitoring import models
from openpbc.monitoring.reads.funds import Funds, kept_funds
from openpbc.monitoring.reads.months import Published, published

LOCKED, REOPENED = "locked", "reopened"


@dataclass(frozen=True)
class Basis:
    """Runs, the last entry, the last journal, the budgets and the profiles that count; None means what is there now."""

    runs: Published
    last_entry: int | None = None
    last_journal: int | None = None
    funds: Funds | None = None
    profiles: Mapping[str, int] | None = None


@dataclass(frozen=True)
class PeriodEvent:
    """One entry of a position's history."""

    month: Month
    number: int
    state: str
    basis: Mapping[str, Any]
    figures: Mapping[str, int | None]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Period:
    """Where a place's year stands: the last locked month, and the revision that whoever changes it must have seen."""

    place: str
    year: str
    locked_through: Month | None
    revision: int

    def holds(self, month: Month) -> bool:
        """Tell whether entries for a month are refused."""
        return self.locked_through is not None and month <= self.locked_through


def period(place: str, year: str) -> Period:
    """Give where a place's year stands."""
    row = models.PeriodBook.objects.filter(place=place, year=year).first()
    if row is None:
        return Period(place, year, None, 0)
    return Period(place, year, Month.parse(row.locked_through) if row.locked_through else None, row.revision)


def period_events(place: str, month: Month) -> tuple[PeriodEvent, ...]:
    """Give the history of a month's position, oldest first."""
    rows = models.PeriodEvent.objects.filter(place=place, month=str(month)).order_by("number")
    return tuple(
        PeriodEvent(month, row.number, row.state, row.basis, row.figures, row.reason, row.by, row.at) for row in rows
    )


def basis_of(place: str, month: Month) -> Basis:
    """Give what the position of a month stands on: its lock where it is locked, else what is known now."""
    events = period_events(place, month)
    if not events or events[-1].state != LOCKED:
        return Basis(published(place, month))
    kept = events[-1].basis
    runs = tuple((Month.parse(name), run) for name, run in kept["runs"])
    closed = {each for each, _ in runs}
    missing = tuple(each for each in month.year_of.months[0].through(month) if each not in closed)
    return Basis(
        runs=Published(runs, missing),
        last_entry=kept["last_entry"],
        last_journal=kept["last_journal"],
        funds=kept_funds(kept["funds"]),
        profiles=kept["profiles"],
    )
