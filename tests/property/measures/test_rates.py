"""Quartiles and charts against second implementations that were written from their definitions alone."""

from __future__ import annotations

import random
from fractions import Fraction
from statistics import quantiles

from openpbc.measures.rules.process_charts import Limits, RunRules, limits, signals
from openpbc.measures.rules.quartiles import EXCLUSIVE, INCLUSIVE, QUARTER, quantile
from openpbc.measures.rules.rates import byar, root, wilson

RULES = RunRules(7, 7)


def _series(seed: int, length: int) -> list[Fraction]:
    chance = random.Random(seed)
    return [Fraction(chance.randint(-500, 500), chance.randint(1, 40)) for _ in range(length)]


def test_quartiles_are_those_of_the_standard_library() -> None:
    for seed in range(200):
        values = _series(seed, random.Random(seed).randint(3, 40))
        for method in (INCLUSIVE, EXCLUSIVE):
            expected = quantiles(values, n=4, method=method)
            assert [quantile(values, QUARTER * step, method) for step in (1, 2, 3)] == expected


def _naive_signals(values: list[Fraction], found: Limits) -> set[tuple[int, str]]:
    """Look back from each point, one rule after the other."""
    marks = set()
    for at, value in enumerate(values):
        if value < found.low or value > found.high:
            marks.add((at, "outside the limits"))
        last = values[max(0, at - RULES.shift + 1) : at + 1]
        if len(last) == RULES.shift and (all(v > found.mean for v in last) or all(v < found.mean for v in last)):
            marks.add((at, "a run on one side of the mean"))
        last = values[max(0, at - RULES.trend + 1) : at + 1]
        steps = [b - a for a, b in zip(last, last[1:], strict=False)]
        if len(last) == RULES.trend and (all(s > 0 for s in steps) or all(s < 0 for s in steps)):
            marks.add((at, "a run up or down"))
    return marks


def test_signals_are_those_of_the_naive_look() -> None:
    seen: set[str] = set()
    for seed in range(300):
        values = _series(seed, 30)
        for start in (5, 15):  # long runs are rare by chance, so some are made
            if seed % 3 == 0:
                values[start : start + 8] = sorted(values[start : start + 8])
            if seed % 5 == 0:
                values[start : start + 8] = [abs(v) + 20 for v in values[start : start + 8]]
        found = limits(values)
        assert found is not None
        told = {(mark.at, mark.rule) for mark in signals(values, found, RULES)}
        assert told == _naive_signals(values, found)
        seen |= {rule for _, rule in told}
    assert len(seen) == 3


def test_intervals_hold_their_rate_and_narrow_with_size() -> None:
    chance = random.Random(7)
    for _ in range(300):
        whole = chance.randint(1, 5_000)
        part = chance.randint(0, whole)
        share, more = wilson(part, whole), wilson(part * 4, whole * 4)
        assert 0 <= share.low <= Fraction(part, whole) <= share.high <= 1
        assert more.high - more.low <= share.high - share.low
        rate = byar(part, whole)
        assert rate.low <= Fraction(part, whole) <= rate.high


def test_a_root_squares_back() -> None:
    for value in _series(3, 100):
        square = value * value
        assert 0 <= abs(value) - root(square) < Fraction(1, 10**9)
