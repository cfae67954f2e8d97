"""What a room offers to the pages around it: an entry in the menu, headline figures, work, and what can be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

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
    """Something that waits for the reader: what to do, why it is on the list, and the page on which to do it.

    ``matter`` is the address of the matter to which it belongs: withheld from the reader, it is not on their list.
    ``outside`` is what an e-mail says instead of ``text``, where that may not leave the site. ``waits`` marks what is
    theirs to do and cannot start yet: ``reason`` says why not, and it is listed apart from what can be done.
    """

    text: str
    reason: str
    href: str
    roles: frozenset[str] = frozenset()
    unit: str = ""
    matter: str = ""
    outside: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Way:
    """A page by its route and what its address names, so that the access matrix can be asked before it is shown."""

    route: str
    about: Mapping[str, str | int]
    fragment: str = ""

    @property
    def href(self) -> str:
        """The address of the page."""
        return reverse(self.route, kwargs=dict(self.about)) + self.fragment


def nothing_closes() -> str:
    """What closes a thing that nothing closes."""
    return ""


@dataclass(frozen=True)
class Findable:
    """Something that search can find: its kind and title, a line that says which it is, and other words to look in.

    The first of ``ways`` that the reader may go is shown; what has none for a reader is not found. ``matter`` is the
    address of the matter to which it belongs: withheld from somebody, it is neither found nor counted. ``closed`` says
    why the room keeps it from this reader; it is asked only of what the words find.
    """

    kind: str
    title: str
    line: str
    ways: tuple[Way, ...]
    text: str = ""
    matter: str = ""
    synthetic: bool = False
    closed: Callable[[], str] = field(default=nothing_closes, compare=False)
