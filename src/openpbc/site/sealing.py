"""The gate before every page: what somebody's own interest withholds from them, whichever room shows it.

A room says in its ``MATTERS`` on which page a matter stands; that page and everything below it, downloads and forms
included, is closed here. Lists of several matters ask ``governance.reads.sealed_matters`` and close such a row.
"""

from __future__ import annotations

from openpbc.governance import reads as governance
from openpbc.kernel.problems import Withheld
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.site import rooms
from openpbc.ui.offers import Work


def closed_pages(viewer: Viewer, place: str) -> dict[str, str]:
    """Give every page of a place that is closed to somebody, with the sentence why."""
    if not viewer.signed_in or not place:
        return {}
    return _pages_of(governance.sealed_matters(viewer, place))


def _pages_of(sealed: dict[str, str]) -> dict[str, str]:
    pages = ((rooms.matter_page(matter), why) for matter, why in sealed.items())
    return {page: why for page, why in pages if page}


def why_closed(closed: dict[str, str], path: str) -> str:
    """Say why a path is closed: it is one of the pages, or lies below one; empty if it is open."""
    plain = path.partition("?")[0].partition("#")[0]
    return next((why for page, why in closed.items() if plain == page or plain.startswith(f"{page}/")), "")


def open_work(book: Book, viewer: Viewer) -> list[Work]:
    """Give what waits for somebody in a place, without what waits on a matter that their own interest closes."""
    sealed = governance.sealed_matters(viewer, book.place.id) if viewer.signed_in else {}
    closed = _pages_of(sealed)
    found = rooms.work(book, viewer)
    return [each for each in found if each.matter not in sealed and not why_closed(closed, each.href)]


def why_sealed(viewer: Viewer, address: str) -> str:
    """Say why the figure at an address is withheld: it is one of a matter that is; empty if it is not."""
    sealed = governance.sealed_matters(viewer, rooms.place_of(address)) if viewer.signed_in else {}
    plain = address.partition("?")[0]
    return next((why for matter, why in sealed.items() if plain == matter or plain.startswith(f"{matter}/")), "")


def refuse_sealed(viewer: Viewer, address: str) -> None:
    """Refuse to explain a figure of a matter that is withheld."""
    if why := why_sealed(viewer, address):
        raise Withheld(why)
