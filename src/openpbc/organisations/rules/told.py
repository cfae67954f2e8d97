"""What a source says of organisations: their names and spells, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Named:
    """What is said of an organisation: its name, its kind in words of the source, and where it lies.

    ``seen`` says that the first day on which it was called so is only the first one seen.
    """

    name: str
    kind: str
    postcode: str = ""
    seen: bool = False


@dataclass(frozen=True)
class Held:
    """What is said of a link: to whom, about what; ``seen`` says that its first day is only the first one seen."""

    holder: str
    about: str = ""
    seen: bool = False


@dataclass(frozen=True)
class ToldOrganisation:
    """An organisation as a row of a file tells it; a file of one day (``dated`` false) does not say since when."""

    code: str
    said: Named
    dated: bool
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class ToldLink:
    """A link as a row of a file tells it."""

    kind: str
    member: str
    said: Held
    dated: bool
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class ToldRow:
    """One row of a file: what it tells, or the sentence with which it was rejected or excluded.

    ``note`` is the sentence for a part of a row that was left out, and ``about`` are the codes which that part names.
    """

    line: int
    code: str
    organisations: tuple[ToldOrganisation, ...] = ()
    links: tuple[ToldLink, ...] = ()
    rejected: str = ""
    excluded: str = ""
    note: str = ""
    about: tuple[str, ...] = ()
