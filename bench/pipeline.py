"""PERF-1: landing, checking, attributing and pricing a file against the engine's own copying of it.

The yardstick is what DuckDB needs to read the same CSV files and write them as untyped Parquet: no program built on
this engine can be faster than that. Both sides run in processes of their own, in turn, on files that have been read
once before.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench.measuring import Taken, alternating, report
from openpbc.activity import flow
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts, recognise
from openpbc.activity.flow.reference import MemberRow
from openpbc.kernel.money import PPM
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book, open_book
from openpbc.synth.making import Order, make
from openpbc.warehouse import landing
from openpbc.warehouse.engines import Engine
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey

PLACE = "west-herts-2008"
THREADS = 2


def make_files(folder: Path, scale: int) -> list[Path]:
    """A SYNTHETIC month at so many times its true size, one file a provider and stream."""
    book = open_book(PLACE)
    month = book.place.year.months[0]
    made = make(book, Order(month, month, seed=1, scale_ppm=scale * PPM), folder, told=lambda *_: None)
    return sorted(path for path in made.folder.glob("*_*_*.csv"))


def copy(files: list[Path], out: Path) -> dict[str, Any]:
    """The yardstick: each file to Parquet, every column as text, nothing else."""
    session = duckdb.connect()
    session.execute(f"set threads={THREADS}; set preserve_insertion_order=false")
    rows = 0
    for file in files:
        target = out / f"{file.stem}.parquet"
        reading = f"read_csv('{file}', header=true, all_varchar=true)"
        rows += session.execute(f"copy (from {reading}) to '{target}' (format parquet)").fetchone()[0]
    return {"rows": rows}


def whole(files: list[Path], out: Path) -> dict[str, Any]:
    """Ours: land each file, then check every row, attribute, price, monitor and publish the month."""
    store, book = Store(out), open_book(PLACE)
    submissions = [landed(store, book, file) for file in files]
    month = Month.parse(submissions[0].month)
    run = flow.run(store, book, month, submissions, members(book), engine=Engine(threads=THREADS))
    return {"rows": lines(run.manifest), "stages": run.manifest["stages"]}


def landed(store: Store, book: Book, file: Path) -> Submitted:
    """Land a file under what its header and name say."""
    surveyed = survey(file)
    known = layouts(book)
    layout = recognise(known, surveyed.header(","), file.name, None)
    shown = layout.layout.shown(layout.stream)
    found = landing.land(store, surveyed, ",", shown=shown, threads=THREADS)
    told = layout.layout.name_tells(file.name)
    return Submitted(found.sha256, layout.stream, layout.layout.id, told["provider"], told["month"])


def lines(manifest: Mapping[str, Any]) -> int:
    """Give the lines that a run took in."""
    return sum(stage["lines"] for stage in manifest["stages"]["received"])


def members(book: Book) -> list[MemberRow]:
    """The place's memberships as its book has them, open dates as far as they go."""
    own = {row["code"]: row["budget_line"] for row in book.need_table("organisations.units")}
    return [
        MemberRow(
            practice=row["code"],
            valid_from=date.fromisoformat(row["valid_from"] or "0001-01-01"),
            valid_to=date.fromisoformat(row["valid_to"] or "9999-12-31"),
            unit=row["unit"],
            budget_line=own[row["unit"]],
            commissioner=row["commissioner"],
            postcode=row["postcode"],
        )
        for row in book.need_table("organisations.practices")
    ]


def measure(folder: Path, scale: int, times: int) -> tuple[int, int, Taken, Taken]:
    """Make the files, then measure both sides: rows, megabytes, the yardstick, ours."""
    files = make_files(folder, scale)
    yardstick, ours = alternating(
        times, ("bench.pipeline", "copy", str(folder)), ("bench.pipeline", "whole", str(folder))
    )
    assert yardstick.told["rows"] == ours.told["rows"], "the two sides did not read the same rows"
    return ours.told["rows"], sum(file.stat().st_size for file in files) >> 20, yardstick, ours


def main(side: str, folder: str) -> None:
    """One side, once, in this process."""
    files = sorted(Path(folder).glob("*_*_*.csv"))
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as out:
        report(lambda: {"copy": copy, "whole": whole}[side](files, Path(out)))


if __name__ == "__main__":
    main(*sys.argv[1:])
