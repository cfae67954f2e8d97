"""Search over everything that a reader may see: plain words, whatever their case and accents, and all must occur.

What the access matrix or an interest withholds is left out before anything is counted, so that neither a result nor a
number tells that it is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.site import rooms, sealing
from openpbc.site.shell import HOME, LAST
from openpbc.ui.offers import Findable, Way
from openpbc.ui.pages import first_sentence

LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """One thing found, and the page on which the reader may see it."""

    kind: str
    title: str
    line: str
    href: str
    synthetic: bool


@dataclass(frozen=True)
class Group:
    """All hits of one kind, those whose title bears a word first."""

    kind: str
    hits: tuple[Hit, ...]


def fold(text: str) -> str:
    """Give a text in small letters without accents, so that it is found however it was written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def search(book: Book, viewer: Viewer, may: Callable[..., bool], words: str) -> tuple[Group, ...]:
    """Find everything in a place that bears all words and that somebody may see, grouped by kind."""
    wanted = fold(words[:LONGEST]).split()
    if not wanted:
        return ()
    sealed = sealing.sealed_matters(viewer, book.place.id)
    closed = sealing.pages_of(sealed)
    found: dict[str, list[tuple[bool, Hit]]] = {}
    for each in chain(rooms.findables(book, viewer), _own(book)):
        title = fold(each.title)
        everywhere = f"{title} {fold(each.line)} {fold(each.text)} {fold(each.kind)}"
        if not all(word in everywhere for word in wanted) or sealing.why_under(sealed, each.matter):
            continue
        href = next((way.href for way in each.ways if may(way.route, **way.about)), "")
        if href and not sealing.why_closed(closed, href) and not each.closed():
            elsewhere = not any(word in title for word in wanted)
            hit = Hit(each.kind, each.title, each.line, href, each.synthetic)
            found.setdefault(each.kind, []).append((elsewhere, hit))
    return tuple(
        Group(kind, tuple(hit for _, hit in sorted(hits, key=lambda each: each[0]))) for kind, hits in found.items()
    )


def query(words: str, kind: str = "") -> str:
    """Give the query of the page that searches for words, of one kind if one is named."""
    return urlencode({"q": words, **({"kind": kind} if kind else {})})


def _own(book: Book) -> Iterator[Findable]:
    """What belongs to no room: the pages of the menu, and the subjects of the rulebook."""
    place = book.place.id
    for tile in (HOME, *rooms.tiles(), *LAST):
        yield Findable("Pages", tile.text, "In the menu", (Way(tile.route, {"place": place}),))
    for id, subject in sorted(book.subjects.items()):
        at = Way("rulebook-subject", {"place": place, "id": id})
        yield Findable("Rulebook", id, first_sentence(subject.meaning), (at,))
