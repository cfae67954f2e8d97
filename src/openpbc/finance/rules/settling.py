"""Turns exact shares into whole units once, so that they add up and keep the bounds that the rule promised."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def settle(
    exact: Mapping[str, int], denominator: int, total: int, first: Collection[str] = frozenset()
) -> dict[str, int]:
    """Round ``exact[code] / denominator`` to whole units that add up to ``total``, by largest remainder.

    Each result is its exact share rounded down or up to the next unit, so it lies within one unit of it and never
    passes a whole-number bound that the exact share keeps. The units that are left after rounding down go to the
    ``first`` codes, then to the larger remainder, then to the lower code; shares that are whole take none. The order
    of the mapping is irrelevant.

    ``total`` must lie between the sums of the shares rounded down and rounded up; ``exact`` may not be negative.
    """
    parts = {code: divmod(numerator, denominator) for code, numerator in exact.items()}
    settled = {code: whole for code, (whole, _) in parts.items()}
    spare = total - sum(settled.values())
    fractional = [code for code, (_, remainder) in parts.items() if remainder]
    if not 0 <= spare <= len(fractional):
        raise ValueError("the total lies outside of what rounding down or up can reach")
    fractional.sort(key=lambda code: (code not in first, -parts[code][1], code))
    for code in fractional[:spare]:
        settled[code] += 1
    return settled


def rounded_up(exact: Mapping[str, int], denominator: int) -> int:
    """Add up the exact shares, each rounded up to the next unit."""
    return sum(-(-numerator // denominator) for numerator in exact.values())
