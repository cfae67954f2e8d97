"""What the rooms offer, in the order of the commissioning cycle; the site only puts it together."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import ModuleType

from django.conf import settings

from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation
from openpbc.organisations.reads import Viewer
from openpbc.rulebook import reader
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import PlaceInfo
from openpbc.ui.offers import Findable, Headline, Tile, Work

CYCLE = (
    "organisations governance finance activity measures redesign procurement contracts challenges monitoring network"
    " assurance public"
).split()
Explainer = Callable[[str, Viewer], Explanation]


@lru_cache(maxsize=1)
def offers() -> tuple[ModuleType, ...]:
    """The ``offers`` of every room that has some."""
    names = [f"openpbc.{room}.offers" for room in CYCLE if importlib.util.find_spec(f"openpbc.{room}")]
    return tuple(importlib.import_module(name) for name in names if importlib.util.find_spec(name))


def tiles() -> Iterator[Tile]:
    """Every room's entries in the menu."""
    for room in offers():
        yield from getattr(room, "TILES", ())


def headlines(book: Book, viewer: Viewer) -> Iterator[Headline]:
    """Every room's headline figures of a place."""
    for room in offers():
        if tell := getattr(room, "HEADLINES", None):
            yield from tell(book, viewer)


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """What waits in any room for somebody with the viewer's roles in the place."""
    held = viewer.roles_in(book.place.id)
    for room in offers():
        if tell := getattr(room, "WORK", None):
            yield from (each for each in tell(book, viewer) if not each.roles or each.roles & held)


def findables(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """What can be found in any room of a place, as far as the room knows that the reader may see it."""
    for room in offers():
        if tell := getattr(room, "FINDS", None):
            yield from tell(book, viewer)


@lru_cache(maxsize=1)
def explainers() -> Mapping[str, Explainer]:
    """Every first part of an address with the function that explains it."""
    return {prefix: explain for room in offers() for prefix, explain in getattr(room, "EXPLAIN", {}).items()}


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain the figure at an address; an address that no room knows is a person's mistake."""
    prefix = address.partition("/")[0]
    if re.search(r"[0-9]{40}", address):
        raise UserError("the address holds a number that is no figure's", do="Open the figure from its page again.")
    if prefix not in explainers():
        known = ", ".join(sorted(explainers()))
        raise UserError(f"no figure has the address '{address[:80]}'", do=f"Addresses start with one of {known}.")
    return explainers()[prefix](address, viewer)


def matter_page(address: str) -> str:
    """Give the page of the matter at an address, from the room that offers ``MATTERS``; empty if none knows it."""
    prefix = address.partition("/")[0]
    known = (getattr(room, "MATTERS", {}).get(prefix) for room in offers())
    return next((page(address) for page in known if page), "")


def place_of(address: str) -> str:
    """The place that an address is about: its second part."""
    parts = address.partition("?")[0].split("/")
    return parts[1] if len(parts) > 1 else ""


def places() -> list[PlaceInfo]:
    """The places that the rulebook describes."""
    return reader.places(settings.RULEBOOK)
