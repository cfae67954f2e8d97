"""Checks every pack file, shipped or a user's own: each fault is a finding with a sentence that says what to mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook import files as pack_files
from openpbc.rulebook import reader
from openpbc.rulebook.faults import fault, told
from openpbc.rulebook.files import PackFile
from openpbc.rulebook.subjects import Entry, Subject, read_subject
from openpbc.rulebook.table_checks import check_references, check_table, read_table
from openpbc.rulebook.values import PlaceInfo, Status, Value

DOCUMENTS = "documents"
SYNTHETIC = "SYNTHETIC"
# How a value of each unit is read; a unit that is not here is text and must only be there.
READ_AS = {
    "rate": "ppm", "percent": "ppm", "ppm": "ppm", "pence": "pence", "pounds": "pence", "pounds_thousand": "pence",
    "count": "int", "days": "int", "flag": "flag", "date": "date", "mff": "mff",
}  # fmt: skip
# What a fact's evidence mark allows it to be: recalled and proposed facts are assumed, doubtful ones are not set.
ALLOWED = {
    "R": (Status.ASSUMED, Status.NOT_SET),
    "P": (Status.ASSUMED, Status.NOT_SET),
    "SYN": (Status.ASSUMED, Status.NOT_SET),
    "R?": (Status.NOT_SET,),
}


def check(overlay: Path | None = None) -> list[Finding]:
    """Check all packs, with a user's overlay winning file by file; no findings means that every book can be opened."""
    found = {path: pack_files.read(path, at) for path, at in _all_files(overlay).items()}
    subjects, findings = _read_all(found)
    documents = _documents(subjects, found)
    for subject in subjects.values():
        findings += _check_subject(subject, documents, found)
    findings += _unclaimed((*subjects.values(), *_shadowed(found)), found)
    findings += _check_places(overlay, subjects, found)
    return sorted(set(findings))


def _all_files(overlay: Path | None) -> dict[str, Path]:
    names = {folder.name for root in pack_files.roots(overlay) for folder in root.iterdir() if folder.is_dir()}
    return pack_files.located(sorted(names), overlay)


def _read_all(found: Mapping[str, PackFile]) -> tuple[dict[str, Subject], list[Finding]]:
    subjects: dict[str, Subject] = {}
    findings = []
    for path, file in found.items():
        if not path.endswith(".yaml") or path.endswith("/place.yaml"):
            continue
        try:
            subjects[path] = read_subject(file)
        except UserError as error:
            findings.append(told("form", path, error))
    return subjects, findings


def _documents(subjects: Mapping[str, Subject], found: Mapping[str, PackFile]) -> frozenset[str]:
    known: set[str] = set()
    for subject in subjects.values():
        if subject.id == DOCUMENTS:
            for entry in subject.entries:
                table, _ = read_table(subject, entry, found)
                known |= {row.get("code", "") for row in table.rows} if table else set()
    return frozenset(known)


def _check_subject(subject: Subject, documents: frozenset[str], found: Mapping[str, PackFile]) -> Iterator[Finding]:
    path, seen = subject.file.path, set()
    for entry in subject.entries:
        if (entry.year, entry.known_from) in seen:
            yield fault("twice", path, f"two entries for {entry.year} became known on the same day.")
        seen.add((entry.year, entry.known_from))
        yield from _check_evidence(subject, entry, documents)
        if subject.kind == "value":
            yield from _check_value(subject, entry)
        elif subject.kind == "table":
            yield from check_table(subject, entry, found)
        elif not isinstance(subject.body.get(subject.kind), dict):
            yield fault("form", path, f"the subject has no mapping under '{subject.kind}'.")


def _check_evidence(subject: Subject, entry: Entry, documents: frozenset[str]) -> Iterator[Finding]:
    path, mark, cited = subject.file.path, entry.citation.mark, entry.citation.document
    if not cited:
        return
    if cited not in documents:
        yield fault("source", path, f"the document '{cited}' is not registered. Add it to the subject '{DOCUMENTS}'.")
    # A layout of our own is a decision about our own files, not a fact of the field.
    allowed = tuple(Status) if subject.kind == "layout" else ALLOWED.get(mark, tuple(Status))
    if entry.status not in allowed:
        listed = " or ".join(f"'{status}'" for status in allowed)
        yield fault("status", path, f"a fact marked {mark} must be {listed}, not '{entry.status}'.")
    if mark == "SYN" and SYNTHETIC not in f"{subject.meaning} {entry.note}":
        yield fault("synthetic", path, f"an invented value must say {SYNTHETIC} in its meaning or note.")


def _check_value(subject: Subject, entry: Entry) -> Iterator[Finding]:
    path, raw = subject.file.path, entry.body.get("value")
    if (raw is None) != (entry.status is Status.NOT_SET):
        state = "has no value but is not" if raw is None else "has a value but is"
        yield fault("not-set", path, f"the entry for {entry.year} {state} 'not set'.")
        return
    if raw is None:
        return
    text = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw)
    if not text.strip():
        yield fault("value", path, f"the value for {entry.year} is empty. Write 'value: null' and 'status: not set'.")
        return
    about = (entry.status, subject.meaning, entry.citation, entry.known_from, entry.year, path)
    value = Value(subject.id, text, subject.unit, *about)
    try:
        getattr(value, READ_AS.get(subject.unit, "text"))
    except (UserError, ValueError) as error:
        yield told("value", path, error)


def _shadowed(found: Mapping[str, PackFile]) -> Iterator[Subject]:
    """Give the shipped subjects over which the user's own lie: the tables that they name are in nobody's way."""
    for path, file in found.items():
        shipped = pack_files.SHIPPED / path
        if file.location == shipped or not shipped.is_file():
            continue
        if path.endswith(".yaml") and not path.endswith("/place.yaml"):
            yield read_subject(pack_files.read(path, shipped))


def _unclaimed(subjects: Iterable[Subject], found: Mapping[str, PackFile]) -> Iterator[Finding]:
    claimed = set()
    for subject in subjects:
        folder = subject.file.path.rpartition("/")[0]
        claimed |= {f"{folder}/{entry.body['file']}" for entry in subject.entries if "file" in entry.body}
    for path in found:
        if path.endswith(".csv") and path not in claimed:
            yield fault("unclaimed", path, "no subject names this file. Name it under 'file:' or remove it.")


def _check_places(
    overlay: Path | None, subjects: Mapping[str, Subject], found: Mapping[str, PackFile]
) -> Iterator[Finding]:
    try:
        places = reader.places(overlay)
    except UserError as error:
        yield from list(_year_faults(found)) or [told("place", error.where, error)]
        return
    books: dict[PlaceInfo, dict[str, Subject]] = {}
    for place in places:
        try:
            paths = pack_files.located(place.packs, overlay)
        except UserError as error:
            yield told("place", place.path, error)
            continue
        own = [subjects[path] for path in paths if path in subjects]
        yield from _ids_once(place, own)
        books[place] = {subject.id: subject for subject in own}
        yield from check_references(place, books[place], found)
    yield from _words_complete(books)


def _year_faults(found: Mapping[str, PackFile]) -> Iterator[Finding]:
    # A wrong year is the one fault of a place that does not tell its file by itself.
    for path, file in found.items():
        if path.endswith("/place.yaml"):
            try:
                FinancialYear.parse(str(pack_files.parse(file).get("year", "")))
            except UserError as error:
                yield told("place", path, error)


def _ids_once(place: PlaceInfo, own: Iterable[Subject]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for subject in own:
        other = first.setdefault(subject.id, subject.file.path)
        if other != subject.file.path:
            what = f"the subject {subject.id} of {place.id} also stands in {other}. Keep one."
            yield fault("twice", subject.file.path, what)


def _words_complete(books: Mapping[PlaceInfo, Mapping[str, Subject]]) -> Iterator[Finding]:
    words = {
        place: {key for s in own.values() if s.kind == "words" for key in s.body.get("words") or {}}
        for place, own in books.items()
    }
    everywhere: set[str] = set().union(*words.values())
    for place, keys in words.items():
        for key in sorted(everywhere - keys):
            yield fault("words", place.path, f"the place has no word for '{key}'. Add it to its words.", field=key)
