"""Whether a target is met, as far as anybody can say: by its kind, against the peers' best quarter or a year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from openpbc.measures.rules.declaring import Better

BEST_QUARTER, AT_MOST, AT_LEAST = "best-quarter", "at-most", "at-least"
CHANGE, SHARE_AT_MOST, SHARE_AT_LEAST = "change-at-most", "share-of-base-at-most", "share-of-base-at-least"
WAIVED = "waived"
# Not a rate that is agreed but a day by which a first value has to be there.
TOLD_BY = "told-by"
KINDS = {
    BEST_QUARTER: "in the best quarter of the peer group",
    AT_MOST: "at most a rate",
    AT_LEAST: "at least a rate",
    CHANGE: "a change against the year before of at most",
    SHARE_AT_MOST: "at most a share of the year before",
    SHARE_AT_LEAST: "at least a share of the year before",
    WAIVED: "waived for a reason",
}

MET, MISSED, NOT_SET, NO_DATA = "met", "missed", "not set", "no data"
NO_BASE, NO_DIRECTION, NO_PEERS = "no base", "direction not agreed", "too few peers"
WITHHELD = "hidden: small numbers"


@dataclass(frozen=True)
class Target:
    """A target: its kind, the rate, share or day in it (None: not set), and the words in which it was agreed."""

    kind: str
    rate: Fraction | None = None
    words: str = ""
    due: date | None = None

    @property
    def is_set(self) -> bool:
        """Whether it says what it takes to judge by it."""
        return self.kind in (BEST_QUARTER, WAIVED) or (self.due if self.kind == TOLD_BY else self.rate) is not None


@dataclass(frozen=True)
class Known:
    """What a target is judged by: the value, the threshold of the best quarter, the value of the year before, the day.

    The threshold is ``withheld`` from a reader who may not learn of the few behind it.
    """

    value: Fraction | None
    threshold: Fraction | None = None
    base: Fraction | None = None
    on: date | None = None
    withheld: bool = False


def judge(target: Target | None, better: Better, known: Known) -> str:
    """Say whether a target is met; without what it takes to say so, say what is missing and never red or green."""
    if target is None or not target.is_set:
        return NOT_SET
    if target.kind == WAIVED:
        return WAIVED
    if target.kind == TOLD_BY:
        return _by_day(target.due, known)
    if known.value is None:
        return NO_DATA
    if target.kind == BEST_QUARTER:
        return WITHHELD if known.withheld else _by_quarter(better, known.value, known.threshold)
    return _by_rate(target.kind, target.rate or Fraction(0), known.value, known.base)


def _by_day(due: date | None, known: Known) -> str:
    if known.value is not None:
        return MET
    return MISSED if due is not None and known.on is not None and known.on > due else NO_DATA


def _by_quarter(better: Better, value: Fraction, threshold: Fraction | None) -> str:
    if better is Better.UNSETTLED:
        return NO_DIRECTION
    if threshold is None:
        return NO_PEERS
    return MET if (value <= threshold if better is Better.LOW else value >= threshold) else MISSED


def _by_rate(kind: str, rate: Fraction, value: Fraction, base: Fraction | None) -> str:
    if kind in (AT_MOST, AT_LEAST):
        bound: Fraction | None = rate
    else:
        factor = 1 + rate if kind == CHANGE else rate
        bound = None if base is None else base * factor
    if bound is None:
        return NO_BASE
    return MET if (value >= bound if kind in (AT_LEAST, SHARE_AT_LEAST) else value <= bound) else MISSED
