"""The assessment and treatment services of a group, for its plan: told by the room that keeps their register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpbc.organisations.reads.later import asked_of_later
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Scheme:
    """A service of one group in one specialty, with its state and its last review; ``overdue`` if that is too old."""

    code: str
    unit: str
    specialty: str
    state: str
    reviewed_on: date | None
    result: str
    overdue: bool


def schemes(book: Book, unit: str) -> tuple[Scheme, ...]:
    """Give the services of a unit, none where it has none or nobody keeps a register."""
    ask = asked_of_later("assessment_services")
    return tuple(each for each in ask(book) if each.unit == unit) if ask else ()
