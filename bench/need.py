"""PERF-5: need of every practice in the published file, and a thousand scenarios over all of them, in a second each.

The yardsticks do the same plainly: they read the file row by row and add up decimals by area, and they mix every
practice of every scenario with floating point, as a spreadsheet would. Ours are exact and add up to the penny.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.measuring import ROOT, Taken, alternating, apart, report

WEIGHTS = ROOT / "tests" / "fixtures" / "need_weights" / "practice_weighted_populations_2023_24.csv"
BY, POPULATION, COLUMNS = "CCG21", "pop 2022/23", 7
MOST_SECONDS = 1
SCENARIOS = 1_000
TIMES = 5
POT = 100_000_000_000_00
PRACTICES, QUARTERS = 6_300, 4
BANDS = tuple((f"{age}-{age + 4}", sex) for age in range(0, 100, 5) for sex in ("male", "female"))


@dataclass(frozen=True)
class Need:
    """What each thing took; the first of a pair is the yardstick."""

    file: tuple[Taken, Taken]
    scenarios: tuple[Taken, Taken]
    lists: Taken


def measure() -> Need:
    """Take the times, each in a process of its own, yardstick and ours in turn."""
    file = alternating(TIMES, ("bench.need", "plain-file"), ("bench.need", "file"))
    mixed = alternating(TIMES, ("bench.need", "plain-scenarios"), ("bench.need", "scenarios"))
    return Need((file[0], file[1]), (mixed[0], mixed[1]), apart("bench.need", "lists", times=TIMES))


def weights() -> list[list[int]]:
    """A weight of each component for each scenario, drawn with a fixed seed."""
    chance = random.Random(1)
    return [[chance.randint(1, 100) for _ in range(COLUMNS)] for _ in range(SCENARIOS)]


def plain_file() -> dict[str, Any]:
    """Add up every column by area with decimals."""
    sums: dict[str, list[Decimal]] = {}
    with WEIGHTS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name == POPULATION or name.endswith("WP")]
    for row in rows:
        held = sums.setdefault(row[BY], [Decimal(0)] * len(columns))
        for at, column in enumerate(columns):
            held[at] += Decimal(row[column])
    return {"areas": len(sums), "practices": len(rows)}


def whole_file() -> dict[str, Any]:
    """Read, check and add up the file, with shares and indices of all areas."""
    sheet = read_sheet(WEIGHTS)
    found = need_report(sheet.rows, need_columns(sheet.header), BY)
    return {"areas": len(found.shares.places), "practices": found.counted}


def _lines() -> list[tuple[str, tuple[int, ...]]]:
    sheet = read_sheet(WEIGHTS)
    columns = need_columns(sheet.header)
    needs = (practice_need(row, columns, BY) for row in sheet.rows)
    return [(need.place, need.weighted[:COLUMNS]) for need in needs]


def plain_scenarios() -> Callable[[], dict[str, Any]]:
    """Mix every practice in every scenario with floating point, and add up by area."""
    lines = [(place, [value / SCALE for value in weighted]) for place, weighted in _lines()]
    asked = weights()

    def work() -> dict[str, Any]:
        totals = [sum(weighted[at] for _, weighted in lines) for at in range(COLUMNS)]
        for mix in asked:
            factors = [weight / sum(mix) / total for weight, total in zip(mix, totals, strict=True)]
            sums: dict[str, float] = {}
            for place, weighted in lines:
                share = sum([factor * value for factor, value in zip(factors, weighted, strict=True)])
                sums[place] = sums.get(place, 0.0) + share
        return {"areas": len(sums)}

    return work


def exact_scenarios() -> Callable[[], dict[str, Any]]:
    """Share the pot in every scenario, exactly, from the practices on."""
    lines, asked = _lines(), [NeedScenario("", tuple(mix), POT) for mix in weights()]

    def work() -> dict[str, Any]:
        answers = run(prepare(lines), asked)
        assert all(sum(answer.targets.values()) == POT for answer in answers)
        return {"areas": len(answers[0].shares)}

    return work


def invented_lists() -> Callable[[], dict[str, Any]]:
    """Weigh invented lists of as many practices as the country has: four quarters, forty bands, two components."""
    chance = random.Random(1)
    areas = [Area(f"C{n:02d}", 1_400_000 + n, 10_000_000 + n * 10_000) for n in range(42)]
    parts = (("a", 85), ("b", 15))
    curves = [CostCurve(code, part, {band: chance.randint(1, 900) for band in BANDS}) for code, part in parts]
    practices = [
        PracticeList(
            f"A{n:05d}",
            areas[n % len(areas)].code,
            tuple({band: chance.randint(0, 400) for band in BANDS} for _ in range(QUARTERS)),
            (chance.randint(700_000, 1_300_000), chance.randint(700_000, 1_300_000)),
        )
        for n in range(PRACTICES)
    ]

    def work() -> dict[str, Any]:
        found = weighted_lists(practices, areas, curves)
        assert sum(each.share for each in found.practices) == SHARE_UNIT
        return {"practices": len(found.practices)}

    return work


# What is prepared before the clock starts: nothing for the file, the practices' lines for what follows from them.
WORK: dict[str, Callable[[], Callable[[], dict[str, Any]]]] = {
    "plain-file": lambda: plain_file,
    "file": lambda: whole_file,
    "plain-scenarios": plain_scenarios,
    "scenarios": exact_scenarios,
    "lists": invented_lists,
}

if __name__ == "__main__":
    from openpbc.site.cli import django_setup

    django_setup()
    from openpbc.finance.commands.files import read_sheet
    from openpbc.finance.reads.need import SCALE, need_columns, need_report, practice_need
    from openpbc.finance.rules.need_scenarios import NeedScenario, prepare, run
    from openpbc.finance.rules.weighted_lists import SHARE_UNIT, Area, CostCurve, PracticeList, weighted_lists

    report(WORK[sys.argv[1]]())
