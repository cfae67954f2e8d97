"""The assessment and treatment services of a group, for its plan: told by the room that keeps their register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

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


Register = Callable[[Book], tuple[Scheme, ...]]
_registers: list[Register] = []


def schemes_come_from(register: Register) -> None:
    """Name who keeps the register of a place's services; a later room does so when it starts."""
    _registers[:] = [register]


def schemes(book: Book, unit: str) -> tuple[Scheme, ...]:
    """Give the services of a unit, none where it has none or nobody keeps a register."""
    return tuple(each for register in _registers for each in register(book) if each.unit == unit)
