"""What the rulebook answers with: a value with its source, a table, or the plain statement that it is not set."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pence_from_text, ppm_from_percent, ppm_from_text, scaled_from_text
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError


class Status(StrEnum):
    """How firm a value is; *assumed* shows on every page that used it."""

    ENACTED = "enacted"
    APPROVED = "approved"
    DRAFT = "draft"
    ASSUMED = "assumed"
    NOT_SET = "not set"


UNITS = frozenset(
    "rate percent pence pounds pounds_thousand count days text flag code date ppm mff table words layout".split()
)


@dataclass(frozen=True)
class PlaceInfo:
    """A place: a commissioner's choice of packs for one home year."""

    id: str
    title: str
    year: FinancialYear
    commissioner: str
    packs: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class Value:
    """One value of one subject for one year, with status, source and the day on which it became known."""

    id: str
    raw: str
    unit: str
    status: Status
    meaning: str
    citation: Citation
    known_from: date | None
    year: str
    path: str
    note: str = ""

    is_set = True

    @property
    def text(self) -> str:
        """The value as written in the pack."""
        return self.raw

    @property
    def int(self) -> builtins.int:
        """A count or a number of days."""
        return scaled_from_text(self.raw, 0)

    @property
    def flag(self) -> bool:
        """A yes or no."""
        if self.raw.lower() not in ("yes", "no"):
            raise UserError(f"'{self.raw}' is neither yes nor no", where=self.path)
        return self.raw.lower() == "yes"

    @property
    def ppm(self) -> builtins.int:
        """A rate or percentage in parts per million."""
        if self.unit == "ppm":
            return scaled_from_text(self.raw, 0)
        return ppm_from_percent(self.raw) if self.unit == "percent" else ppm_from_text(self.raw)

    @property
    def mff(self) -> builtins.int:
        """A market forces factor in ten-millionths."""
        return scaled_from_text(self.raw, 7)

    @property
    def pence(self) -> builtins.int:
        """An amount of money in pence, from pence, pounds or thousands of pounds by the unit."""
        if self.unit == "pence":
            return scaled_from_text(self.raw, 0)
        if self.unit == "pounds_thousand":
            return scaled_from_text(self.raw, 5)
        return pence_from_text(self.raw)

    @property
    def date(self) -> date:
        """A calendar day."""
        return date.fromisoformat(self.raw)


@dataclass(frozen=True)
class NotSet:
    """The statement that a subject has no value here; it names the file to fill and never becomes a number."""

    id: str
    meaning: str
    year: str
    path: str
    note: str = ""

    is_set = False
    status = Status.NOT_SET

    def __str__(self) -> str:
        """Give the words that stand where the figure would stand."""
        return "not set"

    @property
    def problem(self) -> UserError:
        """The sentence that stops whatever needs the value."""
        return UserError(
            f"'{self.id}' ({self.meaning[:1].lower()}{self.meaning[1:]}) is not set for {self.year}",
            where=self.path,
            do="Write the value, its status and its source into that file.",
        )


@dataclass(frozen=True)
class Table:
    """Rows of text cells for one year, from a sealed CSV file or written in the pack itself."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    status: Status
    meaning: str
    citation: Citation
    known_from: date | None
    year: str
    path: str
    note: str = ""

    is_set = True

    def __hash__(self) -> int:
        """Tables are told apart by subject, year and file; their rows are fixed by the book's hash."""
        return hash((self.id, self.year, self.path))

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Walk the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def keyed(self, column: str) -> dict[str, dict[str, str]]:
        """Give the rows by one column's value; a repeated key is a fault of the pack."""
        found: dict[str, dict[str, str]] = {}
        for row in self.rows:
            if row[column] in found:
                raise UserError(f"'{row[column]}' stands twice in column {column}", where=self.path)
            found[row[column]] = row
        return found
