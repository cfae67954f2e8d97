"""Whether a resource group is coded more often than it was, by more than growth and chance explain."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openpbc.measures.rules.rates import Z_998, byar

PPM = 1_000_000


@dataclass(frozen=True)
class ShiftLaw:
    """From what rise over what was expected a shift is asked about, and from how many records on it is looked at."""

    rise_ppm: int
    fewest: int


@dataclass(frozen=True)
class Counts:
    """How often a group was coded beside how many other stays of the provider: now, and in the base period."""

    count: int
    others_now: int
    base: int
    others_base: int

    @property
    def expected(self) -> Fraction | None:
        """How often it would be coded now if it had grown as the other groups did: growth of a provider is no shift."""
        return Fraction(self.base * self.others_now, self.others_base) if self.others_base else None

    @property
    def rise(self) -> Fraction | None:
        """By what share it exceeds what was expected."""
        expected = self.expected
        return None if not expected else Fraction(self.count * expected.denominator, expected.numerator) - 1


def is_shift(counts: Counts, law: ShiftLaw) -> bool:
    """Tell whether to ask: enough records, a rise above the threshold, and more than chance makes of it."""
    expected, rise = counts.expected, counts.rise
    if counts.count < law.fewest or expected is None or rise is None:
        return False
    return rise > Fraction(law.rise_ppm, PPM) and byar(counts.count, 1, Z_998).low > expected
