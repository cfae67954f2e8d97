"""Fails one write of an operation after the other: a statement of the database, a file, a table of the engine."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from openpbc.warehouse.session import Session, StorageError

FILES = {"os.mkdir", "os.rename"}
WRITING = os.O_WRONLY | os.O_RDWR
TEMPORARY = re.compile(r"(?<=\btmp)\w{8}|(?<=SAVEPOINT \")\w+")  # names that differ from try to try


class Points:
    """The writes of an operation that already failed once; each try fails the first that has not, named in ``at``.

    A write is known by what it does and by how often that was done before in the same try, since what one try leaves
    behind (a folder, say) the next need not write again.
    """

    def __init__(self) -> None:
        self.failed: set[tuple[str, int]] = set()
        self.seen: Counter[str] = Counter()
        self.at = ""

    def begin(self) -> None:
        """Begin another try."""
        self.seen.clear()
        self.at = ""

    def passes(self, what: str, error: Callable[[], Exception]) -> None:
        """See one write, and fail it if it is the first that never failed."""
        what = TEMPORARY.sub("*", what)
        self.seen[what] += 1
        point = (what, self.seen[what])
        if not self.at and point not in self.failed:
            self.failed.add(point)
            self.at = f"{what} ({point[1]})"
            raise error()


_watched: list[tuple[Path, Points]] = []


def _hook(event: str, given: tuple[Any, ...]) -> None:
    """See each file that Python opens, makes or moves; there is no way to take such a hook away again."""
    if not _watched or not (event in FILES or event == "open"):
        return
    root, points = _watched[-1]
    if event == "open" and not (isinstance(given[2], int) and given[2] & WRITING):
        return
    if event == "os.mkdir" and os.path.isdir(given[0]):  # it is there already, so nothing is written
        return
    if isinstance(given[0], str | os.PathLike) and root in Path(given[0]).parents:
        points.passes(f"{event} {Path(given[0]).name}", lambda: OSError(errno.ENOSPC, "No space left on device"))


sys.addaudithook(_hook)


@contextmanager
def failing(points: Points, root: Path) -> Iterator[None]:
    """Let one more write below ``root``, or in the database, fail as a full disk would make it."""
    points.begin()
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        stack.enter_context(connection.execute_wrapper(_statements(points)))
        _watch_commits(patch, points)
        _watch_engine(patch, points)
        _watched.append((root, points))
        stack.callback(_watched.pop)
        yield


def _statements(points: Points) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        points.passes(f"database {sql[:60]}", lambda: OperationalError("database or disk is full"))
        return execute(sql, params, many, context)

    return wrapper


def _watch_commits(patch: pytest.MonkeyPatch, points: Points) -> None:
    commit = connection._commit

    def committed() -> Any:
        points.passes("database COMMIT", lambda: OperationalError("database or disk is full"))
        return commit()

    patch.setattr(connection, "_commit", committed)


def _watch_engine(patch: pytest.MonkeyPatch, points: Points) -> None:
    execute, write = Session.execute, Session.write

    def full() -> Exception:
        return StorageError("IO Error: Could not write file: No space left on device")

    def executed(session: Session, sql: str, *given: Any, **named: Any) -> None:
        if "copy" in sql.lower().split():
            points.passes(f"engine {sql[:60]}", full)
        execute(session, sql, *given, **named)

    def written(session: Session, relation: str, path: Path, *given: Any, **named: Any) -> None:
        points.passes(f"engine writes {path.name}", full)
        write(session, relation, path, *given, **named)

    patch.setattr(Session, "execute", executed)
    patch.setattr(Session, "write", written)
