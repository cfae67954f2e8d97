"""Many answers to "what if the parts of need weighed otherwise": shares and targets under any number of scenarios.

The mixed share of a group is the sum over components of its part of the component, each at its weight. That is linear
in the practices, so the practices are added up once, exactly, and every scenario works on the groups' sums: a
thousand scenarios over all practices of England cost what a thousand over the groups do, and not one digit is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd, prod

from openpbc.kernel.money import PPM, share_out


@dataclass(frozen=True)
class NeedScenario:
    """What if: a weight for each component (any unit, the same for all), and the pot to be shared in pence."""

    name: str
    weights: tuple[int, ...]
    pot: int


@dataclass(frozen=True)
class ScenarioShares:
    """One scenario's answer: shares in parts per million and targets in pence; both add up, exactly."""

    name: str
    shares: Mapping[str, int]
    targets: Mapping[str, int]


@dataclass(frozen=True)
class Prepared:
    """The groups' exact parts of every component, over one denominator common to all components."""

    parts: Mapping[str, tuple[int, ...]]


def prepare(practices: Sequence[tuple[str, tuple[int, ...]]]) -> Prepared:
    """Add up the weighted people of (group, components) lines; a component that is empty everywhere is refused."""
    if not practices:
        raise ValueError("there is no practice")
    sums: dict[str, list[int]] = {}
    for group, weighted in practices:
        own = sums.get(group)
        if own is None:
            sums[group] = list(weighted)
        else:
            for at, value in enumerate(weighted):
                own[at] += value
    # Only the proportions within a component matter, so a measure common to its sums is taken out: shorter numbers.
    measures = [gcd(*column) for column in zip(*sums.values(), strict=True)]
    if not all(measures):
        raise ValueError("a component that nobody needs cannot be shared")
    for own in sums.values():
        own[:] = [value // measure for value, measure in zip(own, measures, strict=True)]
    totals = [sum(column) for column in zip(*sums.values(), strict=True)]
    others = [prod(totals[:at] + totals[at + 1 :]) for at in range(len(totals))]
    parts = {
        group: tuple(value * other for value, other in zip(sums[group], others, strict=True)) for group in sorted(sums)
    }
    return Prepared(parts)


def run(prepared: Prepared, scenarios: Sequence[NeedScenario]) -> tuple[ScenarioShares, ...]:
    """Answer every scenario, in the order given."""
    return tuple(_one(prepared, scenario) for scenario in scenarios)


def _one(prepared: Prepared, scenario: NeedScenario) -> ScenarioShares:
    claims = claims_of(prepared, scenario.weights)
    return ScenarioShares(scenario.name, share_out(PPM, claims), share_out(scenario.pot, claims))


def claims_of(prepared: Prepared, weights: Sequence[int]) -> dict[str, int]:
    """The exact whole-number weight of each group under the given weights of the components."""
    if any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("component weights are nought or more, and not all nought")
    return {
        group: sum(weight * part for weight, part in zip(weights, parts, strict=True))
        for group, parts in prepared.parts.items()
    }
