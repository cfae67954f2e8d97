"""Two clocks: when something was so, and when it was taken to be so.

``valid_from`` and ``valid_to`` are the first and the last day on which it was so (None: no end is known).
``known_from`` is the first day on which the system took it to be so, and ``known_to`` the day from which it knew
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

DAY = timedelta(days=1)


class Spell(Protocol):
    """Anything that was so from a first to a last day."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


class Clocked(Spell, Protocol):
    """Anything that was so for a time, as known for a time."""

    @property
    def known_from(self) -> date: ...
    @property
    def known_to(self) -> date | None: ...


AnySpell = TypeVar("AnySpell", bound=Spell)
Said = TypeVar("Said")


@dataclass(frozen=True)
class Belief(Generic[Said]):
    """Something said of a time, as known for a time; ``key`` tells the stored row apart, where there is one."""

    said: Said
    valid_from: date = date.min
    valid_to: date | None = None
    known_from: date = date.min
    known_to: date | None = None
    key: int = 0


def covers(spell: Spell, day: date) -> bool:
    """Tell whether a spell takes in a day, its first and last included."""
    return spell.valid_from <= day and (spell.valid_to is None or day <= spell.valid_to)


def overlaps(spell: Spell, first: date, last: date | None) -> bool:
    """Tell whether a spell shares a day with the time from a first to a last day."""
    return (last is None or spell.valid_from <= last) and (spell.valid_to is None or spell.valid_to >= first)


def meets(one: Clocked, other: Clocked) -> bool:
    """Tell whether two share a day on both clocks: of what there is one at a time, both cannot be kept."""
    known = one.known_from < (other.known_to or date.max) and other.known_from < (one.known_to or date.max)
    return known and overlaps(one, other.valid_from, other.valid_to)


def outside(believed: Iterable[AnySpell], first: date, last: date | None) -> list[tuple[AnySpell, date, date | None]]:
    """Give what goes on being believed when something new is said of the time from a first to a last day."""
    rest: list[tuple[AnySpell, date, date | None]] = []
    for spell in believed:
        if spell.valid_from < first:
            rest.append((spell, spell.valid_from, first - DAY))
        if last is not None and (spell.valid_to is None or spell.valid_to > last):
            rest.append((spell, last + DAY, spell.valid_to))
    return rest
