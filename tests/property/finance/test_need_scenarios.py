"""A thousand scenarios: each the same as mixing practice by practice with fractions, and each adding up."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from openpbc.finance.rules.need_scenarios import NeedScenario, prepare, run
from openpbc.kernel.money import PPM


def naive(lines, weights) -> dict[str, Fraction]:
    """Each practice's mixed share, added up by group."""
    totals = [sum(weighted[at] for _, weighted in lines) for at in range(len(weights))]
    sums: dict[str, Fraction] = {}
    for group, weighted in lines:
        mixed = sum(
            Fraction(weight, sum(weights)) * Fraction(value, total)
            for weight, value, total in zip(weights, weighted, totals, strict=True)
        )
        sums[group] = sums.get(group, Fraction(0)) + mixed
    return sums


@pytest.mark.parametrize("lot", range(10))
def test_scenarios_agree_with_the_mix_of_practices(lot: int) -> None:
    chance = random.Random(f"scenarios {lot}")
    for _ in range(100):
        parts = chance.randint(1, 4)
        lines = [
            (chance.choice("ABC"), tuple(chance.randint(0, 10**24) for _ in range(parts)))
            for _ in range(chance.randint(1, 20))
        ]
        lines.append(("A", (1,) * parts))
        prepared = prepare(lines)
        scenarios = [
            NeedScenario(
                f"s{n}", tuple(chance.randint(0, 100) for _ in range(parts - 1)) + (1,), chance.randint(0, 10**13)
            )
            for n in range(10)
        ]
        for scenario, answer in zip(scenarios, run(prepared, scenarios), strict=True):
            expected = naive(lines, scenario.weights)
            assert set(answer.shares) == set(answer.targets) == set(expected)
            assert sum(answer.shares.values()) == PPM
            assert sum(answer.targets.values()) == scenario.pot
            for group, share in expected.items():
                assert abs(answer.shares[group] - share * PPM) < 1
                assert abs(answer.targets[group] - share * scenario.pot) < 1


def test_what_cannot_be_shared_is_refused() -> None:
    for lines in ([], [("A", (1, 0)), ("B", (2, 0))]):
        with pytest.raises(ValueError):
            prepare(lines)
    prepared = prepare([("A", (1, 1))])
    for weights in ((0, 0), (-1, 2)):
        with pytest.raises(ValueError, match="weights"):
            run(prepared, [NeedScenario("s", weights, 1)])
