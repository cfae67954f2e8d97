"""What people entered: amounts by cell, uploads, and the profile that counts for each service line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpbc.kernel.problems import UserError
from openpbc.monitoring import models
from openpbc.monitoring.reads.lines import service_lines
from openpbc.rulebook.reader import Book

ACTUAL, ACCRUAL, FORECAST = "actual", "accrual", "forecast"
KINDS: Mapping[str, str] = {
    ACTUAL: "Actual of the month",
    ACCRUAL: "Accrual: used in the month and not billed yet; it goes back by itself next month",
    FORECAST: "Forecast of the whole year, made in this month",
}


@dataclass(frozen=True)
class Entered:
    """One entry: pence for a month, a budget line or practice (empty: the level above) and a service line."""

    id: int
    month: str
    unit: str
    practice: str
    service_line: str
    kind: str
    number: int
    pence: int
    source: str
    corrects: bool
    by: str
    at: datetime

    @property
    def cell(self) -> tuple[str, str, str, str, str]:
        """What the entry is about."""
        return (self.month, self.unit, self.practice, self.service_line, self.kind)


@dataclass(frozen=True)
class ProfileSet:
    """The profile of a service line; number nought is the rulebook's own."""

    service_line: str
    number: int
    method: str
    points: tuple[int, ...]
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class UploadFound:
    """A file of entries as it was read; each row carries what was read or the sentences that refuse it."""

    number: int
    file_name: str
    state: str
    rows: tuple[Mapping[str, Any], ...]
    by: str
    at: datetime

    @property
    def accepted(self) -> int:
        """Rows without a sentence against them."""
        return sum(not row["problems"] for row in self.rows)

    @property
    def rejected(self) -> int:
        """Rows with at least one."""
        return len(self.rows) - self.accepted


def entries(place: str, months: Iterable[str], through: int | None = None, **where: str) -> tuple[Entered, ...]:
    """List the entries of some months in the order in which they were made; ``through`` is the last id that counts."""
    rows = models.Entry.objects.filter(place=place, month__in=list(months), **where).order_by("id")
    if through is not None:
        rows = rows.filter(id__lte=through)
    fields = list(Entered.__dataclass_fields__)
    return tuple(Entered(**row) for row in rows.values(*fields))


def cell_of(place: str, entry: int) -> tuple[Entered, ...]:
    """Give every entry of the cell to which an entry belongs, oldest first; none if there is no such entry."""
    row = models.Entry.objects.filter(place=place, id=entry).first()
    if row is None:
        return ()
    own = {name: getattr(row, name) for name in ("unit", "practice", "service_line", "kind")}
    return entries(place, [row.month], None, **own)


def last_entry(place: str) -> int:
    """Give the id of the last entry of a place; nought where there is none."""
    return models.Entry.objects.filter(place=place).order_by("-id").values_list("id", flat=True).first() or 0


def profiles(book: Book, through: Mapping[str, int] | None = None) -> Mapping[str, ProfileSet]:
    """Give the profile of each service line: the last one set (up to a number), else the rulebook's."""
    found = {line.code: ProfileSet(line.code, 0, line.profile, ()) for line in service_lines(book)}
    rows = models.Profile.objects.filter(place=book.place.id, year=str(book.place.year)).order_by("number")
    for row in rows:
        if row.service_line in found and (through is None or row.number <= through.get(row.service_line, 0)):
            found[row.service_line] = ProfileSet(
                row.service_line, row.number, row.method, tuple(row.points), row.by, row.at
            )
    return found


def upload(place: str, number: int) -> UploadFound:
    """Give one upload; one that is not there is a person's mistake."""
    row = models.Upload.objects.filter(place=place, number=number).first()
    if row is None:
        raise UserError(f"there is no upload {number}", where=place)
    return _upload(row)


def uploads(place: str) -> Sequence[UploadFound]:
    """List the last uploads, newest first."""
    return [_upload(row) for row in models.Upload.objects.filter(place=place).order_by("-number")[:20]]


def _upload(row: models.Upload) -> UploadFound:
    return UploadFound(row.number, row.file_name, row.state, tuple(row.rows), row.by, row.at)
