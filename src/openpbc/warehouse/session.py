"""One embedded engine per process: in memory, over immutable Parquet, with every setting said aloud.

Other rooms see only this class; the engine behind it is imported in this package alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files as package_files
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

ENGINE = f"duckdb {duckdb.__version__}"
# What the engine raises on text that it cannot read as columns, on files that it cannot read or write, and when what it
# must hold at once is more than its limit, with all else spilled.
UnreadableText = (duckdb.InvalidInputException, duckdb.ConversionException)
StorageError = duckdb.IOException
MemoryShort = duckdb.OutOfMemoryException

Row = tuple[Any, ...]


def quoted(text: str | Path) -> str:
    """Write text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(identifier: str) -> str:
    """Write text as a quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


class Session:
    """An in-memory engine with explicit threads, memory and spill folder, and the kernel's macros.

    ``ordered`` keeps the order of the input through a statement without ORDER BY; only landing needs it. Everything
    that is published has an ORDER BY, so its bytes do not depend on any of these settings.
    """

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory_limit: str = "2GB",
        temp_directory: Path | None = None,
        ordered: bool = False,
        macros: bool = True,
    ) -> None:
        """Start the engine; ``threads`` is the number of processors unless said, no spill folder means no spilling."""
        if temp_directory is not None:  # the engine makes the folder itself, but none above it
            temp_directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = duckdb.connect(":memory:")
        settings = {
            "threads": str(threads or os.cpu_count() or 1),
            "memory_limit": quoted(memory_limit),
            "temp_directory": quoted(temp_directory or ""),
            "preserve_insertion_order": "true" if ordered else "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_progress_bar": "false",
        }
        for name, value in settings.items():
            self._engine.execute(f"set {name} = {value}")
        if macros:
            self.script("openpbc.warehouse", "macros.sql")

    def __enter__(self) -> Session:
        """Give the session itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the engine."""
        self.close()

    def close(self) -> None:
        """Stop the engine and free its memory."""
        self._engine.close()

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run one statement; its ``$name`` parameters come from the mapping."""
        self._engine.execute(sql, dict(parameters)) if parameters else self._engine.execute(sql)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one query and give all its rows."""
        self.execute(sql, parameters)
        return self._engine.fetchall()

    def row(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Row:
        """Run a query that gives exactly one row."""
        (only,) = self.rows(sql, parameters)
        return only

    def number(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run a query that gives one whole number; an empty sum counts as nought."""
        return int(self.row(sql, parameters)[0] or 0)

    def records(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one query and give its rows as mappings of column to value."""
        self.execute(sql, parameters)
        names = [column[0] for column in self._engine.description or []]
        return [dict(zip(names, row, strict=True)) for row in self._engine.fetchall()]

    def script(self, package: str, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run every statement of a package's ``.sql`` file; each takes of the parameters those that it names."""
        for statement in self._engine.extract_statements(statement_text(package, name)):
            wanted = {key: value for key, value in (parameters or {}).items() if key in statement.named_parameters}
            self._engine.execute(statement, wanted) if wanted else self._engine.execute(statement)

    def table(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Make a small table from Python rows; ``columns`` maps names to SQL types, in order."""
        held = list(rows)
        parameters = {f"c{at}": [row[at] for row in held] for at in range(len(columns))}
        chosen = ", ".join(
            f"unnest(cast($c{at} as {kind}[])) as {named(column)}" for at, (column, kind) in enumerate(columns.items())
        )
        self._engine.execute(f"create or replace table {named(name)} as select {chosen}", parameters)

    def columns(self, relation: str) -> dict[str, str]:
        """Give the columns of a table or view with their types."""
        self.execute(f"describe {relation}")
        return {row[0]: row[1] for row in self._engine.fetchall()}

    def write(self, relation: str, path: Path, order_by: str) -> None:
        """Write a table, view or bracketed query as Parquet in a total order, so that the bytes are always the same."""
        self._engine.execute(
            f"copy (select * from {relation} order by {order_by}) to {quoted(path)} (format parquet, compression zstd)"
        )


class BriefSession(Session):
    """A session for a question about few records, on an engine that stays up for the process, one thread, no spilling.

    To start an engine takes longer than such a question. What a session makes lies in a catalogue of its own, which
    goes when it closes, so sessions at the same time know nothing of each other.
    """

    def __init__(self) -> None:
        """Join the process's engine; another process that was forked off starts its own."""
        standing = _STANDING.get(os.getpid())
        if standing is None:
            standing = _STANDING.setdefault(os.getpid(), _started())
        self._engine = standing._engine.cursor()
        self._own = f"own_{next(_NUMBERS)}"
        self.execute(f"attach ':memory:' as {self._own}")
        self.execute(f"set search_path = '{self._own}.main,memory.main'")

    def close(self) -> None:
        """Forget all that the session made."""
        self.execute("use memory")
        self.execute(f"detach {self._own}")
        super().close()


_STANDING: dict[int, Session] = {}
_NUMBERS = count()


def _started() -> Session:
    """Start an engine that keeps nothing of the files that it read: each question reads what is there then."""
    session = Session(threads=1)
    session.execute("set enable_external_file_cache = false")
    return session


def statement_text(package: str, name: str) -> str:
    """Read a ``.sql`` file that lies in a package."""
    return package_files(package).joinpath(name).read_text(encoding="utf-8")
