"""``python -m bench`` (``make bench``): measures everything and writes ``bench/RESULTS.md``."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from bench import explain, need, pipeline, scenarios
from bench.measuring import machine

PAGE = Path(__file__).parent / "RESULTS.md"
SCALE = 9  # a SYNTHETIC month at nine times its true size is a little over a million rows
GOAL = 1.5
MOST_MIB = 1024


def main() -> None:
    """Measure, print and write the page."""
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as folder:
        print("A month at nine times its size ...", file=sys.stderr)
        rows, megabytes, yardstick, ours = pipeline.measure(Path(folder), SCALE)
    print("One price explained ...", file=sys.stderr)
    explained = explain.measure()
    print("A thousand scenarios ...", file=sys.stderr)
    shared = scenarios.measure()
    print("Need of every practice ...", file=sys.stderr)
    needed = need.measure()
    page = "\n".join(
        [
            "# Measurements",
            "",
            "Written by `make bench`. Both sides of a ratio are measured in one sitting, in turn, on the same files.",
            "",
            f"{date.today():%d %B %Y}: {machine()}.",
            "",
            *_pipeline_page(rows, megabytes, yardstick, ours),
            "",
            *_explain_page(explained),
            "",
            *_scenarios_page(shared),
            "",
            *_need_page(needed),
            "",
        ]
    )
    PAGE.write_text(page, encoding="utf-8")
    print(page)


def _pipeline_page(rows: int, megabytes: int, yardstick: pipeline.Taken, ours: pipeline.Taken) -> list[str]:
    ratio = ours.median / yardstick.median
    return [
        "## A month of a million rows (PERF-1)",
        "",
        f"{rows:,} rows in {megabytes} MB of CSV, twelve files, {pipeline.THREADS} threads, median of {pipeline.TIMES} "
        "(with the range); each run in a process of its own.",
        "",
        "| | time | rows a second | peak memory |",
        "|---|---|---|---|",
        f"| DuckDB copies the CSV to untyped Parquet | {yardstick.text()} | {rows / yardstick.median:,.0f} | "
        f"{yardstick.peak_mib} MiB |",
        f"| OpenPBC lands, checks, attributes, prices, adds up and publishes | {ours.text()} | "
        f"{rows / ours.median:,.0f} | {ours.peak_mib} MiB |",
        "",
        f"Ratio {ratio:.1f}; the goal is {GOAL} at ten million rows: {_verdict(ratio <= GOAL)}. "
        f"Memory goal {MOST_MIB} MiB: {_verdict(ours.peak_mib <= MOST_MIB)}.",
    ]


def _explain_page(found: explain.Explaining) -> list[str]:
    (least, least_95), (taken, taken_95) = found.yardstick, found.ours
    return [
        "## One price explained (PERF-5)",
        "",
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
        "## A thousand scenarios of groups",
        "",
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
        "## Need of every practice, and a thousand scenarios (PERF-5)",
        "",
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
