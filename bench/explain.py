"""PERF-5: explaining one price, against the least that any answer about a record must do.

The yardstick opens the engine and reads the one stored row of the record from the month's run. Explaining does that
too, reads the record's own rows, runs the law on them again, and compares; it must stay within 50 ms.
"""

from __future__ import annotations

import os
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import median_ms
from openpbc.kernel.periods import Month

MOST_MS = 50
RECORDS = 40


@dataclass(frozen=True)
class Explaining:
    """Median and 95th percentile in milliseconds, of the yardstick and of ours, over a month of so many records."""

    records: int
    yardstick: tuple[float, float]
    ours: tuple[float, float]


def measure() -> Explaining:
    """Close one month at true size in a home of its own, then explain records of it drawn with a fixed seed."""
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as home:
        os.environ["OPENPBC_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        return _measure(Path(home))


def _measure(home: Path) -> Explaining:
    from openpbc.site.cli import django_setup

    django_setup()
    from openpbc.activity import reads
    from openpbc.kernel.actor import SYSTEM
    from openpbc.monitoring.reads.months import run_id
    from openpbc.site.commands.serve import migrate_database
    from openpbc.site.demo import Wanted, prepare
    from openpbc.warehouse.session import Session

    migrate_database()
    shown = prepare(home, SYSTEM, Wanted(months=1), lambda *_: None)
    place, months = next(iter(shown.closed.items()))
    run = run_id(place, Month.parse(months[0]))  # a home has more runs than the month's: what was checked before it
    rows = f"read_parquet('{home / 'warehouse' / 'runs' / run / 'priced.parquet'}')"
    with Session() as session:
        keys = session.records(f"select stream, file, line from {rows} where status = 'PRICED' order by all")
    drawn = random.Random(1).sample(keys, RECORDS)
    turn = iter(drawn * 10)

    def yardstick() -> None:
        key = next(turn)
        with Session() as session:
            session.records(f"select * from {rows} where stream = $stream and file = $file and line = $line", key)

    def ours() -> None:
        key = next(turn)
        reads.explain(f"price/{place}/{months[0]}/{key['stream']}/{key['file']}/{key['line']}")

    return Explaining(len(keys), median_ms(yardstick, RECORDS), median_ms(ours, RECORDS))
