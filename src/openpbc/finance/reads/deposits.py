"""The deposit with the regional body: what was asked for, what is assumed, what was agreed, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.finance.models import DepositStatement
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

STATED = "deposit-stated"
PROPOSED, ASSUMED, AGREED = "proposed", "assumed", "agreed"
STATUSES = (PROPOSED, ASSUMED, AGREED)
# What the papers say of the deposit, and the terms on which it would come back.
PUBLISHED = ("finance.deposit_asked", "finance.deposit_assumed", "finance.deposit_agreed")
TERMS = ("finance.deposit_return_date", "finance.deposit_interest", "finance.deposit_call_procedure")


@dataclass(frozen=True)
class DepositState:
    """One statement on the deposit; ``decision`` is the record of the meeting."""

    number: int
    status: str
    scenario: str
    pence: int
    on: date
    decision: int | None
    waiver: str
    reason: str
    by: str
    at: datetime
    address: str


def deposit_matter(book: Book) -> str:
    """The address by which a decision names the year's deposit."""
    return f"deposit/{book.place.id}/{book.place.year}"


def deposit_states(book: Book) -> tuple[DepositState, ...]:
    """All statements, the latest first; the first one counts."""
    rows = DepositStatement.objects.filter(place=book.place.id, year=str(book.place.year)).order_by("-number")
    return tuple(_state(book, row) for row in rows)


def _state(book: Book, row: DepositStatement) -> DepositState:
    names = [name for name in DepositState.__dataclass_fields__ if name != "address"]
    return DepositState(
        **{name: getattr(row, name) for name in names}, address=f"{STATED}/{book.place.id}/{row.number}"
    )


def published_deposits(book: Book) -> tuple[Value | NotSet, ...]:
    """What the papers say: asked for, assumed, agreed."""
    return tuple(book.value(id) for id in PUBLISHED)


def deposit_terms(book: Book) -> tuple[Value | NotSet, ...]:
    """The terms on which it comes back; not set where nobody has said."""
    return tuple(book.value(id) for id in TERMS)
