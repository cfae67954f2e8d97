"""``python -m bench [NAME ...]`` (``make bench``): measures, and writes what it measured into ``bench/RESULTS.md``.

Without names everything is measured; with names only those sections of the page are written anew. ``--scale`` and
``--times`` say how much of it: the page says with what sizes it was made.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import cases, curve, explain, months, need, pipeline, scenarios, validation
from bench.measuring import machine

PAGE = Path(__file__).parent / "RESULTS.md"
SCALE = 9  # a SYNTHETIC month at nine times its true size is a little over a million rows
GOAL = 1.5
MOST_MIB = 1024
HEAD = """\
# Measurements

Written by `make bench` (`python -m bench NAME` for one section). Both sides of a ratio are measured in one sitting, in
turn, on the same files; a ratio says something of us, a time alone says more of the machine.
"""


@dataclass(frozen=True)
class Section:
    """A section of the page: its heading, and what measures and tells it under the sizes asked for."""

    heading: str
    told: Callable[[argparse.Namespace], list[str]]


SECTIONS = {
    "pipeline": Section("A month of a million rows (PERF-1)", lambda asked: _pipeline_page(asked.scale, asked.times)),
    "validation": Section(
        "Ten rules against NHS England's engine (PERF-2)",
        lambda asked: validation.page(asked.rows, asked.times),
    ),
    "months": Section(
        "The twelfth month against the first (PERF-3)", lambda asked: months.page(asked.percent, asked.times)
    ),
    "explain": Section("One price explained (PERF-5)", lambda asked: _explain_page(explain.measure())),
    "scenarios": Section("A thousand scenarios of groups (PERF-5)", lambda asked: _scenarios_page(scenarios.measure())),
    "need": Section(
        "Need of every practice, and a thousand scenarios (PERF-5)", lambda asked: _need_page(need.measure())
    ),
    "cases": Section("A step among ten thousand live cases", lambda asked: cases.page(cases.measure())),
    "curve": Section(
        "What more rows cost, on both engines (PERF-6)", lambda asked: curve.page(asked.step, asked.times)
    ),
}


def main() -> None:
    """Measure what was asked for, print it and write it into the page."""
    asked = _asked()
    held = _sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    for name in asked.names or SECTIONS:
        section = SECTIONS[name]
        print(f"{section.heading} ...", file=sys.stderr)
        body = [f"{date.today():%d %B %Y}: {machine()}.", "", *section.told(asked)]
        held[section.heading] = "\n".join(body).strip()
        print("\n".join([f"## {section.heading}", "", held[section.heading], ""]))
        known = [each.heading for each in SECTIONS.values() if each.heading in held]
        PAGE.write_text("\n".join([HEAD, *(f"## {one}\n\n{held[one]}\n" for one in known)]), encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write bench/RESULTS.md.")
    parser.add_argument("names", nargs="*", choices=[*SECTIONS, []], metavar="NAME", help=", ".join(SECTIONS))
    parser.add_argument("--scale", type=int, default=SCALE, help="pipeline: a month at so many times its size")
    parser.add_argument("--rows", type=int, default=1_000_000, help="validation: so many rows")
    parser.add_argument("--percent", type=int, default=100, help="months: a year at this part of its size")
    parser.add_argument("--step", type=int, default=1, help="curve: the smallest month, as a multiple of its size")
    parser.add_argument("--times", type=int, default=3, help="so many runs of each side")
    return parser.parse_args()


def _sections(page: str) -> dict[str, str]:
    """Read the page's sections by heading."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)[1:]
    return {heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}


def _pipeline_page(scale: int, times: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as folder:
        rows, megabytes, yardstick, ours = pipeline.measure(Path(folder), scale, times)
    ratio = ours.median / yardstick.median
    return [
        f"{rows:,} rows in {megabytes} MB of CSV, twelve files, {pipeline.THREADS} threads, median of {times} "
        "(with the range); each run in a process of its own.",
        "",
        "| | time | rows a second | processor time | peak memory |",
        "|---|---|---|---|---|",
        f"| DuckDB copies the CSV to untyped Parquet | {yardstick.text()} | {rows / yardstick.median:,.0f} | "
        f"{yardstick.processor:.1f} s | {yardstick.peak_mib} MiB |",
        f"| OpenPBC lands, checks, attributes, prices, adds up and publishes | {ours.text()} | "
        f"{rows / ours.median:,.0f} | {ours.processor:.1f} s | {ours.peak_mib} MiB |",
        "",
        f"Ratio {ratio:.1f} ({ours.processor / yardstick.processor:.1f} in processor time); the goal is {GOAL} at ten "
        f"million rows: {_verdict(ratio <= GOAL)}. "
        f"Memory goal {MOST_MIB} MiB: {_verdict(ours.peak_mib <= MOST_MIB)}.",
    ]


def _explain_page(found: explain.Explaining) -> list[str]:
    (least, least_95), (taken, taken_95) = found.yardstick, found.ours
    return [
        f"{explain.RECORDS} records, drawn with a fixed seed from a month of {found.records:,} priced ones.",
        "",
        "| | median | 95th percentile |",
        "|---|---|---|",
        f"| open the engine and read the record's stored row | {least:.1f} ms | {least_95:.1f} ms |",
        f"| explain the price, step by step, and compare | {taken:.1f} ms | {taken_95:.1f} ms |",
        "",
        f"Ratio {taken / least:.1f}; the goal is {explain.MOST_MS} ms: {_verdict(taken <= explain.MOST_MS)}.",
    ]


def _scenarios_page(found: scenarios.Shared) -> list[str]:
    met = max(found.what_ifs, found.rule) <= scenarios.MOST_SECONDS
    return [
        f"{scenarios.SCENARIOS:,} scenarios each, median of {scenarios.TIMES}, in one process.",
        "",
        "| | time |",
        "|---|---|",
        f"| what-ifs on the published figures of {found.place}, {found.groups} groups | {found.what_ifs:.2f} s |",
        f"| the rule and the cap alone, {found.many_groups} groups | {found.rule:.2f} s |",
        "",
        f"The goal is {scenarios.MOST_SECONDS:.0f} s: {_verdict(met)}.",
    ]


def _need_page(found: need.Need) -> list[str]:
    (plain, file), (mixed, exact) = found.file, found.scenarios
    most = need.MOST_SECONDS
    practices, areas = file.told["practices"], file.told["areas"]
    return [
        f"{practices:,} practices of the published file in {areas} areas; median of {need.TIMES}, each run in a "
        "process of its own.",
        "",
        "| | time |",
        "|---|---|",
        f"| read the file and add up decimals by area | {plain.text()} |",
        f"| read, check and add up the file, with shares and indices of all areas | {file.text()} |",
        f"| {need.SCENARIOS:,} scenarios: mix every practice with floating point, add up by area | {mixed.text()} |",
        f"| {need.SCENARIOS:,} scenarios: exact shares and targets of all areas, adding up to the penny | "
        f"{exact.text()} |",
        f"| weigh {need.PRACTICES:,} invented lists by age and sex: {need.QUARTERS} quarters, {len(need.BANDS)} bands, "
        f"two components, 42 commissioners | {found.lists.text()} |",
        "",
        f"Ratio of the file {file.median / plain.median:.1f}, of the scenarios {exact.median / mixed.median:.2f}. "
        f"The goal is {most} s for all practices: {_verdict(file.median <= most)}; {most} s for the scenarios: "
        f"{_verdict(exact.median <= most)}.",
    ]


def _verdict(met: bool) -> str:
    return "met" if met else "**not met**"


if __name__ == "__main__":
    main()
