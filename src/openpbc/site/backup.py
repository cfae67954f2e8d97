"""Backing up an installation, and restoring it on an empty one; a restored chain and warehouse are proven, not assumed.

A rulebook that lies in the home is part of it: without it the same database would be read by other rules. One that
``OPENPBC_RULEBOOK`` names elsewhere is not. The secret key is not in a backup: whoever holds a backup cannot sign a
session, and after restoring everybody signs in again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from openpbc.audit import reads as audit
from openpbc.audit.chain import FIELDS, Head, verify
from openpbc.kernel.problems import UserError
from openpbc.site import archive, portable
from openpbc.site.archive import PORTABLE, SNAPSHOT, Facts, Member
from openpbc.site.database import migrate_database
from openpbc.site.home import DATABASE, RULEBOOK
from openpbc.warehouse import runs
from openpbc.warehouse.store import Store

WAREHOUSE = "warehouse"


@dataclass(frozen=True)
class BackedUp:
    """A backup just made: how many files, the head of the audit chain in it, and the hash of its manifest."""

    path: Path
    files: int
    head: str
    manifest: str


@dataclass(frozen=True)
class Restored:
    """What was restored and proven: events of the chain, runs compared with their manifests, and what was moved."""

    events: int
    head: str
    runs: int
    moved_to: Path | None


def back_up(target: Path, *, as_rows: bool = False) -> BackedUp:
    """Back up database, warehouse and the home's rulebook into one file, while the site runs.

    The database is copied at one moment; the folders after it, so that every file that the copy names is there.
    SQLite is kept as it is, PostgreSQL (or any, ``as_rows``) as portable rows.
    """
    if target.exists():
        raise UserError("the file exists already", str(target), "Choose another name.")
    if not target.parent.is_dir():
        raise UserError("the folder does not exist", str(target.parent), "Make it first.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".openpbc-backup-") as folder:
        database = _copy_database(Path(folder), as_rows)
        head = _head_of(database.path) if database.name == SNAPSHOT else audit.head()
        facts = {
            "product": f"openpbc {version('openpbc')}",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "chain_head": str(head),
            "migrations": portable.migrations(),
        }
        members = [database, *_files(settings.HOME / WAREHOUSE), *_files(settings.HOME / RULEBOOK)]
        manifest = archive.write(target, members, facts)
    return BackedUp(target, len(members), str(head), manifest)


def _copy_database(folder: Path, as_rows: bool) -> Member:
    if as_rows or connection.vendor != "sqlite":
        portable.dump(folder / PORTABLE)
        return Member(PORTABLE, folder / PORTABLE)
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(folder / SNAPSHOT)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return Member(SNAPSHOT, folder / SNAPSHOT)


def _files(root: Path) -> list[Member]:
    """The files of a folder without hidden ones: drafts of the warehouse, or files of the tools that keep a book."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())
    names = ((path.relative_to(root.parent), path) for path in found)
    return [Member(name.as_posix(), path) for name, path in names if not any(part[0] == "." for part in name.parts)]


def restore(source: Path, *, force: bool = False, expected: str = "") -> Restored:
    """Restore a backup into the home folder; refuses a changed archive, and a home that holds something.

    With ``force`` what the home holds is moved aside, not removed. Everything is taken out and proven beside the home
    before the first file is moved.
    """
    if not source.is_file():
        raise UserError("there is no such file", str(source))
    home: Path = settings.HOME
    home.mkdir(parents=True, exist_ok=True, mode=0o750)
    _refuse_full_home(home, force)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restoring-") as name:
        folder = Path(name)
        facts = archive.extract(source, folder, expected)
        proven_runs = _prove_warehouse(folder)
        if (folder / SNAPSHOT).exists():
            moved, events = _restore_snapshot(folder, home, facts)
        else:
            moved, events = _restore_rows(folder, home, facts)
    return Restored(events, facts["chain_head"], proven_runs, moved)


def _refuse_full_home(home: Path, force: bool) -> None:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        full = (home / DATABASE).exists() or any((home / WAREHOUSE).glob("*/*"))
        if full and not force:
            raise UserError("the home is not empty", str(home), "Give --force to move what it holds aside.")


def _prove_warehouse(folder: Path) -> int:
    store = Store(folder / WAREHOUSE)
    for run_id in runs.listed(store):
        if problems := runs.verify(store, run_id):
            raise UserError(f"run {run_id}: {problems[0]}", do="Nothing was restored; use another backup.")
    return len(runs.listed(store))


def _restore_snapshot(folder: Path, home: Path, facts: Facts) -> tuple[Path | None, int]:
    if connection.vendor != "sqlite":
        raise UserError(
            "this backup is a copy of an SQLite database",
            do="Restore it without DATABASE_URL, back it up again with --as-rows, and restore that here.",
        )
    events = _prove_snapshot(folder / SNAPSHOT, facts)
    connections.close_all()
    moved = _move_aside(home, (*_database_files(home), home / WAREHOUSE, *_other_rulebook(folder, home)))
    _move_folders(folder, home)
    os.replace(folder / SNAPSHOT, home / DATABASE)  # last: a home with a database is complete
    return moved, events


def _restore_rows(folder: Path, home: Path, facts: Facts) -> tuple[Path | None, int]:
    if not (folder / PORTABLE).exists():
        raise UserError("the archive holds no database", do="Use another backup.")
    moved = None
    if connection.vendor == "sqlite":
        connections.close_all()
        moved = _move_aside(home, (*_database_files(home), home / WAREHOUSE, *_other_rulebook(folder, home)))
    migrate_database()
    if not portable.is_empty():
        raise UserError("the database is not empty", "DATABASE_URL", "Restore into an empty one.")
    if portable.migrations() != facts["migrations"]:
        raise UserError(
            "the backup is of another version", do="Restore it with the version that made it, then migrate."
        )
    portable.load(folder / PORTABLE)
    verdict = audit.verify()
    if not verdict.intact or str(verdict.head) != facts["chain_head"]:
        raise UserError(f"the audit chain is broken: {verdict.problem}", do="Use another backup.")
    moved = moved or _move_aside(home, _other_rulebook(folder, home))
    _move_folders(folder, home)
    return moved, verdict.events


def _prove_snapshot(path: Path, facts: Facts) -> int:
    """Check the copied database itself and its audit chain, with nothing but the standard library's SQLite."""
    names = (*FIELDS, "previous_hash", "hash")
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            whole = copy.execute("PRAGMA integrity_check").fetchone()[0]
            rows = copy.execute(f"SELECT {', '.join(names)} FROM audit_auditevent ORDER BY sequence")
            verdict = verify((dict(zip(names, row, strict=True)) for row in rows), _head_of(path))
    except sqlite3.DatabaseError as problem:
        raise UserError(f"the database in the archive cannot be read ({problem})") from problem
    if whole != "ok":
        raise UserError(f"the database in the archive is damaged ({whole[:100]})", do="Use another backup.")
    if not verdict.intact or str(verdict.head) != facts["chain_head"]:
        raise UserError(f"the audit chain is broken: {verdict.problem or 'another head'}", do="Use another backup.")
    return verdict.events


def _head_of(path: Path) -> Head:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        row = copy.execute("SELECT sequence, hash FROM audit_chainhead WHERE id = 1").fetchone()
    return Head(*row) if row else Head()


def _move_aside(home: Path, occupying: Iterable[Path]) -> Path | None:
    """Move what occupies a home into a folder of the moment inside it."""
    present = [path for path in occupying if path.exists()]
    if not present:
        return None
    aside = home / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    aside.mkdir(mode=0o750)
    for path in present:
        path.rename(aside / path.name)
    return aside


def _database_files(home: Path) -> tuple[Path, ...]:
    return tuple(home / f"{DATABASE}{ending}" for ending in ("", "-wal", "-shm", "-journal"))


def _other_rulebook(folder: Path, home: Path) -> tuple[Path, ...]:
    """The home's rulebook where the archive brings its own: two books are never mixed."""
    return (home / RULEBOOK,) if (folder / RULEBOOK).exists() else ()


def _move_folders(folder: Path, home: Path) -> None:
    (folder / WAREHOUSE).mkdir(exist_ok=True)
    for path in (folder / WAREHOUSE).rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    if (home / WAREHOUSE).exists():
        shutil.copytree(folder / WAREHOUSE, home / WAREHOUSE, dirs_exist_ok=True)
    else:
        (folder / WAREHOUSE).rename(home / WAREHOUSE)
    if (folder / RULEBOOK).exists():
        (folder / RULEBOOK).rename(home / RULEBOOK)
