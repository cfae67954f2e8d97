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
    wanted = [each for each in amounts if not _stands(place, each)]
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


def _stands(place: str, amount: Amount) -> bool:
    held = list(_cell(place, amount).values_list("pence", flat=True))
    return bool(held) and sum(held) == amount.pence and not amount.seen


def _write(by: Actor, place: str, amounts: Sequence[Amount]) -> tuple[Made, ...]:
    book = organisations.book(place)
    known = holders(book)
    checked = [check_amount(book, known, each) for each in amounts]
    hold_open(book, [each.month for each in checked])
    return tuple(_insert(by, place, each) for each in checked)


def _insert(by: Actor, place: str, amount: Amount) -> Made:
    held = list(_cell(place, amount).order_by("number"))
    if len(held) != amount.seen:
        raise _seen_less(amount, held)
    before = sum(row.pence for row in held)
    if held and before == amount.pence:
        return Made(held[-1].pk, held[-1].number, 0, before, already=True)
    try:
        row = Entry.objects.create(
            **_where(place, amount),
            number=amount.seen + 1,
            pence=amount.pence - before,
            source=amount.source,
            corrects=bool(held),
            by=by.name[:200],
            at=timezone.now(),
        )
    except IntegrityError as error:
        raise Stale(
            f"somebody else entered an amount for {amount.month.name} meanwhile; yours was not kept",
            where="amount",
            do="Look at the month again.",
        ) from error
    return Made(row.pk, row.number, row.pence, amount.pence)


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
    return {
        "place": place,
        "month": str(amount.month),
        "unit": amount.unit,
        "practice": amount.practice,
        "service_line": amount.service_line,
        "kind": amount.kind,
    }


def _cell(place: str, amount: Amount) -> QuerySet[Entry, Entry]:
    return Entry.objects.filter(**_where(place, amount))


def _subject(place: str, amount: Amount) -> str:
    whose = amount.practice or amount.unit or "held"
    return f"entry/{place}/{amount.month}/{whose}/{amount.service_line}/{amount.kind}"
