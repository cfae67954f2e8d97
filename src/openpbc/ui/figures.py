"""What may stand in a cell: figures that explain themselves, links, status words, and values that are missing.

Every money or activity figure is a :class:`Figure`. It keeps the whole number that the explanation recomputes and the
address of that explanation, so what is printed, exported and explained can never be three different numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable
from urllib.parse import quote

from openpbc.kernel import money

ADDRESS_SAFE = "/?=&+-_.~,:"


class Style(StrEnum):
    """How a whole number is printed; money is held in pence and rates in parts per million."""

    THOUSANDS = "£000"
    POUNDS = "£"
    PENCE = "£ and pence"
    COUNT = "number"
    PERCENT = "%"
    INDEX = "index"


_PENCE_PER = {Style.THOUSANDS: 100_000, Style.POUNDS: 100, Style.PENCE: 100}


@dataclass(frozen=True)
class Figure:
    """One figure: ``value`` in pence, parts per million or a count, and where it is explained (empty: nowhere)."""

    value: int
    style: Style = Style.COUNT
    address: str = ""
    places: int = 2
    signed: bool = False

    @property
    def text(self) -> str:
        """The figure as printed; a signed one carries a plus when it is above zero."""
        plus = "+" if self.signed and self.value > 0 else ""
        return plus + _printed(self)

    @property
    def number(self) -> Decimal:
        """The figure as an exact number in the unit that is printed, for downloads: nothing is rounded away."""
        if self.style in _PENCE_PER:
            return Decimal(self.value) / _PENCE_PER[self.style]
        if self.style is Style.PERCENT:
            return Decimal(self.value) / 10_000
        if self.style is Style.INDEX:
            return Decimal(self.value) / money.PPM
        return Decimal(self.value)

    @property
    def href(self) -> str:
        """The page that explains the figure."""
        return "/explain/" + quote(self.address, safe=ADDRESS_SAFE) if self.address else ""


def _printed(figure: Figure) -> str:
    value = figure.value
    if figure.style is Style.THOUSANDS:
        return money.thousands(value)
    if figure.style is Style.POUNDS:
        return money.whole_pounds(value)
    if figure.style is Style.PENCE:
        return money.pounds(value)
    if figure.style is Style.PERCENT:
        return money.percent_text(value, figure.places)
    if figure.style is Style.INDEX:
        return f"{money.round_div(value, 10 ** (6 - figure.places)) / 10**figure.places:,.{figure.places}f}"
    return f"{value:,}"


@dataclass(frozen=True)
class Link:
    """A cell that leads to another page."""

    text: str
    href: str


@dataclass(frozen=True)
class Tag:
    """A short status in a box; ``colour`` is one of the NHS tag colours and never the only signal."""

    text: str
    colour: str = "grey"


@dataclass(frozen=True)
class Missing:
    """A value that is not held: shown as "not set", with the file that would hold it, or the reason ``why``."""

    file: str = ""
    why: str = ""

    @property
    def hint(self) -> str:
        """Why there is no figure, or what to do about it, in one sentence."""
        return f"Fill in {self.file}." if self.file else self.why or "No file of the rulebook holds this value."


@runtime_checkable
class Hidden(Protocol):
    """A suppressed value: it has a mark and a rule, and no number."""

    @property
    def rule(self) -> str: ...

    @property
    def mark(self) -> str: ...


Cell = str | int | Figure | Link | Tag | Missing | Hidden | None

STATUS_COLOURS = {
    "enacted": "green",
    "approved": "green",
    "draft": "blue",
    "assumed": "yellow",
    "not set": "red",
}


def status_tag(status: str) -> Tag:
    """Give the tag of a rulebook status: enacted, approved, draft, assumed or not set."""
    return Tag(status, STATUS_COLOURS.get(status, "grey"))
