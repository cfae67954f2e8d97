"""Second, naive implementations to hold the rules against: fractions, one line of the text after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def fair_shares(
    bases: Mapping[str, Fraction], targets: Mapping[str, Fraction], pot: Fraction, floor: Fraction, extra: Fraction
) -> tuple[dict[str, Fraction], Fraction]:
    """Exact shares and what stays unallocated, before any rounding."""
    shares = {group: base + base * floor for group, base in bases.items()}
    if sum(shares.values()) > pot:
        return {group: share * pot / sum(shares.values()) for group, share in shares.items()}, Fraction(0)
    wanted = {}
    for group, share in shares.items():
        lacking = targets[group] - share
        wanted[group] = Fraction(0) if lacking <= 0 else min(lacking, extra * bases[group])
    money = pot - sum(shares.values())
    if sum(wanted.values()) > money:
        part = money / sum(wanted.values())
        return {group: shares[group] + wanted[group] * part for group in shares}, Fraction(0)
    shares = {group: shares[group] + wanted[group] for group in shares}
    money = pot - sum(shares.values())
    distances = {group: max(Fraction(0), targets[group] - shares[group]) for group in shares}
    if sum(distances.values()) <= money:
        return {group: shares[group] + distances[group] for group in shares}, money - sum(distances.values())
    part = money / sum(distances.values())
    return {group: shares[group] + distances[group] * part for group in shares}, Fraction(0)


def capped(share: Fraction, base: Fraction, cap: Fraction) -> Fraction:
    """A share under a cap on growth."""
    return min(share, base * (1 + cap))


def need(rows: Iterable[Mapping[str, str]], by: str, population: str, weighted: str) -> dict[str, tuple[int, Decimal]]:
    """Whole weighted people and need index of each place."""
    rows = list(rows)

    def people(column: str, place: str | None) -> Fraction:
        exact = sum(Decimal(row[column]) for row in rows if place in (None, row[by]))
        return Fraction(exact.quantize(Decimal(1), ROUND_HALF_UP))

    average = people(weighted, None) / people(population, None)
    found = {}
    for place in {row[by] for row in rows}:
        index = people(weighted, place) / people(population, place) / average
        found[place] = (int(people(weighted, place)), Decimal(int(index * 1000 + Fraction(1, 2))) / 1000)
    return found
