"""Writes amounts that no record tells: actuals, accruals, forecasts, and corrections, which are further entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring.actions.guarding import hold_open
from openpbc.monitoring.models import Entry
from openpbc.monitoring.reads.amounts import Amount, check_amount
from openpbc.monitoring.reads.holders import holders
from openpbc.organisations import reads as organisations

# What tells cells of a place apart.
_CELL = ("month", "unit", "practice", "service_line", "kind")
_Cell = tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """An entry that was made: its number in its cell, and what the cell comes to now."""

    id: int
    number: int
    pence: int
    total: int
    already: bool = False


@audit.action("monitoring.enter")
def enter(
    *,
    by: Actor,
    place: str,
    month: Month,
    unit: str,
    service_line: str,
    kind: str,
    pence: int,
    source: str,
    practice: str = "",
) -> Made:
    """Enter an amount for a cell that has none; one that has is corrected, so that nobody doubles an entry."""
    amount = Amount(month, unit, practice, service_line, kind, pence, source)
    made = _write(by, place, [amount])[0]
    audit.note(subject=_subject(place, amount), after={"pence": pence, "source": amount.source, "entry": made.id})
    return made


@audit.action("monitoring.correct_entry")
def correct_entry(
    *,
    by: Actor,
    place: str,
    month: Month,
    unit: str,
    service_line: str,
    kind: str,
    pence: int,
    source: str,
    seen: int,
    practice: str = "",
) -> Made:
    """Correct a cell to an amount: a further entry holds the difference to what the cell came to."""
    amount = Amount(month, unit, practice, service_line, kind, pence, source, seen)
    before = sum(_cell(place, amount).values_list("pence", flat=True))
    made = _write(by, place, [amount])[0]
    audit.note(
        subject=_subject(place, amount),
        before={"pence": before},
        after={"pence": pence, "source": amount.source, "entry": made.id},
    )
    return made


@audit.action("monitoring.enter_many")
def enter_many(*, by: Actor, place: str, amounts: Sequence[Amount]) -> tuple[Made, ...]:
    """Enter several amounts, all of them or none; a cell that already comes to its amount is left as it is."""
    held = _held(place, amounts)
    wanted = [each for each in amounts if not _stands(each, held[_cell_of(each)])]
    if not wanted:
        audit.nothing_changed()
        return ()
    made = _write(by, place, wanted)
    months = sorted({str(each.month) for each in wanted})
    audit.note(
        subject=f"entries/{place}/{'/'.join(months[:12])}",
        after={"entries": len(made), "first": made[0].id, "last": made[-1].id, "pence": sum(m.pence for m in made)},
    )
    return made


def _stands(amount: Amount, held: Sequence[Entry]) -> bool:
    return bool(held) and sum(row.pence for row in held) == amount.pence and not amount.seen


def _write(by: Actor, place: str, amounts: Sequence[Amount]) -> tuple[Made, ...]:
    book = organisations.book(place)
    known = holders(book)
    checked = [check_amount(book, known, each) for each in amounts]
    hold_open(book, [each.month for each in checked])
    held = _held(place, checked)
    rows = [_row(by, place, each, held[_cell_of(each)]) for each in checked]
    _insert([row for row, already in rows if not already])
    return tuple(
        Made(row.pk, row.number, 0 if already else row.pence, each.pence, already)
        for (row, already), each in zip(rows, checked, strict=True)
    )


def _row(by: Actor, place: str, amount: Amount, held: list[Entry]) -> tuple[Entry, bool]:
    """Give the row that brings a cell to its amount, put to what the cell holds, and whether it was there already."""
    if len(held) != amount.seen:
        raise _seen_less(amount, held)
    before = sum(row.pence for row in held)
    if held and before == amount.pence:
        return held[-1], True
    row = Entry(
        **_where(place, amount),
        number=amount.seen + 1,
        pence=amount.pence - before,
        source=amount.source,
        corrects=bool(held),
        by=by.name[:200],
        at=timezone.now(),
    )
    held.append(row)
    return row, False


def _insert(rows: Sequence[Entry]) -> None:
    try:
        Entry.objects.bulk_create(rows)
    except IntegrityError as error:
        months = " or ".join(Month.parse(month).name for month in sorted({row.month for row in rows}))
        raise Stale(
            f"somebody else entered an amount for {months} meanwhile; yours was not kept",
            where="amount",
            do="Look at the month again.",
        ) from error


def _seen_less(amount: Amount, held: Sequence[Entry]) -> UserError:
    if not held:
        return UserError("there is no entry to correct", where="amount", do="Enter the amount.")
    last, total = held[-1], sum(row.pence for row in held)
    return Stale(
        f"{amount.month.name} already has {pounds(total)}: {last.by} entered it on"
        f" {localtime(last.at):%d %B %Y at %H:%M} ({last.source})",
        where="amount",
        do="If it is wrong, correct that entry.",
    )


def _where(place: str, amount: Amount) -> dict[str, str]:
    return {"place": place, **dict(zip(_CELL, _cell_of(amount), strict=True))}


def _cell(place: str, amount: Amount) -> QuerySet[Entry, Entry]:
    return Entry.objects.filter(**_where(place, amount))


def _held(place: str, amounts: Sequence[Amount]) -> dict[_Cell, list[Entry]]:
    """Give what the cells of amounts hold, first entry first, in one question; nothing for a cell without any."""
    held: dict[_Cell, list[Entry]] = {_cell_of(each): [] for each in amounts}
    within = {f"{name}__in": {cell[at] for cell in held} for at, name in enumerate(_CELL)}
    for row in Entry.objects.filter(place=place, **within).order_by("number"):
        if (cell := tuple(getattr(row, name) for name in _CELL)) in held:
            held[cell].append(row)
    return held


def _cell_of(amount: Amount) -> _Cell:
    return str(amount.month), amount.unit, amount.practice, amount.service_line, amount.kind


def _subject(place: str, amount: Amount) -> str:
    whose = amount.practice or amount.unit or "held"
    return f"entry/{place}/{amount.month}/{whose}/{amount.service_line}/{amount.kind}"
