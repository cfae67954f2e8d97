"""What the room offers to the roof."""

from __future__ import annotations

from django.urls import reverse

from openpbc.redesign.commands import redesign
from openpbc.redesign.pages.finding import finds
from openpbc.redesign.pages.work import work
from openpbc.redesign.reads import speed
from openpbc.redesign.reads.cases import PREFIX
from openpbc.redesign.reads.clocks import explain
from openpbc.ui.offers import Tile


def _matter_page(address: str) -> str:
    """The page of the case at an address; none for an address that is no case's."""
    parts = address.split("/")
    if len(parts) != 3 or not parts[2].isdigit():
        return ""
    return reverse("redesign:case", args=[parts[1], int(parts[2])])


COMMANDS = [redesign]
TILES = (
    Tile("Cases", "redesign:cases"),
    Tile("Speed and fairness", "redesign:speed"),
    Tile("Shared pathways", "redesign:pathways"),
    Tile("Intentions", "redesign:intentions"),
    Tile("Assessment services", "redesign:services"),
    Tile("Barriers", "redesign:barriers"),
)
WORK = work
EXPLAIN = {PREFIX: explain, speed.PREFIX: speed.explain}
MATTERS = {PREFIX: _matter_page}
FINDS = finds
