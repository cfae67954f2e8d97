"""Takes times and memory, and says on what machine."""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Taken:
    """What repeated runs of one thing took: seconds each, the highest memory of any, and what the last one told."""

    seconds: tuple[float, ...]
    peak_mib: int
    told: dict[str, Any]

    @property
    def processor(self) -> float:
        """The processor time of the last run, in seconds: which others on the machine hardly change."""
        return float(self.told["processor"])

    @property
    def median(self) -> float:
        """The middle one of the times."""
        return statistics.median(self.seconds)

    def text(self) -> str:
        """The median with the range, for a table."""
        return f"{self.median:.2f} s ({min(self.seconds):.2f} to {max(self.seconds):.2f})"


def apart(module: str, *arguments: object, times: int) -> Taken:
    """Run ``python -m module arguments`` in a process of its own, so that its memory is its own."""
    reports = [_once(module, *arguments) for _ in range(times)]
    return Taken(
        tuple(report["seconds"] for report in reports), max(report["peak_mib"] for report in reports), reports[-1]
    )


def alternating(times: int, *commands: tuple[str, ...]) -> list[Taken]:
    """Run several commands in turn, so that a slow minute of the machine falls on all of them."""
    reports: list[list[dict[str, Any]]] = [[] for _ in commands]
    for _ in range(times):
        for command, told in zip(commands, reports, strict=True):
            told.append(_once(*command))
    return [
        Taken(tuple(one["seconds"] for one in told), max(one["peak_mib"] for one in told), told[-1]) for told in reports
    ]


def _once(module: str, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *(str(argument) for argument in arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def report(work: Callable[[], dict[str, Any]]) -> None:
    """In the process apart: do the work, and print what it took as the last line of output."""
    before, started = time.process_time(), time.perf_counter()
    told = work()
    took = {"seconds": time.perf_counter() - started, "processor": time.process_time() - before}
    print(json.dumps(told | took | {"peak_mib": peak_mib()}))


def peak_mib() -> int:
    """The most memory that this process held; what the usual call tells begins with the parent's, on Linux."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if found:
            return int(found[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def processor_seconds() -> float:
    """The processor time that this process and whatever it started have used so far, where the system tells (Linux)."""
    return time.process_time() + sum(_used(child) for child in _below(os.getpid()))


def _below(parent: int) -> list[int]:
    """Give the living processes that a process started, and those that they started."""
    children = [
        int(child) for told in Path(f"/proc/{parent}/task").glob("*/children") for child in told.read_text().split()
    ]
    return [*children, *(further for child in children for further in _below(child))]


def _used(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def median_ms(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile of repeated calls in this process, in milliseconds, the first call left out."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def machine() -> str:
    """The machine and the versions, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}"
    )
