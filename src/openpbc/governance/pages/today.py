"""What governance asks of the reader today."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from openpbc.governance import reads
from openpbc.governance.pages.interest_tables import say_day
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """A declaration that is missing or too old; and, for secretary and chair, late ones that the chair has not seen."""
    place, today = book.place.id, organisations.today()
    if viewer.roles_in(place) & reads.settings(book).roles:
        last = reads.declared(viewer.actor.id, place, today)
        if last is None or reads.is_old(book, last, today):
            said = "You have not declared any" if last is None else f"You last declared on {say_day(last)}"
            href = reverse("governance:interests", args=[place])
            yield Work("Declare your interests", f"{said}; until you do, you cannot vote", href)
    if viewer.roles_in(place) & {"committee_secretary", "committee_chair"}:
        untold = reads.untold(book)
        if untold:
            href = reverse("governance:interest-breaches", args=[place])
            reason = "The list of what was opened and voted on before is ready for the chair"
            yield Work(f"See {untold} interests that were declared late", reason, href)
