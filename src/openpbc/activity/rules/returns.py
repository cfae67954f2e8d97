"""Whether a return meets what the country asks for, and what the commissioner asks for: totals, or by specialty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

TOTALS, SPECIALTY = "totals", "specialty"
DETAILS = (TOTALS, SPECIALTY)


@dataclass(frozen=True)
class Met:
    """Whether the national and the local duty are met."""

    national: bool
    local: bool


def met(came: Collection[str], national: str, local: str) -> Met:
    """Judge what came of one return; a return by specialty also gives the totals."""
    best = max((DETAILS.index(detail) for detail in came), default=-1)
    return Met(best >= DETAILS.index(national), best >= DETAILS.index(local))
