"""Which engine runs a month's statements, and how much of the machine it may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openpbc.warehouse import session
from openpbc.warehouse.session import Session

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)


@dataclass(frozen=True)
class Engine:
    """An engine and its share of the machine, none of which may show in a figure.

    No ``name`` leaves the choice to whoever runs it, DuckDB in the end. ``memory`` is what it may hold before it spills
    to disk; ``master`` is the address of a Spark cluster, empty for Spark within this process.
    """

    name: str = ""
    threads: int | None = None
    memory: str = "2GB"
    master: str = ""

    @property
    def version(self) -> str:
        """Its name and version, as a run's manifest has them."""
        if self.name == SPARK:
            from openpbc.warehouse import spark  # with its translator, which most starts never need

            return spark.version()
        return session.ENGINE

    def open(self, spill: Path) -> Session:
        """Start a session that may spill into a folder."""
        if self.name == SPARK:
            from openpbc.warehouse import spark

            return spark.SparkSession(
                threads=self.threads, memory_limit=self.memory, temp_directory=spill, master=self.master
            )
        return Session(threads=self.threads, memory_limit=self.memory, temp_directory=spill)


USUAL = Engine()


def name_of(version: str) -> str:
    """Give the engine's name out of what a manifest says of it."""
    return version.split(maxsplit=1)[0]
