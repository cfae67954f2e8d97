"""What a custom group of practices needs on a day, against its place and against the whole published file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from openpbc.finance.reads.england import england_rows
from openpbc.finance.reads.need import PREFIX, SCALE, NeedRows, WeightRow, place_rows, practice_need
from openpbc.finance.reads.practice_groups import Group
from openpbc.finance.rules.need_shares import PlaceNeed, PracticeNeed, need_of, need_shares
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

KIND = "group"
PLACE, FILE = "place", "file"


@dataclass(frozen=True)
class Against:
    """The group measured against a whole: ``key`` is place or file."""

    key: str
    title: str
    need: PlaceNeed
    whole: PlaceNeed


@dataclass(frozen=True)
class GroupNeed:
    """A group's need on a day: which rows of the weights count in it, and what they give against each whole."""

    group: Group
    on: date
    known_on: date | None
    practices: tuple[str, ...]
    counted: tuple[WeightRow, ...]
    rows: NeedRows
    against: tuple[Against, ...]
    findings: tuple[Finding, ...]

    is_set = True

    @property
    def need(self) -> PlaceNeed:
        """The group's own people, weighted and not."""
        return self.against[0].need

    @property
    def overall(self) -> int:
        """The weighted column that puts the components together."""
        return next((at for at, column in enumerate(self.rows.columns.weighted) if column.overall), 0)

    def address(self, figure: str, number: int | None = None) -> str:
        """Give the address of a figure: population, weighted, share-of-place, index-to-file and so on."""
        days = {"on": self.on.isoformat()} | ({"known_on": self.known_on.isoformat()} if self.known_on else {})
        tail = "" if number is None else f"/{number}"
        return f"{PREFIX}/{self.group.place}/{KIND}~{self.group.id}/{figure}{tail}?{urlencode(days)}"


def group_need(book: Book, group: Group, on: date, known_on: date | None = None) -> GroupNeed | NotSet:
    """Add up the practices that count in a group on a day; a place and year without any weights is not set.

    A row of the weights counts in the group when the practice that stands for it on the day is a member on the day.
    """
    england, own = england_rows(book), place_rows(book)
    base = own if isinstance(england, NotSet) else england
    if isinstance(base, NotSet):
        return base
    members = group.practices(on)
    heirs = organisations.successions(book, known_on)
    column = base.columns.practice
    counted = tuple(row for row in base.rows if heirs.heir(row.cells[column], on) in members)
    if not counted:
        return NotSet(group.name, "Weights of the group's practices", book.place.year.label, base.path)
    needs = [practice_need(row, base.columns, column) for row in counted]
    wholes = [(PLACE, book.place.title, own), (FILE, "All practices in the published file", england)]
    against = tuple(
        _against(book, key, title, group.name, needs) for key, title, whole in wholes if isinstance(whole, NeedRows)
    )
    findings = (*_ended(members, heirs, on), *_without_weights(members, counted, column))
    return GroupNeed(group, on, known_on, members, counted, base, against, findings)


def _against(book: Book, key: str, title: str, name: str, needs: list[PracticeNeed]) -> Against:
    practices, selection = _whole(book, key)
    return Against(key, title, need_of(name, needs, practices, SCALE), selection)


@lru_cache(maxsize=8)
def _whole(book: Book, key: str) -> tuple[tuple[PracticeNeed, ...], PlaceNeed]:
    """Every practice of a whole and its own need: the same for every group, so worked out once for a book."""
    rows = place_rows(book) if key == PLACE else england_rows(book)
    assert isinstance(rows, NeedRows)
    practices = tuple(practice_need(row, rows.columns, rows.columns.practice) for row in rows.rows)
    return practices, need_shares(practices, SCALE).selection


def _ended(members: tuple[str, ...], heirs: organisations.Successions, on: date) -> list[Finding]:
    """A member that ended holds nobody any more: its people are with its successor."""
    found = []
    for code in members:
        heir = heirs.heir(code, on)
        if heir != code:
            here = "which is in the group" if heir in members else f"which is not in the group: add {heir} to keep them"
            sentence = f"Practice {code} has ended; its people are with {heir}, {here}."
            found.append(Finding("PG-05", Level.WARNING, Place(field=code), sentence))
    return found


def _without_weights(members: tuple[str, ...], counted: tuple[WeightRow, ...], column: str) -> list[Finding]:
    held = {row.cells[column] for row in counted}
    return [
        Finding("PG-06", Level.ERROR, Place(field=code), f"There are no weights for practice {code}: it adds nothing.")
        for code in members
        if code not in held
    ]
