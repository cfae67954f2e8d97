"""Whether somebody buys care for the people of every practice; how far a practice takes part is another question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.money import ratio_ppm


@dataclass(frozen=True)
class Practised:
    """A practice on a day: its group, who else arranges care, and the level it is said to take part at.

    Each is empty where there is none. Of a practice without a group ``left`` is the last one and the last day there,
    and ``joins`` the next one and the first day.
    """

    code: str
    name: str
    unit: str = ""
    other: str = ""
    level: str = ""
    left: tuple[str, date] | None = None
    joins: tuple[str, date] | None = None

    @property
    def arranged(self) -> bool:
        """Whether it belongs to a group, or something else is arranged for it."""
        return bool(self.unit or self.other)


@dataclass(frozen=True)
class Cover:
    """All practices of a place on a day. Coverage counts arrangements, never how deep they go."""

    practices: tuple[Practised, ...]

    @property
    def in_group(self) -> int:
        """How many belong to a group."""
        return sum(bool(each.unit) for each in self.practices)

    @property
    def otherwise(self) -> int:
        """How many belong to none and have another arrangement."""
        return sum(not each.unit and bool(each.other) for each in self.practices)

    @property
    def arranged(self) -> int:
        """How many have an arrangement of the one kind or the other."""
        return sum(each.arranged for each in self.practices)

    @property
    def without(self) -> tuple[Practised, ...]:
        """Those for which nothing is arranged."""
        return tuple(each for each in self.practices if not each.arranged)

    @property
    def share(self) -> int | None:
        """Those with an arrangement of all, in parts per million; nothing where there is no practice."""
        return ratio_ppm(self.arranged, len(self.practices)) if self.practices else None

    def by_level(self, levels: Iterable[str]) -> dict[str, int]:
        """How many practices take part at each level, those that the list no longer has too; empty: not told."""
        counted = Counter(each.level for each in self.practices)
        return {level: counted[level] for level in dict.fromkeys((*levels, *sorted(counted.keys() - {""}), ""))}
