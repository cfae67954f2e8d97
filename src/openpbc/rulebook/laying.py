"""Lays a table of one's own over a shipped one: pack file and CSV, in the installation's own rulebook folder.

The CSV is named by its checksum and lies there first; renaming the pack file that names it is the one moment of change.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook import files as pack_files
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Status


@dataclass(frozen=True)
class Laid:
    """A table to lay: pack file and CSV inside the packs, and the checksum before (empty: none) and after.

    ``already`` says that the pack says all of it, so that nothing is to change.
    """

    pack: str
    table: str
    before: str
    after: str
    already: bool = False


@dataclass(frozen=True)
class Origin:
    """Where the rows of a table come from, and how firm they are."""

    document: str
    section: str
    mark: str
    status: Status
    note: str = ""


@dataclass(frozen=True)
class Laying:
    """A table whose files lie ready; nobody reads its rows before ``put``, which renames one file."""

    laid: Laid
    ready: Path
    pack: Path
    former: Path | None = None

    def put(self) -> None:
        """Bring the table into force: from this moment every reader takes it whole, and none did before."""
        if self.laid.already:
            return
        with _told(self.pack):
            self.ready.replace(self.pack)
            if self.former is not None:
                self.former.unlink(missing_ok=True)


@contextlib.contextmanager
def laying(
    book: Book,
    subject: str,
    year: FinancialYear,
    rows: Sequence[Mapping[str, str]],
    origin: Origin,
    overlay: Path | None,
) -> Iterator[Laying]:
    """Make a subject's rows of one year ready for the overlay; what the subject says of other years stays.

    Until the end nobody else lays a table. What was made ready and not put leaves nothing behind.
    """
    if overlay is None:
        raise UserError(
            "this installation has no rulebook folder of its own",
            do="Name one in OPENPBC_RULEBOOK, then load again.",
        )
    known = book.subjects.get(subject)
    if known is None:
        raise UserError(f"no pack of {book.place.id} has the subject {subject}", where=book.place.path)
    with _one_at_a_time(overlay):
        at = overlay / known.file.path
        body = dict(pack_files.parse(pack_files.read(known.file.path, at if at.is_file() else known.file.location)))
        content = _csv(rows)
        made = _laid(body, known.file.path, str(year), content, origin)
        csv_file, ready = overlay / made.table, at.with_name(f".{at.name}.{os.getpid()}.new")
        if made.already:
            yield Laying(made, ready, at)
            return
        former = _former(body, known.file.path, str(year), overlay)
        body["tables"] = body["tables"] | {str(year): _entry(csv_file.name, made.after, origin)}
        fresh = not csv_file.exists()
        try:
            _write(csv_file, content)
            _write(ready, yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=118).encode("utf-8"))
            yield Laying(made, ready, at, None if former == csv_file else former)
        finally:
            if ready.exists():  # it was not put
                ready.unlink()
                if fresh:
                    csv_file.unlink(missing_ok=True)


def _laid(body: dict[str, Any], pack: str, year: str, content: bytes, origin: Origin) -> Laid:
    """Say what laying the rows changes; a year whose entries are dated is not for a list to overwrite."""
    body["tables"] = dict(body.get("tables") or {})
    held = body["tables"].get(year)
    if isinstance(held, list):
        raise UserError(
            f"{body['id']} has {len(held)} entries for {year} by the day each became known; a list would drop them",
            where=pack,
            do="Add the new entry with its known_from by hand.",
        )
    before, after = held or {}, pack_files.checksum(content)
    name = f"{Path(pack).stem}-{after[:12]}.csv"
    already = {**before, "file": name} == _entry(name, after, origin)
    table = str(before["file"]) if already else name
    return Laid(pack, f"{Path(pack).parent}/{table}", str(before.get("sha256", "")), after, already)


def _former(body: Mapping[str, Any], pack: str, year: str, overlay: Path) -> Path | None:
    """Give the CSV that was laid for the year before, unless an entry of another year names it too."""
    name = {key: str(held["file"]) for key, held in body["tables"].items() if isinstance(held, dict) and "file" in held}
    own = name.pop(year, "")
    laid = re.fullmatch(re.escape(Path(pack).stem) + r"-[0-9a-f]{12}\.csv", own)
    return (overlay / pack).with_name(own) if laid and own not in name.values() else None


@contextlib.contextmanager
def _one_at_a_time(overlay: Path) -> Iterator[None]:
    """Hold the rulebook folder's lock, so that two who lay tables go one after the other."""
    with contextlib.ExitStack() as held:
        with _told(overlay):
            overlay.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context((overlay / ".laying.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _entry(name: str, sha256: str, origin: Origin) -> dict[str, Any]:
    source = {"document": origin.document, "section": origin.section, "mark": origin.mark}
    note = {"note": origin.note} if origin.note else {}
    return {"status": origin.status.value, "source": source, **note, "file": name, "sha256": sha256}


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows([[row.get(name, "") for name in columns] for row in rows])
    return out.getvalue().encode("utf-8")


def _write(path: Path, content: bytes) -> None:
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence."""
    try:
        yield
    except OSError as error:
        raise UserError(f"the rulebook folder cannot be written ({error.strerror})", where=str(path)) from error
