"""The three-step rule that moves budgets towards fair shares.

1. Every group gets its base and the minimum growth: its *floor*.
2. It also gets the lesser of what it lacks to its target and the extra growth; at or over target it gets nothing.
3. What is left is shared in proportion to what each group still lacks; once all are at target, the rest stays
   unallocated.

If the pot does not cover the floors, they are scaled pro rata; if it covers them but not step 2, the additions of
step 2 are scaled pro rata. All amounts are whole numbers of one unit (a penny, or a hundredth of a file's unit); levels
between the steps are exact, in millionths of the unit. Only the final share is rounded, by largest remainder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from openpbc.finance.rules.settling import rounded_up, settle
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import PPM, ratio_ppm, round_div


@dataclass(frozen=True)
class FairShareParameters:
    """Rates of the rule in parts per million of the base, filled from the rulebook by name."""

    minimum_growth: int = field(metadata={"rule": "fair_shares.minimum_growth", "as": "ppm"})
    extra_growth: int = field(metadata={"rule": "fair_shares.extra_growth_limit", "as": "ppm"})


@dataclass(frozen=True)
class Claim:
    """One group: its base in scope (not negative), and its fair share of what is in scope (may be negative)."""

    code: str
    base: int
    target: int


class Stage(StrEnum):
    """How far the pot reached."""

    BELOW_FLOORS = "below the floors"
    IN_EXTRA = "within step 2"
    BY_DISTANCE = "shared by distance"
    ALL_AT_TARGET = "all at target"


@dataclass(frozen=True)
class Share:
    """One group's way through the steps.

    ``floor`` and ``after_extra`` are the levels after steps 1 and 2 and ``distance`` is what then lacks to the target,
    all in millionths of the unit; ``nearest`` is the exact share rounded by itself, ``amount`` the final share.
    """

    claim: Claim
    floor: int
    after_extra: int
    distance: int
    nearest: int
    amount: int

    @property
    def growth(self) -> int | None:
        """Growth over the base in parts per million; none for a group without a base."""
        return ratio_ppm(self.amount - self.claim.base, self.claim.base) if self.claim.base else None


@dataclass(frozen=True)
class Allocation:
    """The result of the rule: shares + unallocated = pot, exactly."""

    pot: int
    parameters: FairShareParameters
    stage: Stage
    shares: tuple[Share, ...]
    unallocated: int
    left: int
    """What was left after step 2, in millionths of the unit; negative if the pot did not reach so far."""
    findings: tuple[Finding, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Share]:
        """The shares by the code of their group."""
        return {share.claim.code: share for share in self.shares}

    @property
    def amounts(self) -> dict[str, int]:
        """The final amounts by code."""
        return {share.claim.code: share.amount for share in self.shares}


@dataclass(frozen=True)
class _Levels:
    floor: int
    after_extra: int
    distance: int


def allocate(claims: Sequence[Claim], pot: int, parameters: FairShareParameters) -> Allocation:
    """Share a pot among groups by the three steps.

    Promises, for whole-number targets and any order of the claims: shares and unallocated money add up to the pot;
    each share lies within one unit of its exact value; no share passes its target except by its floor; while the pot
    covers the floors no share is below its floor rounded down to the unit, nor below its exact floor where the
    fractions of a unit that all shares leave suffice to round it up.
    """
    _refuse_nonsense(claims, pot)
    levels = {claim.code: _levels(claim, parameters) for claim in claims}
    stage, exact, denominator, left = _exact(levels, pot)
    total = min(pot, rounded_up(exact, denominator)) if stage is Stage.ALL_AT_TARGET else pot
    amounts = settle(exact, denominator, total, first=_at_floor(levels, exact, denominator, stage))
    shares = tuple(
        Share(
            claim,
            levels[claim.code].floor,
            levels[claim.code].after_extra,
            levels[claim.code].distance,
            round_div(exact[claim.code], denominator),
            amounts[claim.code],
        )
        for claim in claims
    )
    findings = _findings(stage, levels, unallocated=pot - total)
    return Allocation(pot, parameters, stage, shares, pot - total, left, findings)


def _refuse_nonsense(claims: Sequence[Claim], pot: int) -> None:
    """Callers turn people's mistakes into sentences first; what arrives here is a fault of the program."""
    if pot < 0 or any(claim.base < 0 for claim in claims):
        raise ValueError("neither the pot nor a base may be negative")
    if len({claim.code for claim in claims}) != len(claims) or not claims:
        raise ValueError("there must be groups, each with a code of its own")


def _levels(claim: Claim, parameters: FairShareParameters) -> _Levels:
    floor = claim.base * (PPM + parameters.minimum_growth)
    target = claim.target * PPM
    after_extra = floor + min(max(target - floor, 0), claim.base * parameters.extra_growth)
    return _Levels(floor, after_extra, max(target - after_extra, 0))


def _exact(levels: Mapping[str, _Levels], pot: int) -> tuple[Stage, dict[str, int], int, int]:
    """Give the stage, the exact shares as numerators over one denominator, and what is left after step 2."""
    floors = sum(level.floor for level in levels.values())
    additions = sum(level.after_extra - level.floor for level in levels.values())
    lacking = sum(level.distance for level in levels.values())
    left = pot * PPM - floors - additions
    if pot * PPM < floors:
        return Stage.BELOW_FLOORS, {code: pot * level.floor for code, level in levels.items()}, floors, left
    if left < 0:
        spread = {
            code: level.floor * additions + (left + additions) * (level.after_extra - level.floor)
            for code, level in levels.items()
        }
        return Stage.IN_EXTRA, spread, PPM * additions, left
    if left < lacking:
        spread = {code: level.after_extra * lacking + left * level.distance for code, level in levels.items()}
        return Stage.BY_DISTANCE, spread, PPM * lacking, left
    return Stage.ALL_AT_TARGET, {c: level.after_extra + level.distance for c, level in levels.items()}, PPM, left


def exact_shares(allocation: Allocation) -> tuple[dict[str, int], int]:
    """Give every share before it was rounded, as numerators over one denominator."""
    levels = {each.claim.code: _Levels(each.floor, each.after_extra, each.distance) for each in allocation.shares}
    _, exact, denominator, _ = _exact(levels, allocation.pot)
    return exact, denominator


def _at_floor(
    levels: Mapping[str, _Levels], exact: Mapping[str, int], denominator: int, stage: Stage
) -> Collection[str]:
    """Whose share would fall below its exact floor if it were rounded down."""
    if stage is Stage.BELOW_FLOORS:
        return frozenset()
    return {code for code, numerator in exact.items() if numerator // denominator * PPM < levels[code].floor}


def _findings(stage: Stage, levels: Mapping[str, _Levels], unallocated: int) -> tuple[Finding, ...]:
    found = []
    if stage is Stage.BELOW_FLOORS:
        sentence = "The pot does not cover the minimum growth of every group; the floors are scaled down pro rata."
        found.append(_finding("FS-01", Level.ERROR, sentence))
    if stage is Stage.IN_EXTRA:
        sentence = "The pot covers the minimum but not all of step 2; the additions of step 2 are scaled down pro rata."
        found.append(_finding("FS-02", Level.WARNING, sentence))
    if unallocated:
        sentence = "Every group is at its fair share or its floor; the rest of the pot stays unallocated."
        found.append(_finding("FS-03", Level.WARNING, sentence))
    baseless = sorted(code for code, level in levels.items() if not level.floor)
    if baseless:
        sentence = f"No base for {', '.join(baseless)}: no minimum and no extra, only step 3."
        found.append(_finding("FS-04", Level.WARNING, sentence))
    return tuple(found)


def _finding(rule: str, level: Level, sentence: str) -> Finding:
    return Finding(rule, level, Place(), sentence)
