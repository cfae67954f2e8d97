"""Takes in a file of entries: every row is checked, and all of them are entered or none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pence_from_text, pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring.actions.entering import Made, enter_many
from openpbc.monitoring.actions.guarding import refuse_locked
from openpbc.monitoring.models import Entry, Upload
from openpbc.monitoring.reads.amounts import Amount, check_amount
from openpbc.monitoring.reads.bases import period
from openpbc.monitoring.reads.holders import Holders, holders
from openpbc.monitoring.rules.entry_file import FileRow, read_entry_file
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

REFUSED, CHECKED, ENTERED = "refused", "checked", "entered"


@dataclass(frozen=True)
class Uploaded:
    """An upload: its number, and whether its rows may be entered."""

    number: int
    state: str
    accepted: int
    rejected: int


@audit.action("monitoring.upload_entries")
def upload_entries(*, by: Actor, place: str, file_name: str, content: bytes) -> Uploaded:
    """Check a file of entries; one row with a mistake refuses the whole file, and each such row says what is wrong."""
    book = organisations.book(place)
    rows = _checked(book, read_entry_file(content))
    rejected = sum(bool(row["problems"]) for row in rows)
    state = REFUSED if rejected else CHECKED
    number = (Upload.objects.filter(place=place).aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        Upload.objects.create(
            place=place,
            number=number,
            file_name=file_name[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            state=state,
            rows=rows,
            by=by.name[:200],
            at=timezone.now(),
        )
    except IntegrityError as error:
        raise Stale("somebody else sent a file at the same moment", do="Send yours again.") from error
    audit.note(
        subject=f"upload/{place}/{number}",
        after={"file": file_name[:200], "rows": len(rows), "rejected": rejected, "state": state},
    )
    return Uploaded(number, state, len(rows) - rejected, rejected)


@audit.action("monitoring.enter_upload")
def enter_upload(*, by: Actor, place: str, number: int) -> tuple[Made, ...]:
    """Enter the rows of a checked file, all of them; what stands already is left as it is."""
    row = Upload.objects.select_for_update().filter(place=place, number=number).first()
    if row is None or row.state != CHECKED:
        told = "is not there" if row is None else f"is {row.state}"
        raise UserError(f"the upload {number} {told}", do="Send the file again.")
    made = enter_many(by=by, place=place, amounts=[_amount(each["cells"]) for each in row.rows])
    Upload.objects.filter(pk=row.pk).update(state=ENTERED)
    audit.note(subject=f"upload/{place}/{number}", after={"entered": len(made)})
    return made


@audit.action("monitoring.bring_entries")
def bring_entries(*, by: Actor, place: str, file_name: str, content: bytes) -> tuple[Uploaded, tuple[Made, ...]]:
    """Check a file of entries and enter its rows if none has a mistake; give what became of it and what was made."""
    sent = upload_entries(by=by, place=place, file_name=file_name, content=content)
    made = () if sent.rejected else enter_upload(by=by, place=place, number=sent.number)
    audit.note(subject=f"upload/{place}/{sent.number}", after={"rejected": sent.rejected, "entered": len(made)})
    return sent, made


def _checked(book: Book, rows: Sequence[FileRow]) -> list[dict[str, Any]]:
    known, seen, found = holders(book), dict[tuple[object, ...], int](), []
    for row in rows:
        problems = list(row.problems)
        if not problems:
            problems = _problems(book, known, row, seen)
        found.append({"line": row.line, "cells": row.cells, "problems": problems})
    return found


def _problems(book: Book, known: Holders, row: FileRow, seen: dict[tuple[object, ...], int]) -> list[str]:
    try:
        amount = check_amount(book, known, _amount(row.cells))
        refuse_locked(book, period(book.place.id, str(book.place.year)).locked_through, [amount.month])
    except UserError as problem:
        return [problem.sentence]
    cell = (str(amount.month), amount.unit, amount.practice, amount.service_line, amount.kind)
    if cell in seen:
        return [f"Row {seen[cell]} holds an amount for the same month, group, practice, service line and kind."]
    seen[cell] = row.line
    held = Entry.objects.filter(
        place=book.place.id,
        month=cell[0],
        unit=amount.unit,
        practice=amount.practice,
        service_line=amount.service_line,
        kind=amount.kind,
    ).values_list("pence", flat=True)
    if held and sum(held) != amount.pence:
        return [f"{pounds(sum(held))} is entered already; correct that entry if it is wrong, and take this row out."]
    return []


def _amount(cells: dict[str, str]) -> Amount:
    return Amount(
        month=Month.parse(cells["month"]),
        unit=cells["group"],
        practice=cells["practice"],
        service_line=cells["service_line"],
        kind=cells["kind"].lower(),
        pence=pence_from_text(cells["amount"]),
        source=cells["source"],
    )
