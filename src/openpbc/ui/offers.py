"""What a room offers to the pages around it: an entry in the menu, headline figures, and work that waits."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.ui.figures import Cell


@dataclass(frozen=True)
class Tile:
    """An entry in a place's menu: its words and the name of its route, which takes the place alone."""

    text: str
    route: str


@dataclass(frozen=True)
class Headline:
    """One figure of a place's position: what it is, the figure, and a few words more; ``synthetic`` if invented."""

    title: str
    figure: Cell
    more: str = ""
    href: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Work:
    """Something that waits for the reader: what to do, why it is on the list, and the page on which to do it."""

    text: str
    reason: str
    href: str
    roles: frozenset[str] = frozenset()
    unit: str = ""
