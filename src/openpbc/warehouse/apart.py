"""Keeps what tells who a person is apart from what is counted: two files of the same rows, in two folders.

``landed/<sha256>/rows.parquet``             ``row_id`` and the columns that analysis may see
``landed/<sha256>/unparsed.parquet``         line BIGINT, problem VARCHAR
``identity/<sha256>/<draw>/rows.parquet``    every other column; the owner alone may read it
``identity/<sha256>/<draw>/unparsed.parquet``  line BIGINT, text VARCHAR

A row's id is drawn by chance when the file lands, so it tells nothing about the person. The two parts share no value:
the rows of one lie in the order of the other's. ``landing.json`` names the draw that belongs to it. The part with
identities is put in place first and the landing after it, by one rename: whoever finds a landing finds its
identities, and a draw that no landing names counts for nothing and is removed when its file lands again.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from openpbc.kernel.problems import UserError
from openpbc.warehouse.session import Session, named, quoted
from openpbc.warehouse.store import Store

ROW_ID = "row_id"
# 63 bits of a random UUID: a whole number that every engine can hold
DRAWN = f"cast(hash(uuid()) >> 1 as bigint) as {ROW_ID}"
# Half the engine's usual group of rows: with the next group started sooner the processors wait less for each other, and
# less is held. A column with more values in a group than the dictionary takes is written out; the file is as small.
# Snappy is as quick as LZ4 here, and Spark's reader fails on some larger pages of LZ4 (parquet-java issue 3478).
_WRITTEN = "format parquet, compression snappy, row_group_size 61440, dictionary_size_limit 6000"
ROWS, UNPARSED = "rows.parquet", "unparsed.parquet"


def draw() -> str:
    """Name a set of identities by chance."""
    return secrets.token_hex(16)


def place(store: Store, sha256: str, drawn: str) -> Path:
    """Give the folder of the identities of a landed file."""
    return store.identity / sha256 / drawn


def refuse_own_name(columns: Sequence[str], name: str) -> None:
    """Refuse a file that has a column of the name under which the drawn ids are kept."""
    if ROW_ID in {column.lower() for column in columns}:
        raise UserError(
            f"the file has a column '{ROW_ID}', a name that is kept for the ids drawn here", f"{name}, line 1",
            "Ask the sender to name the column otherwise.",
        )  # fmt: skip


def kept_apart(columns: Sequence[str], shown: Collection[str] | None) -> tuple[str, ...]:
    """Give the columns that lie with the identities, in the order of the file."""
    return tuple(column for column in columns if shown is not None and column not in shown)


def write(
    session: Session, source: str, columns: Sequence[str], apart: Collection[str], folder: Path, identity: Path
) -> None:
    """Write the two parts of a file from the relation that reads it, each in the order of the file, and draw the ids.

    The source is read once for each part: that takes less than to write all columns and part them then. Where no column
    is kept apart, the ids alone lie with the identities.
    """
    identity.mkdir(mode=0o700, exist_ok=True)
    rows = folder / ROWS
    _copy(session, ", ".join([DRAWN, *(named(c) for c in columns if c not in apart)]), source, rows)
    if apart:
        _copy(session, ", ".join(named(c) for c in columns if c in apart), source, identity / ROWS)
    else:
        _copy(session, ROW_ID, f"read_parquet({quoted(rows)})", identity / ROWS)


def _copy(session: Session, columns: str, source: str, path: Path) -> None:
    session.execute(f"copy (select {columns} from {source}) to {quoted(path)} ({_WRITTEN})")


def together(store: Store, sha256: str, drawn: str, columns: Sequence[str], apart: Collection[str]) -> str:
    """Write the relation of all rows with all columns and ``file_row_number``, both parts side by side."""
    return joined(store.landed / sha256, place(store, sha256, drawn), columns, apart)


def joined(folder: Path, identity: Path, columns: Sequence[str], apart: Collection[str]) -> str:
    """Write the relation of the two parts that lie in two folders."""
    rows = f"read_parquet({quoted(folder / ROWS)}, file_row_number = true)"
    if not apart:
        return rows
    chosen = ", ".join(f"{'i' if column in apart else 'a'}.{named(column)}" for column in columns)
    return (
        f"(select a.file_row_number, {chosen} from {rows} as a inner join "
        f"read_parquet({quoted(identity / ROWS)}, file_row_number = true) as i "
        f"on i.file_row_number = a.file_row_number)"
    )


def clear(store: Store, sha256: str, counts: str) -> None:
    """Remove the draws of a landed file that its landing does not name: left by a crash, or by a landing that lost."""
    for path in sorted((store.identity / sha256).glob("*")):
        if path.name != counts:
            shutil.rmtree(path, ignore_errors=True)
