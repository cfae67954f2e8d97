"""The gate before every page: what somebody's own interest withholds from them, whichever room shows it.

A room says in its ``MATTERS`` on which page a matter stands; that page and everything below it, downloads and forms
included, is closed here. Lists of several matters ask ``governance.reads.sealed_matters`` and close such a row.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.governance import reads as governance
from openpbc.kernel.problems import Withheld
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.site import rooms
from openpbc.ui.offers import Work


def closed_pages(viewer: Viewer, place: str) -> dict[str, str]:
    """Give every page of a place that is closed to somebody, with the sentence why."""
    return pages_of(sealed_matters(viewer, place)) if place else {}


def sealed_matters(viewer: Viewer, place: str) -> dict[str, str]:
    """Give every matter of a place that somebody's own interest withholds from them; none from who is not signed in."""
    return governance.sealed_matters(viewer, place) if viewer.signed_in else {}


def pages_of(sealed: Mapping[str, str]) -> dict[str, str]:
    """Give the pages of matters that are withheld, with the sentence why."""
    pages = ((rooms.matter_page(matter), why) for matter, why in sealed.items())
    return {page: why for page, why in pages if page}


def why_closed(closed: Mapping[str, str], path: str) -> str:
    """Say why a path is closed: it is one of the pages, or lies below one; empty if it is open."""
    return why_under(closed, path.partition("?")[0].partition("#")[0])


def why_under(closed: Mapping[str, str], at: str) -> str:
    """Say why a page or an address is closed: it is one of those that are, or lies below one; empty if it is open."""
    return next((why for under, why in closed.items() if at == under or at.startswith(f"{under}/")), "")


def open_work(book: Book, viewer: Viewer) -> list[Work]:
    """Give what waits for somebody in a place, without what waits on a matter that their own interest closes."""
    sealed = sealed_matters(viewer, book.place.id)
    closed = pages_of(sealed)
    found = rooms.work(book, viewer)
    return [each for each in found if each.matter not in sealed and not why_closed(closed, each.href)]


def why_sealed(viewer: Viewer, address: str) -> str:
    """Say why the figure at an address is withheld: it is one of a matter that is; empty if it is not."""
    return why_under(sealed_matters(viewer, rooms.place_of(address)), address.partition("?")[0])


def refuse_sealed(viewer: Viewer, address: str) -> None:
    """Refuse to explain a figure of a matter that is withheld."""
    if why := why_sealed(viewer, address):
        raise Withheld(why)
