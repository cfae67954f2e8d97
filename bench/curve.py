"""PERF-6: what one, two, four and eight times the rows cost on each engine, and that both give the same totals.

Timed is a month's run over files that have landed: the statements and the writing, without the start of the engine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import pipeline
from bench.measuring import Taken, apart, report
from openpbc.activity import flow
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.engines import DUCKDB, SPARK, Engine
from openpbc.warehouse.store import Store

STEPS = (1, 2, 4, 8)
MEMORY = {DUCKDB: "2GB", SPARK: "4GB"}
MOST = 0.10


def run(engine: Engine, folder: Path, out: Path) -> dict[str, Any]:
    """Land the files of a folder, warm the engine up, then time the run."""
    store, book = Store(out), open_book(pipeline.PLACE)
    files = [pipeline.landed(store, book, file) for file in sorted(folder.glob("*_*_*.csv"))]
    with engine.open(store.spill) as session:
        session.number("select 1 as n")
    started = time.perf_counter()
    made = flow.run(store, book, Month.parse(files[0].month), files, pipeline.members(book), engine=engine)
    seconds = time.perf_counter() - started
    return {"run": seconds, "rows": pipeline.lines(made.manifest), "stages": made.manifest["stages"]}


def measure(scale: int, times: int) -> dict[str, list[Taken]]:
    """Measure every size on both engines; the totals of each size must be the same."""
    found: dict[str, list[Taken]] = {DUCKDB: [], SPARK: []}
    for step in STEPS:
        with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as folder:
            pipeline.make_files(Path(folder), scale * step)
            for engine, taken in found.items():
                taken.append(apart("bench.curve", engine, folder, times=times))
        one, other = (taken[-1].told["stages"] for taken in found.values())
        assert one == other, f"the engines give other totals at {step} times the rows"
    return found


def furthest(points: Sequence[tuple[int, float]]) -> float:
    """Fit a line (what a run costs at least, and what a row adds) and give the greatest distance from it, as a part."""
    count = len(points)
    mean_x, mean_y = (sum(point[at] for point in points) / count for at in (0, 1))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return max(abs(y - (mean_y + slope * (x - mean_x))) / y for x, y in points)


def page(scale: int = 1, times: int = 3) -> list[str]:
    """Measure, and tell it for the page."""
    found = measure(scale, times)
    distances = {
        engine: furthest([(each.told["rows"], _run(each)) for each in taken]) for engine, taken in found.items()
    }
    return [
        f"A SYNTHETIC month at {scale} to {scale * STEPS[-1]} times its true size, {pipeline.THREADS} threads; the "
        f"last of {times} runs, each in a process of its own. Totals of both engines are equal at every size.",
        "",
        "| rows | DuckDB | rows a second | Spark | rows a second | Spark / DuckDB |",
        "|---|---|---|---|---|---|",
        *(_line(duckdb, spark) for duckdb, spark in zip(found[DUCKDB], found[SPARK], strict=True)),
        "",
        *_verdicts(distances),
    ]


def _run(taken: Taken) -> float:
    seconds: float = taken.told["run"]
    return seconds


def _line(duckdb: Taken, spark: Taken) -> str:
    rows, one, other = duckdb.told["rows"], _run(duckdb), _run(spark)
    return f"| {rows:,} | {one:.2f} s | {rows / one:,.0f} | {other:.2f} s | {rows / other:,.0f} | {other / one:.1f} |"


def _verdicts(distances: Mapping[str, float]) -> list[str]:
    return [
        f"{engine}: no size lies further than {distance:.0%} from a straight line; the goal is {MOST:.0%}: "
        f"{'met' if distance <= MOST else '**not met**'}.\n"
        for engine, distance in distances.items()
    ]


if __name__ == "__main__":
    wanted = Engine(sys.argv[1], threads=pipeline.THREADS, memory=MEMORY[sys.argv[1]])
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as made_in:
        report(lambda: run(wanted, Path(sys.argv[2]), Path(made_in)))
