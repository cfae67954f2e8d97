"""Locks a month's position on exactly what it stood on, and reopens it for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring.actions.guarding import take_book
from openpbc.monitoring.models import PeriodBook, PeriodEvent
from openpbc.monitoring.reads.bases import LOCKED, REOPENED
from openpbc.monitoring.reads.periods import now_basis, snapshot
from openpbc.organisations import reads as organisations


@dataclass(frozen=True)
class Locked:
    """A locked position: its month, which lock of it this is, and how many figures were kept."""

    place: str
    month: Month
    number: int
    figures: int
    already: bool = False


@audit.action("monitoring.lock_position")
def lock_position(*, by: Actor, place: str, month: Month, revision: int | None = None) -> Locked:
    """Lock the position of a month, and with it all earlier ones: entries for them are refused until it is reopened.

    ``revision`` is that of the year's periods as the person saw them; if somebody locked or reopened since, the lock
    is refused. Locking a locked month again changes nothing.
    """
    book = organisations.book(place)
    if month.year_of != book.place.year:
        raise UserError(f"{month} lies outside {book.place.year.label}", where=place, do="Choose a month of that year.")
    row = take_book(book)
    _check_revision(row, revision)
    if row.locked_through and month <= Month.parse(row.locked_through):
        if row.locked_through == str(month):
            audit.nothing_changed()
            return Locked(place, month, _last(place, month), 0, already=True)
        raise UserError(f"{month.name} is locked with {Month.parse(row.locked_through).name}", where=place)
    basis, figures = now_basis(place, month), snapshot(place, month)
    number = _write(by, place, month, LOCKED, basis, figures)
    _move(row, str(month))
    told = {name: value for name, value in basis.items() if name != "funds"}  # the ledger has them
    audit.note(subject=f"in-year/{place}/{month}", after={"lock": number, **told}, reason="locked")
    return Locked(place, month, number, len(figures))


@audit.action("monitoring.reopen_position")
def reopen_position(*, by: Actor, place: str, month: Month, reason: str, revision: int | None = None) -> Locked:
    """Reopen the last locked position for a reason that is kept; earlier months stay locked."""
    if not reason.strip():
        raise UserError("reopening a position needs a reason", where=month.name, do="Say why.")
    book = organisations.book(place)
    row = take_book(book)
    _check_revision(row, revision)
    if row.locked_through != str(month):
        last = Month.parse(row.locked_through).name if row.locked_through else ""
        do = f"Reopen {last} first." if last and month < Month.parse(row.locked_through) else ""
        raise UserError(f"the position of {month.name} is not the last locked one", where=place, do=do)
    number = _write(by, place, month, REOPENED, {}, {}, reason.strip())
    _move(row, str(month.previous()) if month.number > 1 else "")
    audit.note(subject=f"in-year/{place}/{month}", after={"reopened": number}, reason=reason.strip())
    return Locked(place, month, number, 0)


def _check_revision(row: PeriodBook, revision: int | None) -> None:
    if revision is not None and revision != row.revision:
        last = PeriodEvent.objects.filter(place=row.place).order_by("-id").first()
        told = f": {last.by} {last.state} {Month.parse(last.month).name}" if last else ""
        raise Stale(f"somebody changed the periods since you looked{told}", do="Look again.")


def _last(place: str, month: Month) -> int:
    return PeriodEvent.objects.filter(place=place, month=str(month)).aggregate(last=Max("number"))["last"] or 0


def _write(
    by: Actor,
    place: str,
    month: Month,
    state: str,
    basis: Mapping[str, Any],
    figures: Mapping[str, int | None],
    reason: str = "",
) -> int:
    number = _last(place, month) + 1
    PeriodEvent.objects.create(
        place=place,
        month=str(month),
        number=number,
        state=state,
        basis=dict(basis),
        figures=dict(figures),
        reason=reason,
        by=by.name[:200],
        at=timezone.now(),
    )
    return number


def _move(row: PeriodBook, through: str) -> None:
    PeriodBook.objects.filter(pk=row.pk).update(locked_through=through, revision=row.revision + 1)
