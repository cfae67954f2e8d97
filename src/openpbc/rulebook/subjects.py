"""One subject of the law book: its meaning, unit, and its entries by year and by the day they became known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpbc.kernel.citations import MARKS, Citation
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook.files import PackFile, parse
from openpbc.rulebook.values import UNITS, NotSet, Status, Table, Value

ALWAYS = "always"
_EARLIEST = date(1900, 1, 1)
_PART_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True)
class Entry:
    """What a subject says for one year, as known from one day on."""

    year: str
    known_from: date
    status: Status
    citation: Citation
    body: Mapping[str, Any]
    note: str

    @property
    def became_known(self) -> date | None:
        """The day on which it became known; none where the pack does not say."""
        return None if self.known_from == _EARLIEST else self.known_from


@dataclass(frozen=True)
class Subject:
    """A parsed pack file with its entries."""

    id: str
    kind: str
    meaning: str
    unit: str
    entries: tuple[Entry, ...]
    file: PackFile
    body: Mapping[str, Any]

    def entry(self, year: FinancialYear, known_on: date | None) -> Entry | None:
        """Choose the entry for a year (never the nearest one; ``always`` only where the year has none of its own)."""
        for key in (str(year), ALWAYS):
            known = [e for e in self.entries if e.year == key and (known_on is None or e.known_from <= known_on)]
            if known:
                return max(known, key=lambda entry: entry.known_from)
        return None


def read_subject(file: PackFile) -> Subject:
    """Read a pack file as a subject; refuse one without id, meaning, unit, or an entry without status and source."""
    body = parse(file)
    for name in ("id", "meaning"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise UserError(f"the subject has no {name}", where=file.path, do=f"Write a line '{name}: ...'.")
    kind = str(body.get("kind", "table" if "tables" in body else "value"))
    unit = str(body.get("unit", kind if kind != "value" else ""))
    if unit not in UNITS:
        raise UserError(f"'{unit}' is not a unit", where=file.path, do=f"Use one of {', '.join(sorted(UNITS))}.")
    years = body.get("tables" if kind == "table" else "values", {}) or {}
    if kind in ("words", "layout"):
        years = {ALWAYS: {key: body[key] for key in ("status", "source", "known_from") if key in body}}
    entries = tuple(_entry(year, raw, file) for year, raw in _flat(years, file))
    if not entries:
        raise UserError("the subject has no entry for any year", where=file.path, do="Write one, if only 'not set'.")
    return Subject(body["id"], kind, body["meaning"], unit, entries, file, body)


def _flat(years: Any, file: PackFile) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(years, dict):
        raise UserError("entries must be keyed by financial year", where=file.path)
    pairs: list[tuple[str, Mapping[str, Any]]] = []
    for year, raw in years.items():
        key = str(year)
        if key != ALWAYS:
            _check_year(key, file)
        for one in raw if isinstance(raw, list) else [raw]:
            if not isinstance(one, dict):
                raise UserError(f"the entry for {key} must be a mapping", where=file.path)
            pairs.append((key, one))
    return pairs


def _check_year(key: str, file: PackFile) -> None:
    try:
        FinancialYear.parse(key)
    except UserError as error:
        raise UserError(error.what, where=file.path, do=error.do) from error


def _entry(year: str, raw: Mapping[str, Any], file: PackFile) -> Entry:
    where = f"{file.path} ({year})"
    try:
        status = Status(str(raw.get("status", "")))
    except ValueError as error:
        statuses = ", ".join(Status)
        raise UserError("the entry has no status", where=where, do=f"Use one of {statuses}.") from error
    citation = _citation(raw.get("source"), where) if status is not Status.NOT_SET or "source" in raw else Citation("")
    return Entry(year, _known_from(raw.get("known_from"), where), status, citation, raw, str(raw.get("note", "")))


def _citation(source: Any, where: str) -> Citation:
    if not isinstance(source, dict) or not source.get("document"):
        raise UserError("the entry has no source", where=where, do="Name document, section and evidence mark.")
    mark = str(source.get("mark", "S"))
    if mark not in MARKS:
        raise UserError(f"'{mark}' is not an evidence mark", where=where, do=f"Use one of {', '.join(MARKS)}.")
    return Citation(str(source["document"]), str(source.get("section", "")), mark)


def _known_from(raw: Any, where: str) -> date:
    if raw is None:
        return _EARLIEST
    if isinstance(raw, date):
        return raw
    match = _PART_DATE.fullmatch(str(raw))
    if not match:
        raise UserError(f"'{raw}' is not a date", where=where, do="Write known_from as YYYY-MM-DD.")
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError as error:
        raise UserError(f"'{raw}' is not a date", where=where, do="Write known_from as YYYY-MM-DD.") from error


def not_set(subject: Subject, year: FinancialYear, note: str = "") -> NotSet:
    """Say that the subject has no value for the year, and in which file it would stand."""
    return NotSet(subject.id, subject.meaning, year.label, subject.file.path, note)


def value_of(subject: Subject, entry: Entry, year: FinancialYear) -> Value | NotSet:
    """Give the entry's value; numbers must be written as text so that none was ever a binary float."""
    raw = entry.body.get("value")
    if entry.status is Status.NOT_SET or raw is None:
        return not_set(subject, year, entry.note)
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    return Value(
        subject.id, str(raw), subject.unit, entry.status, subject.meaning, entry.citation, entry.became_known,
        entry.year, subject.file.path, entry.note,
    )  # fmt: skip


def table_of(subject: Subject, entry: Entry, year: FinancialYear, files: Mapping[str, PackFile]) -> Table | NotSet:
    """Give the entry's table: inline rows, or the CSV beside the file after its checksum is verified."""
    if entry.status is Status.NOT_SET:
        return not_set(subject, year, entry.note)
    if "rows" in entry.body:
        rows = tuple({str(k): _cell(v, subject) for k, v in row.items()} for row in entry.body["rows"])
        columns = tuple(dict.fromkeys(name for row in rows for name in row))
        rows = tuple({name: row.get(name, "") for name in columns} for row in rows)
    else:
        columns, rows = _sealed_rows(subject, entry, files)
    return Table(
        subject.id, columns, rows, entry.status, subject.meaning, entry.citation, entry.became_known,
        entry.year, subject.file.path, entry.note,
    )  # fmt: skip


def _cell(raw: Any, subject: Subject) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, (str, int, date)):
        return str(raw)
    raise UserError("a cell must be text or a whole number", where=subject.file.path)


def sealed_file(subject: Subject, entry: Entry, files: Mapping[str, PackFile]) -> PackFile:
    """Find the CSV that an entry names beside its own file, and check its checksum."""
    name = entry.body.get("file")
    path = f"{subject.file.path.rpartition('/')[0]}/{name}"
    if not name or path not in files:
        raise UserError(f"the table's file '{name}' is not there", where=subject.file.path)
    if files[path].sha256 != entry.body.get("sha256"):
        raise UserError(
            "the checksum does not fit the table's file",
            where=path,
            do=f"If the change is meant, run 'openpbc rulebook seal {subject.file.path}'.",
        )
    return files[path]


def _sealed_rows(
    subject: Subject, entry: Entry, files: Mapping[str, PackFile]
) -> tuple[tuple[str, ...], tuple[dict[str, str], ...]]:
    file = sealed_file(subject, entry, files)
    lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""), strict=True)
    header = tuple(name.strip() for name in next(lines, ()))
    if len(set(header)) != len(header) or not header:
        raise UserError("the header is empty or names a column twice", where=file.path)
    rows = []
    for number, cells in enumerate(lines, start=1):
        if len(cells) != len(header):
            raise UserError(f"row {number} has {len(cells)} cells, the header {len(header)}", where=file.path)
        rows.append(dict(zip(header, (cell.strip() for cell in cells), strict=True)))
    return header, tuple(rows)
