"""Files of the register that were sent, and what each would change: the same before it is taken as when it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import models
from openpbc.organisations.reads.installation import store
from openpbc.organisations.rules.clocks import Belief
from openpbc.organisations.rules.register_changes import Believed, Change, Effect, changes
from openpbc.organisations.rules.register_files import CODE, LARGEST_FILE, LAYOUTS, RegisterRead, read_register
from openpbc.organisations.rules.told import Held, Named, ToldRow

__all__ = ["LARGEST_FILE", "LAYOUTS", "Change", "Effect", "ToldRow"]

CONTENT = "content"
MOST_CODES = 20


@dataclass(frozen=True)
class RegisterFile:
    """A file of the register: what it is, who sent it, and, once it was taken, by whom and what became of its rows."""

    number: int
    name: str
    sha256: str
    layout: str
    as_at: date
    only: str
    received_by: str
    taken: int | None
    taken_by: str
    taken_at: datetime | None
    counts: dict[str, int]

    @property
    def title(self) -> str:
        """What the file holds, in words."""
        return LAYOUTS[self.layout].title

    @property
    def source(self) -> str:
        """The file as the source of what it told."""
        return f"{self.name} of {day_text(self.as_at)} (SHA-256 {self.sha256[:12]})"


@dataclass(frozen=True)
class Preview:
    """What a file would change: rows = accepted + rejected + excluded. ``seen`` counts the files taken so far."""

    read: RegisterRead
    changes: tuple[Change, ...]
    source: str
    seen: int

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return len(self.read.rows)

    @property
    def rejected(self) -> tuple[ToldRow, ...]:
        """The rows that are wrong."""
        return self.read.rejected

    @property
    def later(self) -> tuple[Change, ...]:
        """The rows that come too late: something of their day or a later one is already known."""
        return tuple(each for each in self.changes if each.effect is Effect.LATER)

    @property
    def excluded(self) -> int:
        """How many rows are right and are left out."""
        return len(self.read.excluded) + len(self.later)

    @property
    def accepted(self) -> int:
        """How many rows count."""
        return len(self.changes) - len(self.later)

    @property
    def counts(self) -> dict[str, int]:
        """What becomes of the rows, in numbers."""
        effects = Counter(change.effect for change in self.changes)
        told = {effect.value: effects[effect] for effect in Effect if effect is not Effect.LATER}
        whole = {"rows": self.rows, "accepted": self.accepted, "rejected": len(self.rejected)}
        return whole | {"excluded": self.excluded} | told


def folder(sha256: str) -> Path:
    """Give the folder of a file; one that comes twice is kept once."""
    return store().root / "registers" / sha256


def codes(given: Iterable[str]) -> frozenset[str]:
    """Read the codes of the organisations whose rows are wanted."""
    found = frozenset(code.strip().upper() for code in given if code.strip())
    wrong = next((code for code in sorted(found) if not CODE.fullmatch(code)), "")
    if wrong:
        raise UserError(f"'{wrong[:20]}' is no code of an organisation", "only", "Write codes such as 06N 06K.")
    if len(found) > MOST_CODES:
        raise UserError(f"there are {len(found)} codes", "only", f"Give at most {MOST_CODES}, or none for all rows.")
    return found


def read(content: bytes, name: str, layout: str, as_at: date, only: frozenset[str]) -> RegisterRead:
    """Read a file of the register in a layout that people name."""
    if layout not in LAYOUTS:
        raise UserError(f"'{layout[:30]}' is no layout", "layout", f"Choose one of {', '.join(LAYOUTS)}.")
    return read_register(content, name, layout, as_at, only)


def files(place: str) -> list[RegisterFile]:
    """List the files that were sent for a place, the last one first."""
    return [_file(row) for row in models.RegisterFile.objects.filter(place_id=place).order_by("-number")]


def file(place: str, number: int) -> RegisterFile:
    """Give one file; an unknown one is a person's mistake."""
    row = models.RegisterFile.objects.filter(place_id=place, number=number).first()
    if row is None:
        raise UserError(f"there is no file {number}", where=place)
    return _file(row)


def _file(row: models.RegisterFile) -> RegisterFile:
    names = (
        "number", "name", "sha256", "layout", "as_at", "only", "received_by", "taken", "taken_by", "taken_at",
        "counts",
    )  # fmt: skip
    return RegisterFile(**{name: getattr(row, name) for name in names})


def preview(place: str, number: int) -> Preview:
    """Say what a file that was sent would change now."""
    found = file(place, number)
    path = folder(found.sha256) / CONTENT
    if not path.is_file():
        raise UserError(f"the content of file {number} is gone", where=place, do="Send it again.")
    asked = codes(found.only.split())
    return compared(
        place, read(path.read_bytes(), found.name, found.layout, found.as_at, asked), found.as_at, found.source
    )


def compared(place: str, told: RegisterRead, as_at: date, source: str) -> Preview:
    """Compare what a file told with what is believed now."""
    taken = models.RegisterFile.objects.filter(place_id=place, taken__isnull=False).order_by("-taken").first()
    found = changes(told.accepted, _believed(place), as_at)
    return Preview(told, tuple(found), source, (taken.taken or 0) if taken else 0)


def _believed(place: str) -> Believed:
    organisations: dict[str, list[Belief[Named]]] = defaultdict(list)
    for row in models.Organisation.objects.filter(place_id=place, kind=models.BODY, known_to__isnull=True):
        said = Named(
            row.name, row.detail.get("kind", ""), row.detail.get("postcode", ""), row.detail.get("seen") is True
        )
        organisations[row.code].append(Belief(said, row.valid_from, row.valid_to, row.known_from, key=row.pk))
    links: dict[str, list[Belief[Held]]] = defaultdict(list)
    for tie in models.Link.objects.filter(place_id=place, known_to__isnull=True):
        held = Held(tie.holder, tie.about, tie.seen)
        links[tie.alone].append(Belief(held, tie.valid_from, tie.valid_to, tie.known_from, key=tie.pk))
    return Believed(organisations, links)
