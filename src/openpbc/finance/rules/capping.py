"""The cap: growth above a limit is cut off and released. It is another operation than sharing a pot.

The cap is laid over finished shares. What it releases leaves the pot (as a deposit, say) and is never shared out again,
so a common cap does not bring any group nearer to its fair share than the groups' bases were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from openpbc.finance.rules.fair_shares import Allocation, Share
from openpbc.finance.rules.settling import settle
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import PPM, ratio_ppm, round_div


@dataclass(frozen=True)
class Capped:
    """Shares after a cap: amounts + released + unallocated = pot, exactly.

    ``cap`` is the growth limit in parts per million of the base (rounded where it was solved from an amount).
    """

    allocation: Allocation
    cap: int
    amounts: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def released(self) -> dict[str, int]:
        """What each group's share lost to the cap."""
        return {code: share - self.amounts[code] for code, share in self.allocation.amounts.items()}

    @property
    def release(self) -> int:
        """What the cap released in all."""
        return sum(self.released.values())

    def growth(self, code: str) -> int | None:
        """Growth of a capped share over its base in parts per million; none without a base."""
        base = self.allocation.by_code[code].claim.base
        return ratio_ppm(self.amounts[code] - base, base) if base else None


def cap(allocation: Allocation, growth_limit: int) -> Capped:
    """Limit every share to its base grown by ``growth_limit`` parts per million, rounded once; release the rest."""
    if growth_limit < -PPM:
        raise ValueError("growth cannot be limited below nothing")
    amounts = {
        share.claim.code: min(share.amount, round_div(share.claim.base * (PPM + growth_limit), PPM))
        for share in allocation.shares
    }
    return Capped(allocation, growth_limit, amounts, _findings(allocation, growth_limit, amounts))


def release(allocation: Allocation, amount: int) -> Capped:
    """Find the one growth limit at which the shares release exactly ``amount``, and apply it.

    The limit is solved exactly and the shares are settled by largest remainder, so the release is exact to the unit.
    ``amount`` lies between what the groups without a base lose to any cap and all shares together.
    """
    shares = allocation.amounts
    if not least_release(allocation) <= amount <= sum(shares.values()):
        raise ValueError("no cap releases this amount")
    limit, whole = _limit(allocation, amount)
    exact = {s.claim.code: min(s.amount * whole, s.claim.base * limit) for s in allocation.shares}
    amounts = settle(exact, whole, sum(shares.values()) - amount)
    growth_limit = ratio_ppm(limit, whole) - PPM
    return Capped(allocation, growth_limit, amounts, _findings(allocation, growth_limit, amounts))


def least_release(allocation: Allocation) -> int:
    """Give what even the widest cap releases: a group without a base has no growth that a cap could allow."""
    return sum(share.amount for share in allocation.shares if not share.claim.base)


def _limit(allocation: Allocation, amount: int) -> tuple[int, int]:
    """Give the common limit as a fraction of the base: (numerator, denominator).

    With the groups in falling order of growth, the first m are cut. Cut to one limit k they keep k x (their bases), so
    k = (their shares - amount) / (their bases); m is right as soon as the next group's growth does not pass k.
    """
    ordered = sorted(allocation.shares, key=_growth_rank, reverse=True)
    kept, bases = -amount, 0
    for share, following in zip(ordered, [*ordered[1:], None], strict=True):
        kept += share.amount
        bases += share.claim.base
        if bases and (following is None or following.amount * bases <= kept * following.claim.base):
            return kept, bases
    return 0, 1


def _growth_rank(share: Share) -> tuple[bool, Fraction]:
    base = share.claim.base
    return not base, Fraction(share.amount, base or 1)


def _findings(allocation: Allocation, growth_limit: int, amounts: Mapping[str, int]) -> tuple[Finding, ...]:
    found = []
    if growth_limit < allocation.parameters.minimum_growth:
        sentence = "The cap lies below the minimum growth, so it takes groups below their floors."
        found.append(Finding("FS-05", Level.WARNING, Place(), sentence))
    emptied = sorted(
        s.claim.code for s in allocation.shares if not s.claim.base and s.amount and not amounts[s.claim.code]
    )
    if emptied:
        sentence = f"No base for {', '.join(emptied)}: a cap on growth leaves nothing."
        found.append(Finding("FS-06", Level.WARNING, Place(), sentence))
    return tuple(found)
