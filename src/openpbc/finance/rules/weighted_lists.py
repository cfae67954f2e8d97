"""Weighted lists: from who is on a practice's list to its share of the money, in the steps of the national method.

1. The list by age and sex, averaged over the year's quarters.
2. Normalised: all lists of a commissioner add up to its resident population, so that patients counted twice draw
   nothing.
3. Each age and sex counts at its relative cost.
4. Additional need: an index for each practice, 1 for the average.
5. The market forces factor of the commissioner.
6. The product of these for each component of care, scaled so that it adds up to the normalised lists again.
7. The components in their given proportions make the weighted list; a practice's share is its part of all of them.
8. A share of the budget in scope is the target.

Everything is kept in whole numbers until a figure is rounded, once: a share is the same whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm, prod
from operator import mul

from openpbc.kernel.money import MFF_UNIT, PPM, round_div, share_out

SHARE_UNIT = 10**12
"""Shares are whole counts of this part of the whole, and add up to it."""

Band = tuple[str, str]


@dataclass(frozen=True)
class PracticeList:
    """One practice: patients by age band and sex at each quarter, and its need index (ppm) for each component."""

    code: str
    commissioner: str
    quarters: tuple[Mapping[Band, int], ...]
    need: tuple[int, ...]


@dataclass(frozen=True)
class Area:
    """A commissioner: its residents, and its market forces factor in ten-millionths."""

    code: str
    residents: int
    mff: int = MFF_UNIT


@dataclass(frozen=True)
class CostCurve:
    """A component of care: its part in the whole, and the relative cost of each age band and sex."""

    code: str
    weight: int
    costs: Mapping[Band, int]


@dataclass(frozen=True)
class Factor:
    """What one component does to one practice: indices in parts per million, whole weighted people.

    ``age`` compares the cost of its ages with that of everybody; it is none for a practice without patients.
    """

    age: int | None
    need: int
    mff: int
    weighted: int


@dataclass(frozen=True)
class WeightedList:
    """One practice with every factor on the way: lists in whole people, share in 1/``SHARE_UNIT``.

    ``index`` is the weighted over the normalised list. ``claim`` is the exact weight by which any pot is shared.
    """

    code: str
    commissioner: str
    listed: int
    normalised: int
    factors: tuple[Factor, ...]
    weighted: int
    index: int | None
    share: int
    claim: int


@dataclass(frozen=True)
class WeightedLists:
    """All practices by code; their shares add up to ``SHARE_UNIT`` exactly."""

    practices: tuple[WeightedList, ...]

    @property
    def claims(self) -> dict[str, int]:
        """The exact weights by practice."""
        return {practice.code: practice.claim for practice in self.practices}

    def targets(self, budget: int) -> dict[str, int]:
        """Share a budget in pence over the practices, to the penny (step 8)."""
        return share_out(budget, self.claims)


@dataclass(frozen=True)
class _Raw:
    """A practice before anything is rounded: patients over all quarters, and its cost units for each component."""

    practice: PracticeList
    patients: int
    costs: tuple[int, ...]


def weighted_lists(
    practices: Sequence[PracticeList], areas: Sequence[Area], components: Sequence[CostCurve]
) -> WeightedLists:
    """Weigh the lists; every practice has the same number of quarters, and its commissioner is among the areas."""
    area_of = {area.code: area for area in areas}
    raws = [_raw(practice, components) for practice in sorted(practices, key=lambda each: each.code)]
    quarters = {len(practice.quarters) for practice in practices}
    if len(quarters) != 1 or 0 in quarters:
        raise ValueError("every practice has the same quarters, and at least one")
    # Step 2: a patient of this commissioner counts as residents / patients of a person, held over one denominator.
    patients: dict[str, int] = {}
    for raw in raws:
        key = raw.practice.commissioner
        patients[key] = patients.get(key, 0) + raw.patients
    if not all(patients.values()):
        raise ValueError("a commissioner whose practices have no patients cannot be normalised")
    common = lcm(*patients.values())
    person = {code: area_of[code].residents * (common // count) for code, count in patients.items()}
    return _weighed(raws, area_of, person, common, quarters.pop(), [each.weight for each in components])


def _raw(practice: PracticeList, components: Sequence[CostCurve]) -> _Raw:
    if len(practice.need) != len(components):
        raise ValueError("a need index for each component")
    held = _added_up(practice.quarters)
    costs = tuple(sum(map(mul, held.values(), map(each.costs.__getitem__, held))) for each in components)
    return _Raw(practice, sum(held.values()), costs)


def _added_up(quarters: Sequence[Mapping[Band, int]]) -> Mapping[Band, int]:
    """Add the quarters up band by band; where all have the same bands in one order, a whole quarter at a time."""
    bands = [list(quarter) for quarter in quarters]
    if all(listed == bands[0] for listed in bands[1:]):
        columns = zip(*(quarter.values() for quarter in quarters), strict=True)
        return dict(zip(bands[0] if bands else (), map(sum, columns), strict=True))
    held: dict[Band, int] = {}
    for quarter in quarters:
        for band, count in quarter.items():
            held[band] = held.get(band, 0) + count
    return held


def _weighed(
    raws: Sequence[_Raw],
    area_of: Mapping[str, Area],
    person: Mapping[str, int],
    common: int,
    quarters: int,
    weights: Sequence[int],
) -> WeightedLists:
    """Steps 3 to 7 on exact numbers: normalised people and cost units are held over ``common``."""
    people = [raw.patients * person[raw.practice.commissioner] for raw in raws]
    everybody = sum(people)
    products = [_products(raw, area_of[raw.practice.commissioner], person) for raw in raws]
    sums = [sum(column) for column in zip(*products, strict=True)]
    if not all(sums) or not everybody or not sum(weights):
        raise ValueError("a component that nobody needs cannot be shared")
    # W is the sum of k x w / sum(w); over the product of all sums it is a whole number.
    others = [prod(sums[:at] + sums[at + 1 :]) for at in range(len(sums))]
    mix = [weight * other for weight, other in zip(weights, others, strict=True)]
    claims = [sum(part * value for part, value in zip(mix, values, strict=True)) for values in products]
    shares = share_out(SHARE_UNIT, {raw.practice.code: claim for raw, claim in zip(raws, claims, strict=True)})
    ages = _ages(raws, people, person, everybody)
    whole = sum(claims)
    found = []
    for at, raw in enumerate(raws):
        practice, area = raw.practice, area_of[raw.practice.commissioner]
        factors = tuple(
            Factor(age, need, area.mff, round_div(value * everybody, total * common))
            for age, need, value, total in zip(ages[at], practice.need, products[at], sums, strict=True)
        )
        found.append(
            WeightedList(
                code=practice.code,
                commissioner=practice.commissioner,
                listed=round_div(raw.patients, quarters),
                normalised=round_div(people[at], common),
                factors=factors,
                weighted=round_div(claims[at] * everybody, whole * common),
                index=round_div(claims[at] * everybody * PPM, whole * people[at]) if people[at] else None,
                share=shares[practice.code],
                claim=claims[at],
            )
        )
    return WeightedLists(tuple(found))


def _products(raw: _Raw, area: Area, person: Mapping[str, int]) -> tuple[int, ...]:
    """Age and sex x need x market forces, for each component."""
    scale = person[area.code] * area.mff
    return tuple(cost * need * scale for cost, need in zip(raw.costs, raw.practice.need, strict=True))


def _ages(
    raws: Sequence[_Raw], people: Sequence[int], person: Mapping[str, int], everybody: int
) -> list[tuple[int | None, ...]]:
    """The age indices: cost a head over the cost a head of everybody, for each practice and component."""
    costs = [tuple(cost * person[raw.practice.commissioner] for cost in raw.costs) for raw in raws]
    totals = [sum(column) for column in zip(*costs, strict=True)]
    return [
        tuple(
            round_div(cost * everybody * PPM, own * total) if own and total else None
            for cost, total in zip(line, totals, strict=True)
        )
        for line, own in zip(costs, people, strict=True)
    ]


def group_shares(lists: WeightedLists, member: Mapping[str, str]) -> dict[str, int]:
    """Add up the shares of each group's practices; a practice without a group counts under an empty name."""
    sums: dict[str, int] = {}
    for practice in lists.practices:
        group = member.get(practice.code, "")
        sums[group] = sums.get(group, 0) + practice.share
    return dict(sorted(sums.items()))
