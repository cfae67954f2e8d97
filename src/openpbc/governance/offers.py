"""What the room offers to the roof."""

from __future__ import annotations

from collections.abc import Iterator

from openpbc.governance.pages import appeals, delegation, meeting_work, today
from openpbc.governance.pages.finding import finds
from openpbc.governance.pages.meeting_parts import item_page
from openpbc.governance.reads import items, quorum_explaining
from openpbc.governance.rules.appeals import PREFIX
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Tile, Work


def _work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """What waits around meetings, then around interests and matters."""
    yield from meeting_work.work(book, viewer)
    yield from today.work(book, viewer)
    yield from appeals.work(book, viewer)


TILES = (
    Tile("Meetings", "governance:meetings"),
    Tile("Decisions", "governance:decisions"),
    Tile("Interests", "governance:interests"),
    Tile("Who decides", "governance:delegation"),
    Tile("How a case is decided", "governance:process"),
)
MATTERS = {delegation.MATTER: delegation.matter_page, items.PREFIX: item_page, PREFIX: appeals.matter_page}
WORK = _work
EXPLAIN = {quorum_explaining.PREFIX: quorum_explaining.explain_quorum}
FINDS = finds
