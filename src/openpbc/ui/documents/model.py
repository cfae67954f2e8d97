"""What a paper is made of: headings, paragraphs, lists, tables and pictures as plain frozen values.

A document knows nothing of pages, Word or PDF. Its printers write each figure with ``Figure.text`` and nothing else,
so that a number cannot differ between the screen and a paper.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from openpbc.ui.charts import Chart
from openpbc.ui.exports import text_of
from openpbc.ui.figures import Cell, Figure, Missing
from openpbc.ui.tables import Table

# Words, or words with figures among them: each figure keeps its address, so that the page can explain it.
Text = str | tuple[str | Figure | Missing, ...]
DRAFT = "DRAFT"
SYNTHETIC = "SYNTHETIC: invented data, no real patient"
# Characters that Word's format cannot hold or that turn the direction of writing, by which a figure could be disguised.
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Cn", "Co"})


@dataclass(frozen=True)
class Heading:
    """A heading of level 1, 2 or 3; the document's title stands above them all."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1

    def __post_init__(self) -> None:
        """Refuse a level that no printer has."""
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading may not have level {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of words and figures."""

    kind: ClassVar[str] = "paragraph"
    text: Text


@dataclass(frozen=True)
class Bullets:
    """A list, one item a line."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Text, ...]


@dataclass(frozen=True)
class Grid:
    """A table with its caption and its notes; one without rows prints its sentence."""

    kind: ClassVar[str] = "grid"
    table: Table


@dataclass(frozen=True)
class Picture:
    """A chart; its sentence is its text for those who cannot see it, and stands below it for everybody."""

    kind: ClassVar[str] = "picture"
    chart: Chart


@dataclass(frozen=True)
class Note:
    """A remark in small print."""

    kind: ClassVar[str] = "note"
    text: Text


@dataclass(frozen=True)
class PageBreak:
    """The next part starts a new page."""

    kind: ClassVar[str] = "break"


Part = Heading | Paragraph | Bullets | Grid | Picture | Note | PageBreak


@dataclass(frozen=True)
class Document:
    """A paper: ``facts`` (place, as at, book ...) stand at its head; draft and SYNTHETIC ones say so on every page.

    ``landscape`` turns the sheets, for papers that are one wide table; ``compact`` sets a PDF closer, for papers of
    one sheet. ``footer`` stands beside the page numbers.
    """

    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    draft: bool = False
    synthetic: bool = False
    language: str = "en-GB"
    landscape: bool = False
    compact: bool = False
    footer: str = ""

    @property
    def place(self) -> str:
        """The fact that stands at the head of every sheet."""
        return next((text for name, text in self.facts if name == "Place"), "")

    @property
    def marks(self) -> tuple[str, ...]:
        """What every page must say about the paper."""
        return (*((DRAFT,) if self.draft else ()), *((SYNTHETIC,) if self.synthetic else ()))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the paper in their order, for the downloads of its page."""
        return tuple(part.table for part in self.parts if isinstance(part, Grid))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The pictures of the paper in their order."""
        return tuple(part.chart for part in self.parts if isinstance(part, Picture))


def plain_text(text: Text) -> str:
    """Words and figures as one line of text."""
    return clean(text) if isinstance(text, str) else "".join(cell_text(piece) for piece in text)


def cell_text(cell: Cell) -> str:
    """A cell as printed on paper: the same characters as on the page."""
    if isinstance(cell, Figure):
        return cell.text
    if isinstance(cell, int):
        return f"{cell:,}"
    return clean(text_of(cell))


def clean(text: str) -> str:
    """Replace what a paper cannot hold, and put combined letters into their single form."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(_kept(letter) for letter in whole)


def _kept(letter: str) -> str:
    if letter in "\t\n\r":
        return " "
    return _REPLACEMENT if letter in _TURNING or unicodedata.category(letter) in _UNPRINTABLE else letter
