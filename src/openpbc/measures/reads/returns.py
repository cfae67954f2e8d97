"""Which returns are received, by specialty or as totals alone, and whether they agree with what is derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from openpbc.kernel.periods import Month
from openpbc.measures.models import ReceivedReturn
from openpbc.measures.reads.waiting import waiting
from openpbc.measures.rules.returns import ALL, ReturnRow, compare, met, state
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

ACUTE, DUTIES = "acute", "measures.return_duties"


@dataclass(frozen=True)
class ReturnState:
    """Whether a provider's return of a month is there, how many it counts in all, when it came, and what that meets.

    A duty is None where nobody asks for the return.
    """

    code: str
    provider: str
    state: str
    total: int | None
    came_at: datetime | None
    national: bool | None
    local: bool | None


@dataclass(frozen=True)
class Compared:
    """A returned count beside the derived one."""

    code: str
    provider: str
    specialty: str
    returned: int
    derived: int
    verdict: str


def bands(book: Book) -> Mapping[str, frozenset[str]]:
    """Give the bands of each return."""
    sets: dict[str, set[str]] = {}
    for row in book.need_table("measures.return_bands"):
        sets.setdefault(row["set"], set()).add(row["band"])
    return {row["code"]: frozenset(sets[row["bands"]]) for row in book.need_table("measures.returns")}


def received(place: str, month: Month) -> dict[tuple[str, str], tuple[ReturnRow, ...]]:
    """Give the returns of a month as they stand, by return and provider."""
    found = ReceivedReturn.objects.filter(place=place, month=str(month)).order_by("number")
    return {
        (one.code, one.provider): tuple(ReturnRow(one.code, one.provider, one.month, *row) for row in one.rows)
        for one in found
    }


def return_months(place: str) -> tuple[Month, ...]:
    """List the months of which any return is received, newest first."""
    found = ReceivedReturn.objects.filter(place=place).values_list("month", flat=True).distinct()
    return tuple(sorted((Month.parse(text) for text in found), reverse=True))


def return_states(book: Book, month: Month) -> tuple[ReturnState, ...]:
    """Say for each return and each acute provider whether it is there, and whether that is what is asked."""
    found = received(book.place.id, month)
    held = ReceivedReturn.objects.filter(place=book.place.id, month=str(month)).order_by("number")
    came = {(code, provider): at for code, provider, at in held.values_list("code", "provider", "at")}
    duties = book.need_table(DUTIES).keyed("code")
    states = []
    for row in book.need_table("measures.returns"):
        code, asked = row["code"], duties.get(row["code"], {})
        for provider in (each.code for each in organisations.providers(book.place.id) if each.kind == ACUTE):
            rows = found.get((code, provider), ())
            told = state(rows)
            duty = (met(told, asked.get(whose, "")) for whose in ("national", "local"))
            states.append(
                ReturnState(code, provider, told, total_of(rows) if rows else None, came.get((code, provider)), *duty)
            )
    return tuple(states)


def total_of(rows: tuple[ReturnRow, ...]) -> int:
    """Give what a return counts in all: its specialties, or its totals where it has nothing else."""
    own = [row.count for row in rows if row.specialty != ALL]
    return sum(own) if own else sum(row.count for row in rows)


def compared(book: Book, month: Month) -> tuple[Compared, ...]:
    """Hold the returns that waits can tell against them, specialty by specialty."""
    tolerance = book.need("measures.return_tolerance").ppm
    derived_by = {row["code"]: row["derived_from"] for row in book.need_table("measures.returns")}
    found = []
    for (code, provider), rows in sorted(received(book.place.id, month).items()):
        part = derived_by.get(code, "")
        told = {e.code.removeprefix("C_"): e.waits.total for e in waiting(book.place.id, month, part, "tfc", provider)}
        for specialty in sorted({row.specialty for row in rows}) if told else ():
            returned = sum(row.count for row in rows if row.specialty == specialty)
            derived = sum(told.values()) if specialty == ALL else told.get(specialty, 0)
            found.append(Compared(code, provider, specialty, returned, derived, compare(returned, derived, tolerance)))
    return tuple(found)
