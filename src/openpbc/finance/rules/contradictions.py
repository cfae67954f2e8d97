"""Whether the sums of a deposit that stand behind one statement agree: the scenario's, the plan's, and the one stated.

Nothing set aside and something set aside cannot both be true of one draft, so that is refused. Two sums that differ
may stand together, since papers print more than one for the same deposit, but only with a reason on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpbc.kernel.money import pounds


@dataclass(frozen=True)
class Claim:
    """A deposit in pence, and who names it: words that begin a sentence."""

    who: str
    pence: int


@dataclass(frozen=True)
class Contradiction:
    """Where two things that stand behind one statement disagree; ``refused`` where no reason can mend it."""

    sentence: str
    refused: bool = False


def contradictions(stated: int, claims: Iterable[Claim]) -> tuple[Contradiction, ...]:
    """Hold the deposit that is stated against every other claim on it."""
    return tuple(
        Contradiction(
            f"{claim.who} sets {_sum(claim.pence)} aside, and this states {_sum(stated)}",
            refused=not claim.pence or not stated,
        )
        for claim in claims
        if claim.pence != stated
    )


def _sum(pence: int) -> str:
    return pounds(pence) if pence else "nothing"
