"""Which returns are asked for, which came, and whether that meets the national and the local duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpbc.activity import models
from openpbc.activity.reads.calendar import expected
from openpbc.activity.rules.returns import Met, met
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

RETURNS = "submissions.returns"


@dataclass(frozen=True)
class ReturnKind:
    """A return: its code and title, and the detail that the country and the commissioner ask for."""

    code: str
    title: str
    national: str
    local: str


@dataclass(frozen=True)
class ReturnState:
    """A provider's return of a month: what came and when, and which duties that meets."""

    provider: str
    kind: ReturnKind
    came: tuple[tuple[str, date], ...]
    met: Met


def return_kinds(book: Book) -> tuple[ReturnKind, ...]:
    """Give the returns that are asked for; none where none is set."""
    listed = book.table(RETURNS)
    if isinstance(listed, NotSet):
        return ()
    return tuple(ReturnKind(row["code"], row["title"], row["national"], row["local"]) for row in listed)


def returns(book: Book, month: Month) -> tuple[ReturnState, ...]:
    """Give every return of a month that is asked of a provider, come or not."""
    rows = models.ReturnReceipt.objects.filter(place=book.place.id, month=str(month)).order_by("arrived_on", "id")
    came: dict[tuple[str, str], list[tuple[str, date]]] = {}
    for row in rows:
        came.setdefault((row.provider, row.code), []).append((row.detail, row.arrived_on))
    found = []
    for provider in expected(book):
        for kind in return_kinds(book):
            own = tuple(came.get((provider, kind.code), ()))
            found.append(ReturnState(provider, kind, own, met([each for each, _ in own], kind.national, kind.local)))
    return tuple(found)
