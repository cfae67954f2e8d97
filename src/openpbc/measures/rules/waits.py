"""How long people wait, from counts by week: shares within a limit, and the weeks within which a share of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

METHOD = "those in a band are taken to be spread evenly over its week"
HALF, NINETY_TWO = Fraction(1, 2), Fraction(92, 100)


@dataclass(frozen=True)
class Waits:
    """Pathways by week: band k holds those of more than k and at most k + 1 weeks; the last band has no end.

    ``unknown`` are pathways whose clock start nobody knows: they are in no band and in no share.
    """

    bands: tuple[int, ...]
    unknown: int = 0

    @property
    def total(self) -> int:
        """Pathways whose wait is known."""
        return sum(self.bands)

    def __add__(self, other: Waits) -> Waits:
        """Add the pathways of two lines, band by band."""
        added = tuple(one + two for one, two in zip(self.bands, other.bands, strict=True))
        return Waits(added, self.unknown + other.unknown)

    def within(self, weeks: int) -> int:
        """How many waited at most so many weeks."""
        return sum(self.bands[:weeks])

    def beyond(self, weeks: int) -> int:
        """How many waited longer than so many weeks."""
        return self.total - self.within(weeks)


def weeks_of(waits: Waits, share: Fraction) -> Fraction | None:
    """Give the weeks within which a share of the pathways is; None for no pathway, or if it lies in the open last band.

    Within its band the place is found by proportion.
    """
    wanted, before = share * waits.total, 0
    if not waits.total:
        return None
    for week, count in enumerate(waits.bands):
        if count and before + count >= wanted:
            return None if week == len(waits.bands) - 1 else week + (wanted - before) * Fraction(1, count)
        before += count
    return None


def added(parts: Sequence[Waits], bands: int) -> Waits:
    """Add up lines; none at all is nobody waiting."""
    total = Waits((0,) * bands)
    for part in parts:
        total = total + part
    return total
