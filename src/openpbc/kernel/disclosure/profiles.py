"""How small is small, and how the rest is rounded: the profile of a publication, and one count under it."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.kernel import money
from openpbc.kernel.suppressed import Suppressed

Shown = int | Suppressed


@dataclass(frozen=True)
class Profile:
    """Counts from 1 to ``threshold`` are hidden and others rounded to the nearest ``rounding``; 0 and 1 mean not."""

    name: str
    threshold: int
    rounding: int = 1

    def __post_init__(self) -> None:
        """Refuse a profile that rounds what it shows down to what it hides."""
        if self.threshold < 0 or self.rounding < 1:
            raise ValueError("a threshold is not negative, and a rounding is at least 1")
        if self.threshold and self.rounded(self.threshold + 1) == 0:
            raise ValueError("a shown count would be rounded to nought")

    @property
    def is_off(self) -> bool:
        """Whether nothing is hidden and nothing rounded."""
        return self.threshold == 0 and self.rounding == 1

    @property
    def hidden(self) -> Suppressed:
        """The value that stands for a hidden count."""
        return Suppressed(self.name)

    def rounded(self, count: int) -> int:
        """Round a count as the profile does; halves go up."""
        return money.round_div(count, self.rounding) * self.rounding

    def is_small(self, count: int) -> bool:
        """Tell whether a count is one that the profile hides."""
        return 1 <= count <= self.threshold

    def reach(self, count: int) -> tuple[int, int]:
        """Give the least and the most that a reader of a shown count can take it to have been."""
        if count == 0:
            return 0, 0
        shown = self.rounded(count)
        least = shown - self.rounding // 2
        return max(self.threshold + 1, least), shown + (self.rounding - 1) // 2


def published(count: int | None, profile: Profile) -> Shown | None:
    """Give one count as it may stand by itself; None stays empty. A count that was published is refused."""
    if count is None:
        return None
    whole = _whole(count)
    return profile.hidden if profile.is_small(whole) else profile.rounded(whole)


def rate_ppm(part: int, whole: int, profile: Profile) -> Shown | None:
    """Give part / whole in parts per million, from the rounded counts; hidden when part or remainder is small.

    None when the whole is nought: there is no rate.
    """
    part, whole = _whole(part), _whole(whole)
    if not 0 <= part <= whole:
        raise ValueError("a part lies between nought and its whole")
    if whole == 0:
        return None
    if any(profile.is_small(count) for count in (part, whole, whole - part)):
        return profile.hidden
    return money.ratio_ppm(profile.rounded(part), profile.rounded(whole))


def _whole(count: object) -> int:
    """Take a true count; what was hidden once is refused, because a rule is never applied twice."""
    if isinstance(count, Suppressed):
        raise TypeError("the value was suppressed before; disclosure control is applied once, to true counts")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise TypeError("disclosure control takes whole counts from nought")
    return count
