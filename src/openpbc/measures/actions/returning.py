"""Receives returns of waiting lists and activity, a file at a time, whole or not at all."""

from __future__ import annotations

import csv
import io
from itertools import groupby

from django.db import IntegrityError
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.measures.models import ReceivedReturn
from openpbc.measures.reads.returns import bands
from openpbc.measures.rules.returns import read_return
from openpbc.organisations import reads as organisations

LARGEST = 5_000_000


@audit.action("measures.receive_returns")
def receive_returns(*, by: Actor, place: str, file_name: str, content: bytes) -> int:
    """Receive a file of returns and give how many there were; a further one of the same month replaces it."""
    book = organisations.book(place)
    if len(content) > LARGEST:
        raise UserError("the file is larger than a file of returns can be", "file", "Send the returns alone.")
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError("the file is not comma-separated text in UTF-8", "file", "Save it as CSV in UTF-8.") from error
    rows = read_return(lines, bands(book), "file")
    known = {each.code for each in organisations.providers(place)}
    strange = sorted({row.provider for row in rows} - known)
    if strange:
        raise UserError(f"there is no provider '{strange[0][:20]}'", "file", "Use the codes of the place's providers.")
    made = []
    for (code, provider, month), own in groupby(rows, key=lambda row: (row.code, row.provider, row.month)):
        held = ReceivedReturn.objects.filter(place=place, code=code, provider=provider, month=month)
        last = held.order_by("-number").first()
        listed = [[row.specialty, row.band, row.count] for row in own]
        if last is not None and last.rows == listed:
            continue
        made.append(
            ReceivedReturn(
                place=place, code=code, provider=provider, month=month, number=last.number + 1 if last else 1,
                rows=listed, file_name=file_name[:200], by=by.name[:200], at=timezone.now(),
            )
        )  # fmt: skip
    if not made:
        audit.nothing_changed()
        return 0
    try:
        ReceivedReturn.objects.bulk_create(made)
    except IntegrityError as error:
        raise Stale("somebody else sent one of these returns meanwhile", "file", "Look again.") from error
    audit.note(
        subject=f"returns/{place}/{made[0].month}",
        after={"returns": [f"{one.code} {one.provider} {one.month} {one.number}" for one in made[:100]]},
    )
    return len(made)
