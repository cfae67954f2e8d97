"""Opens the law book for a place: resolved once into a frozen, hashed ``Book`` from which rules are filled by name."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook import files as pack_files
from openpbc.rulebook.files import PackFile, read
from openpbc.rulebook.subjects import Subject, not_set, read_subject, table_of, value_of
from openpbc.rulebook.values import NotSet, PlaceInfo, Table, Value

PLACES = "places"
_TRIES = 5
Parameters = TypeVar("Parameters")


@dataclasses.dataclass(frozen=True, eq=False)
class Book:
    """Everything that the packs of one place say, as known on one day; the hash fixes all of it."""

    place: PlaceInfo
    known_on: date | None
    hash: str
    files: tuple[PackFile, ...]
    subjects: Mapping[str, Subject]
    elsewhere: Mapping[str, tuple[Subject, str]]
    # A table is read, and its seal broken, once a book: pages ask for the same ones again and again.
    _tables: dict[tuple[str, FinancialYear], Table | NotSet] = dataclasses.field(default_factory=dict, repr=False)

    def value(self, id: str, year: FinancialYear | None = None) -> Value | NotSet:
        """Give a subject's value for a year (the place's own unless said), or the statement that it is not set."""
        subject, year = self.subjects.get(id), year or self.place.year
        if subject is None:
            return self._missing(id, year)
        entry = subject.entry(year, self.known_on)
        return value_of(subject, entry, year) if entry else not_set(subject, year)

    def need(self, id: str, year: FinancialYear | None = None) -> Value:
        """Give a value that the work cannot do without; raise the sentence that names the file to fill."""
        found = self.value(id, year)
        if isinstance(found, NotSet):
            raise found.problem
        return found

    def table(self, id: str, year: FinancialYear | None = None) -> Table | NotSet:
        """Give a subject's table for a year, or the statement that it is not set."""
        subject, year = self.subjects.get(id), year or self.place.year
        if subject is None:
            return self._missing(id, year)
        if (id, year) not in self._tables:
            entry = subject.entry(year, self.known_on)
            files = {file.path: file for file in self.files}
            self._tables[id, year] = table_of(subject, entry, year, files) if entry else not_set(subject, year)
        return self._tables[id, year]

    def need_table(self, id: str, year: FinancialYear | None = None) -> Table:
        """Give a table that the work cannot do without; raise the sentence that names the file to fill."""
        found = self.table(id, year)
        if isinstance(found, NotSet):
            raise found.problem
        return found

    def fill(self, parameters: type[Parameters], year: FinancialYear | None = None) -> Parameters:
        """Fill a frozen parameters class: each field's metadata names its ``rule`` and how to read it (``as``).

        A field with a default keeps it where the subject is not set; any other unset subject raises its sentence.
        """
        read_fields: dict[str, Any] = {}
        for field in dataclasses.fields(parameters):  # type: ignore[arg-type]
            if "rule" not in field.metadata:
                continue
            found = self.value(field.metadata["rule"], year)
            if isinstance(found, Value):
                read_fields[field.name] = getattr(found, field.metadata.get("as", "text"))
            elif field.default is dataclasses.MISSING:
                raise found.problem
        return parameters(**read_fields)

    def word(self, key: str) -> str:
        """Give the place's word for a thing, such as what it calls a group of practices."""
        for subject in self._of_kind("words"):
            if key in subject.body["words"]:
                return str(subject.body["words"][key])
        raise KeyError(f"no pack of {self.place.id} has a word for {key}")

    @property
    def words(self) -> dict[str, str]:
        """All words of the place."""
        return {key: str(word) for subject in self._of_kind("words") for key, word in subject.body["words"].items()}

    def layouts(self) -> dict[str, Mapping[str, Any]]:
        """Give the data-set layouts by id."""
        return {subject.id: subject.body["layout"] for subject in self._of_kind("layout")}

    def _of_kind(self, kind: str) -> list[Subject]:
        return [subject for subject in self.subjects.values() if subject.kind == kind]

    def _missing(self, id: str, year: FinancialYear) -> NotSet:
        # Another place's file tells meaning and file name; an id that no place knows is a fault of the program.
        if id not in self.elsewhere:
            raise KeyError(f"no pack knows the subject {id}")
        model, inside = self.elsewhere[id]
        return NotSet(id, model.meaning, year.label, f"{PLACES}/{self.place.id}/{inside}")


class _ChangedMeanwhile(Exception):
    """The pack files changed while they were read."""


def places(overlay: Path | None = None) -> list[PlaceInfo]:
    """List the places that the shipped packs and the overlay describe, by id."""
    found: dict[str, PlaceInfo] = {}
    for root in pack_files.roots(overlay):
        found.update((place.id, place) for place in (_own_places() if root == pack_files.OWN else _places(root)))
    return [found[id] for id in sorted(found)]


@lru_cache(maxsize=1)
def _own_places() -> tuple[PlaceInfo, ...]:
    return tuple(_places(pack_files.OWN))


def _places(root: Path) -> Iterator[PlaceInfo]:
    for location in sorted((root / PLACES).glob("*/place.yaml")):
        yield _place(read(location.relative_to(root).as_posix(), location))


@lru_cache(maxsize=64)
def _place(file: PackFile) -> PlaceInfo:
    body = pack_files.parse(file)
    for name in ("id", "title", "year", "commissioner", "packs"):
        if not body.get(name):
            raise UserError(f"the place has no {name}", where=file.path)
    if body["id"] != file.path.split("/")[1]:
        raise UserError("the place's id must be the name of its folder", where=file.path)
    try:
        year = FinancialYear.parse(str(body["year"]))
    except UserError as error:
        raise UserError(error.what, where=file.path, do=error.do) from error
    own = f"{PLACES}/{body['id']}"
    packs = (*(str(pack) for pack in body["packs"]), own)
    return PlaceInfo(body["id"], str(body["title"]), year, str(body["commissioner"]), packs, file.path)


def find_place(place_id: str, overlay: Path | None = None) -> PlaceInfo:
    """Give one place; an unknown one is a person's mistake, answered with the list of those there are."""
    known = places(overlay)
    for place in known:
        if place.id == place_id:
            return place
    listed = ", ".join(place.id for place in known)
    raise UserError(f"there is no place '{place_id[:60]}'", do=f"Choose one of {listed}.")


def open_book(place_id: str, known_on: date | None = None, overlay: Path | None = None) -> Book:
    """Open the book of a place as known on a day (None: all that is known). Unchanged files are read only once."""
    place = find_place(place_id, overlay)
    for _ in range(_TRIES):
        with contextlib.suppress(_ChangedMeanwhile, FileNotFoundError):
            return _open(place, known_on, overlay, pack_files.stamps(place.packs, overlay))
    raise UserError("the rulebook is being changed", where=place.path, do="Try again in a moment.")


@lru_cache(maxsize=32)
def _open(place: PlaceInfo, known_on: date | None, overlay: Path | None, print_: tuple[Any, ...]) -> Book:
    read_files = [read(path, at) for path, at in pack_files.located(place.packs, overlay).items()]
    if pack_files.stamps(place.packs, overlay) != print_:
        raise _ChangedMeanwhile  # a pack file and the table that it names could be of two moments
    subjects = _subjects(read_files)
    stamp = hashlib.sha256(f"{place.id} {known_on}\n".encode())
    for file in read_files:
        stamp.update(f"{file.path} {file.sha256}\n".encode())
    return Book(place, known_on, stamp.hexdigest(), tuple(read_files), subjects, _elsewhere(place, overlay))


def _elsewhere(place: PlaceInfo, overlay: Path | None) -> dict[str, tuple[Subject, str]]:
    """Give what other places' packs know, each subject with its file's path inside its pack."""
    found: dict[str, tuple[Subject, str]] = {}
    packs = {pack for other in places(overlay) if other.id != place.id for pack in other.packs}
    for pack in sorted(packs):
        read_files = [read(path, at) for path, at in pack_files.located([pack], overlay).items()]
        for id, subject in _subjects(read_files).items():
            found[id] = (subject, subject.file.path.removeprefix(f"{pack}/"))
    return found


def _subjects(read_files: list[PackFile]) -> dict[str, Subject]:
    subjects: dict[str, Subject] = {}
    for file in read_files:
        if not file.path.endswith(".yaml") or file.path.endswith("/place.yaml"):
            continue
        subject = _cached_subject(file)
        if subject.id in subjects:
            other = subjects[subject.id].file.path
            raise UserError(f"the subject {subject.id} also stands in {other}", where=file.path, do="Keep one.")
        subjects[subject.id] = subject
    return subjects


@lru_cache(maxsize=4096)
def _cached_subject(file: PackFile) -> Subject:
    return read_subject(file)
