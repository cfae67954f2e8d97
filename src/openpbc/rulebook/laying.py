"""Lays a table of one's own over a shipped one: pack file and CSV, in the installation's own rulebook folder."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
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
    """A table that was laid: pack file and CSV inside the packs, and the checksum before (empty: none) and after."""

    pack: str
    table: str
    before: str
    after: str


@dataclass(frozen=True)
class Origin:
    """Where the rows of a table come from, and how firm they are."""

    document: str
    section: str
    mark: str
    status: Status
    note: str = ""


def lay_table(
    book: Book,
    subject: str,
    year: FinancialYear,
    rows: Sequence[Mapping[str, str]],
    origin: Origin,
    overlay: Path | None,
) -> Laid:
    """Write a subject's rows of one year into the overlay; what the subject says of other years stays."""
    if overlay is None:
        raise UserError(
            "this installation has no rulebook folder of its own",
            do="Name one in OPENPBC_RULEBOOK, then load again.",
        )
    known = book.subjects.get(subject)
    if known is None:
        raise UserError(f"no pack of {book.place.id} has the subject {subject}", where=book.place.path)
    body = dict(pack_files.parse(known.file))
    entries = dict(body.get("tables") or {})
    held = entries.get(str(year))
    before = held if isinstance(held, dict) else {}
    pack = known.file.path
    named = str(before.get("file") or _free_name(pack, str(year), entries))
    content = _csv(rows)
    after = pack_files.checksum(content)
    entries[str(year)] = _entry(named, after, origin)
    body["tables"] = entries
    folder = overlay / Path(pack).parent
    text = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=118)
    _replace(folder / named, content)
    _replace(overlay / pack, text.encode("utf-8"))
    return Laid(pack, f"{Path(pack).parent}/{named}", str(before.get("sha256", "")), after)


def _free_name(pack: str, year: str, entries: Mapping[str, Any]) -> str:
    """Name the CSV after its subject, and after its year too where another year has that name."""
    stem = Path(pack).stem
    taken = {str(one.get("file")) for held in entries.values() for one in (held if isinstance(held, list) else [held])}
    return f"{stem}-{year}.csv" if f"{stem}.csv" in taken else f"{stem}.csv"


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


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename, so that nobody reads half a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise UserError(f"the rulebook folder cannot be written ({error.strerror})", where=str(path)) from error
