"""The coding incentive: a first complete submission is judged by its working day and by the quality of its records.

A better second file changes nothing: what is judged is what came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from openpbc.kernel.money import PPM

PER_STREAM, ALL = "PER_STREAM", "ALL"


class Tier(StrEnum):
    """The class of a first submission, by the day on which it came."""

    LARGE = "large"
    SMALL = "small"
    NONE = "none"


@dataclass(frozen=True)
class Share:
    """A share as two counts; nothing to count passes no standard."""

    part: int
    whole: int

    def reaches(self, standard_ppm: int) -> bool:
        """Tell whether the share is at least a standard, exactly: no rounding comes between."""
        return self.whole > 0 and self.part * PPM >= self.whole * standard_ppm


@dataclass(frozen=True)
class Standard:
    """What first submissions are held to; amounts in pence, None where none is set."""

    large_by: int
    small_by: int
    nhs_number_ppm: int
    hrg_ppm: int
    complete_ppm: int
    large: int | None
    small: int | None
    scope: str


@dataclass(frozen=True)
class Judged:
    """A first complete submission as judged: its class by day, by quality, and what of both is paid for."""

    working_day: int
    timely: Tier
    nhs_number: Share
    hrg: Share | None
    nhs_number_ok: bool
    hrg_ok: bool

    @property
    def good(self) -> bool:
        """Whether both standards of quality are reached."""
        return self.nhs_number_ok and self.hrg_ok

    @property
    def tier(self) -> Tier:
        """The class that is paid for: none without quality."""
        return self.timely if self.good else Tier.NONE


def timely(working_day: int, standard: Standard) -> Tier:
    """Give the class of a working day."""
    if working_day <= standard.large_by:
        return Tier.LARGE
    return Tier.SMALL if working_day <= standard.small_by else Tier.NONE


def judged(working_day: int, nhs_number: Share, hrg: Share | None, standard: Standard) -> Judged:
    """Judge a first complete submission; a file none of whose records is to be grouped has no share of groups."""
    return Judged(
        working_day,
        timely(working_day, standard),
        nhs_number,
        hrg,
        nhs_number.reaches(standard.nhs_number_ppm),
        hrg is None or hrg.reaches(standard.hrg_ppm),
    )


def complete(lines: int, before: Sequence[int], standard: Standard) -> bool:
    """Tell whether a file is complete against the months before it; without any, there is nothing to miss."""
    return not before or lines * len(before) * PPM >= sum(before) * standard.complete_ppm


def paid(tiers: Sequence[Tier | None], scope: str) -> tuple[Tier, ...]:
    """Give the class that each data set of a month is paid for; None stands for one that has not come."""
    own = tuple(Tier.NONE if each is None else each for each in tiers)
    return tuple(Tier.NONE for _ in own) if scope == ALL and Tier.NONE in own else own


def amount(tier: Tier, standard: Standard) -> int | None:
    """Give what a class earns in pence; None where the amount is not set."""
    return {Tier.LARGE: standard.large, Tier.SMALL: standard.small, Tier.NONE: 0}[tier]
