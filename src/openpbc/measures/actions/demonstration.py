"""A SYNTHETIC extract of waits, so that a demonstration shows the pages; the same each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.measures.actions.waiting import WaitsReceived, receive_waits
from openpbc.measures.reads.waiting import layout
from openpbc.measures.rules.waiting_file import ALL_FUNCTIONS
from openpbc.measures.rules.waits import Waits, added
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

FUNCTIONS = {"C_100": "General Surgery", "C_110": "Trauma & Orthopaedics", "C_130": "Ophthalmology"}
ACUTE = "acute"


@audit.action("measures.show_waits")
def show_waits(*, by: Actor, place: str, months: Sequence[Month]) -> tuple[WaitsReceived, ...]:
    """Receive a SYNTHETIC extract for each month; months that were received so before stay as they are."""
    book = organisations.book(place)
    made = tuple(
        receive_waits(by=by, place=place, file_name=f"SYNTHETIC-waits-{month}.csv", content=_extract(book, month))
        for month in months
    )
    if all(each.already for each in made):
        audit.nothing_changed()
    audit.note(subject=f"waits/{place}", after={"months": [str(each.month) for each in made]})
    return made


def _extract(book: Book, month: Month) -> bytes:
    known = layout(book)
    columns = [row["column"] for row in book.need_table("measures.waiting_layout")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for provider in (each for each in organisations.providers(book.place.id) if each.kind == ACUTE):
        for part in sorted(known.parts):
            lines = {code: _waits(len(known.bands), f"{provider.code}{part}{code}", month) for code in FUNCTIONS}
            lines[ALL_FUNCTIONS] = added(list(lines.values()), len(known.bands))
            for code, waits in lines.items():
                facts = {
                    "period": str(month), "provider": provider.code, "provider_name": provider.name,
                    "commissioner": book.place.commissioner, "part": part, "tfc": code,
                    "tfc_name": FUNCTIONS.get(code, "Total"), "total": str(waits.total), "unknown": str(waits.unknown),
                    "total_all": str(waits.total + waits.unknown),
                }  # fmt: skip
                told = {known.fields[name]: value for name, value in facts.items()}
                told |= dict(zip(known.bands, map(str, waits.bands), strict=True))
                writer.writerow([told.get(column, "") for column in columns])
    return text.getvalue().encode()


def _waits(bands: int, name: str, month: Month) -> Waits:
    """Invent pathways that grow fewer with each week, and fewer long ones with each month."""
    seed = sum(ord(letter) * place for place, letter in enumerate(name, start=1)) % 17
    return Waits(tuple(_pathways(bands, seed, month.number)), seed % 3)


def _pathways(bands: int, seed: int, number: int) -> Iterator[int]:
    for week in range(bands):
        shrinking = 40 + seed - 2 * week
        late = 3 if week % (5 + number) == seed % 5 and week < 60 - 3 * number else 0
        yield max(shrinking, 0) + late
