"""PERF-3: closing the twelfth month of a year against closing the first, a row for a row.

Each is computed again right after it was closed, when only the months up to it are there: what lies before a month must
not make it dearer.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbc.kernel.money import PPM

PLACE = "west-herts-2008"
MOST = 1.3


@dataclass(frozen=True)
class Month:
    """A month: its name, lines received, and the seconds of receiving and closing it and of computing it again."""

    name: str
    rows: int
    received: float
    closed: float
    again: float

    @property
    def a_million(self) -> float:
        """Seconds of computing a million of its lines."""
        return self.again / self.rows * 1_000_000


def measure(percent: int, times: int) -> list[Month]:
    """Receive and close a SYNTHETIC year of so many hundredths of its true size, in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as home:
        os.environ["OPENPBC_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        return _measure(Path(home), percent, times)


def _measure(home: Path, percent: int, times: int) -> list[Month]:
    from openpbc.site.cli import django_setup

    django_setup()
    from openpbc.contracts import actions as contracts
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations
    from openpbc.rulebook.reader import open_book
    from openpbc.site.commands.serve import migrate_database
    from openpbc.synth.making import Order, make

    migrate_database()
    organisations.load_place(by=SYSTEM, place=PLACE)
    contracts.load_register(by=SYSTEM, place=PLACE)
    book = open_book(PLACE)
    months = book.place.year.months
    order = Order(months[0], months[-1], seed=1, scale_ppm=percent * PPM // 100)
    folder = make(book, order, home / "files", told=lambda *_: None).folder
    return [_month(folder, month, times) for month in months]


def _month(folder: Path, month: Any, times: int) -> Month:
    from openpbc.activity import actions as activity
    from openpbc.kernel.actor import SYSTEM
    from openpbc.monitoring import actions, reads

    def receive() -> None:
        for path in sorted(folder.glob(f"*_{month}_*.csv")):
            activity.receive(by=SYSTEM, place=PLACE, path=path)

    def close(again: bool = False) -> None:
        actions.close(by=SYSTEM, place=PLACE, month=month, again=again)

    received, closed = _seconds(receive), _seconds(close)
    again = statistics.median(_seconds(lambda: close(again=True)) for _ in range(times))
    rows = sum(stage.received for stage in reads.conservation(PLACE, month).stages)
    return Month(month.name, rows, received, closed, again)


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def page(percent: int = 100, times: int = 3) -> list[str]:
    """Measure, and tell it for the page."""
    months = measure(percent, times)
    first, last = months[0], months[-1]
    ratio = last.a_million / first.a_million
    return [
        f"A SYNTHETIC year at {percent} % of its true size; computed again: median of {times}, right after the close.",
        "",
        "| month | lines | receive | close | compute again | again, a million lines |",
        "|---|---|---|---|---|---|",
        *(
            f"| {each.name} | {each.rows:,} | {each.received:.2f} s | {each.closed:.2f} s | {each.again:.2f} s | "
            f"{each.a_million:.1f} s |"
            for each in months
        ),
        "",
        f"{last.name} against {first.name}, a line for a line: {ratio:.2f}; the goal is {MOST}: "
        f"{'met' if ratio <= MOST else '**not met**'}.",
    ]
