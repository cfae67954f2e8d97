"""PERF-6: what one, two, four and eight times the rows cost on each engine, and that both give the same totals.

Measured is a month's run over files that have landed: the statements and the writing, without the start of an engine.
All runs are in one process, so that Spark starts once and has compiled its own code before anything counts; the engines
take turns at every size, and every other round goes from the largest size to the smallest, so that whatever still
warms up falls on all. A cost is processor time, of this process and of what it started: on a shared machine the clock
tells how much of it somebody else had.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import pipeline
from bench.measuring import processor_seconds
from openpbc.activity import flow
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.reference import MemberRow
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book, open_book
from openpbc.warehouse.engines import DUCKDB, SPARK, Engine
from openpbc.warehouse.store import Store

STEPS = (1, 2, 4, 8)
MEMORY = {DUCKDB: "2GB", SPARK: "4GB"}
WARMING = {DUCKDB: 1, SPARK: 3}
MOST = 0.10


@dataclass
class Cost:
    """What the runs of one engine over one size took, in seconds of processor and of the clock."""

    rows: int = 0
    processor: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)

    @property
    def point(self) -> tuple[int, float]:
        """The rows and what they cost, the middle one of the runs."""
        return self.rows, statistics.median(self.processor)


@dataclass(frozen=True)
class Line:
    """A straight line: what a run costs at least, what a row adds, and how far off the furthest size is, as a part."""

    fixed: float
    row: float
    furthest: float


@dataclass(frozen=True)
class _Size:
    """The landed files of one size."""

    store: Store
    book: Book
    files: Sequence[Submitted]
    members: Sequence[MemberRow]

    def run(self, engine: Engine, cost: Cost) -> dict[str, Any]:
        """Compute the month once, add what it took and forget the run; give its totals, stage by stage."""
        before, started = processor_seconds(), time.perf_counter()
        month = Month.parse(self.files[0].month)
        made = flow.run(self.store, self.book, month, self.files, self.members, engine=engine)
        cost.clock.append(time.perf_counter() - started)
        cost.processor.append(processor_seconds() - before)
        cost.rows = pipeline.lines(made.manifest)
        shutil.rmtree(made.folder)
        stages: dict[str, Any] = made.manifest["stages"]
        return stages


def measure(scale: int, times: int) -> dict[str, list[Cost]]:
    """Measure every size on both engines; the totals of each size must be the same, each time."""
    engines = {name: Engine(name, threads=pipeline.THREADS, memory=MEMORY[name]) for name in (DUCKDB, SPARK)}
    found = {name: [Cost() for _ in STEPS] for name in engines}
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as made_in:
        sizes = [_landed(Path(made_in) / str(step), scale * step) for step in STEPS]
        for name, engine in engines.items():
            for _ in range(WARMING[name]):
                sizes[0].run(engine, Cost())
                _tell(f"{name} warms up")
        for turn in range(times):
            for at in range(len(STEPS))[:: -1 if turn % 2 else 1]:
                totals = [sizes[at].run(engine, found[name][at]) for name, engine in engines.items()]
                assert totals[0] == totals[1], f"the engines give other totals at {STEPS[at]} times the rows"
                taken = ", ".join(f"{name} {found[name][at].processor[-1]:.1f} s" for name in engines)
                _tell(f"round {turn + 1} of {times}, {found[DUCKDB][at].rows:,} rows: {taken} of processor time")
    return found


def _landed(folder: Path, scale: int) -> _Size:
    store, book = Store(folder), open_book(pipeline.PLACE)
    made = pipeline.make_files(folder / "sent", scale)
    files = [pipeline.landed(store, book, file) for file in made]
    _tell(f"{len(files)} files have landed, a month at {scale} times its size")
    return _Size(store, book, files, pipeline.members(book))


def _tell(sentence: str) -> None:
    sys.stderr.write(f"  {time.strftime('%H:%M:%S')} {sentence}\n")
    sys.stderr.flush()


def line(points: Sequence[tuple[int, float]]) -> Line:
    """Lay a straight line through costs so that each size counts by its distance as a part of itself."""
    weights = [1 / cost**2 for _, cost in points]
    mean_x, mean_y = (sum(w * p[at] for w, p in zip(weights, points, strict=True)) / sum(weights) for at in (0, 1))
    across = sum(w * (x - mean_x) ** 2 for w, (x, _) in zip(weights, points, strict=True))
    row = sum(w * (x - mean_x) * (y - mean_y) for w, (x, y) in zip(weights, points, strict=True)) / across
    fixed = mean_y - row * mean_x
    return Line(fixed, row, max(abs(y - (fixed + row * x)) / y for x, y in points))


def page(scale: int = 1, times: int = 3) -> list[str]:
    """Measure, and tell it for the page."""
    found = measure(scale, times)
    return [
        f"A SYNTHETIC month at {scale} to {scale * STEPS[-1]} times its true size, {pipeline.THREADS} threads "
        f"(Spark local[{pipeline.THREADS}]), the middle one of {times} rounds, in one process that is warm. A cost is "
        "processor time; *each row more* is what was added since the size before. Totals of both engines are equal, "
        "stage by stage, at every size and in every round.",
        "",
        "| rows | DuckDB costs | each row more | by the clock | Spark costs | each row more | by the clock |",
        "|---|---|---|---|---|---|---|",
        *(_row(found, at) for at in range(len(STEPS))),
        "",
        *(_verdict(name, costs) for name, costs in found.items()),
    ]


def _row(found: dict[str, list[Cost]], at: int) -> str:
    cells = [f"{found[DUCKDB][at].rows:,}"]
    for costs in found.values():
        rows, cost = costs[at].point
        more = "" if at == 0 else f"{(cost - costs[at - 1].point[1]) / (rows - costs[at - 1].rows) * 1e6:.1f} us"
        cells += [f"{cost:.2f} s", more, f"{statistics.median(costs[at].clock):.1f} s"]
    return f"| {' | '.join(cells)} |"


def _verdict(name: str, costs: Sequence[Cost]) -> str:
    fitted = line([cost.point for cost in costs])
    met = "met" if fitted.furthest <= MOST else "**not met**"
    return (
        f"{name}: {fitted.fixed:.2f} s a run and {fitted.row * 1e6:.1f} microseconds a row; no size lies further than "
        f"{fitted.furthest:.1%} from that line; the goal is {MOST:.0%}: {met}.\n"
    )
