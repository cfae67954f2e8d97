"""A problem in data is a value: it is kept and shown, never raised and never dropped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: fatal rejects the record, error counts against quality, warning informs."""

    FATAL = "F"
    ERROR = "E"
    WARNING = "W"

    @property
    def word(self) -> str:
        """The level in words."""
        return {"F": "fatal", "E": "error", "W": "warning"}[self.value]


@dataclass(frozen=True, order=True)
class Place:
    """Where a finding lies: a file (or table), a line (1 is the first line of data; 0 the whole file), a field."""

    file: str = ""
    line: int = 0
    field: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """One broken rule at one place, with a sentence for the person who can mend it."""

    rule: str
    level: Level
    place: Place
    sentence: str
