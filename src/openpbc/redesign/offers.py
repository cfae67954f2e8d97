"""What the room offers to the roof."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from openpbc.organisations.reads import Viewer
from openpbc.redesign.pages import public
from openpbc.redesign.pages.finding import finds
from openpbc.redesign.pages.work import work
from openpbc.redesign.reads import speed
from openpbc.redesign.reads.cases import PREFIX
from openpbc.redesign.reads.clocks import explain
from openpbc.redesign.reads.recommendations import PREFIX as PAPER
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Tile, Work


def _matter_page(address: str) -> str:
    """The page of the case at an address; none for an address that is no case's."""
    parts = address.split("/")
    if len(parts) != 3 or not parts[2].isdecimal():
        return ""
    return reverse("redesign:case", args=[parts[1], int(parts[2])])


def _paper_page(address: str) -> str:
    """The page of the recommendation at an address."""
    parts = address.split("/")
    return reverse("redesign:recommendation", args=parts[1:]) if len(parts) == 3 else ""


def _work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Steps, reviews and answers that wait, then approved cases of which the public was not told."""
    yield from work(book, viewer)
    yield from public.work(book, viewer)


def _finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """What the reader may see of the room, and what everybody may."""
    yield from finds(book, viewer)
    yield from public.finds(book, viewer)


TILES = (
    Tile("Cases", "redesign:cases"),
    Tile("Speed and fairness", "redesign:speed"),
    Tile("Shared pathways", "redesign:pathways"),
    Tile("Intentions", "redesign:intentions"),
    Tile("Assessment services", "redesign:services"),
    Tile("Milestones", "redesign:milestones"),
    Tile("Barriers", "redesign:barriers"),
    Tile("Consultations", "redesign:consultations"),
)
WORK = _work
EXPLAIN = {PREFIX: explain, speed.PREFIX: speed.explain}
MATTERS = {PREFIX: _matter_page, PAPER: _paper_page}
FINDS = _finds
