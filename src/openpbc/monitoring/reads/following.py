"""Notes on variances, actions that were agreed, and the information packs that were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import models


@dataclass(frozen=True)
class NoteFound:
    """What somebody said of a line; the highest number of a line is the latest word."""

    service_line: str
    number: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class TaskFound:
    """An action; ``revision`` goes up with every change."""

    id: int
    month: str
    unit: str
    service_line: str
    text: str
    role: str
    due: date
    state: str
    outcome: str
    revision: int
    by: str
    at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == "open"


@dataclass(frozen=True)
class PackFound:
    """When a pack was sent, and by whom it was recorded."""

    unit: str
    month: str
    sent_on: date
    by: str


def notes(place: str, month: Month, unit: str) -> tuple[NoteFound, ...]:
    """Give the latest note of each line of a group (or of the commissioner's own level), by line."""
    rows = models.Note.objects.filter(place=place, month=str(month), unit=unit).order_by("service_line", "number")
    latest = {row.service_line: row for row in rows}
    return tuple(NoteFound(row.service_line, row.number, row.text, row.by, row.at) for row in latest.values())


def tasks(place: str, *, unit: str | None = None, until: Month | None = None) -> tuple[TaskFound, ...]:
    """List actions, open ones first and those by day; ``until`` leaves out those of later months."""
    rows = models.Task.objects.filter(place=place)
    if unit is not None:
        rows = rows.filter(unit=unit)
    if until is not None:
        rows = rows.filter(month__lte=str(until))
    found = [_task(row) for row in rows.order_by("due", "id")]
    return tuple(sorted(found, key=lambda each: not each.is_open))


def task(place: str, number: int) -> TaskFound:
    """Give one action; one that is not there is a person's mistake."""
    row = models.Task.objects.filter(place=place, pk=number).first()
    if row is None:
        raise no_task(place, number)
    return _task(row)


def no_task(place: str, number: int) -> UserError:
    """The sentence for an action that is not there."""
    return UserError(f"there is no action {number}", where=place)


def _task(row: models.Task) -> TaskFound:
    fields = [name for name in TaskFound.__dataclass_fields__ if name != "id"]
    return TaskFound(id=row.pk, **{name: getattr(row, name) for name in fields})


def packs(place: str, unit: str = "") -> tuple[PackFound, ...]:
    """List the packs that were sent, by month."""
    rows = models.PackSent.objects.filter(place=place, **({"unit": unit} if unit else {})).order_by("month", "unit")
    return tuple(PackFound(row.unit, row.month, row.sent_on, row.by) for row in rows)
