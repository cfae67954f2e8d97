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
            many = "1 interest that was" if untold == 1 else f"{untold} interests that were"
            yield Work(f"See {many} declared late", reason, href)
    if "committee_secretary" in viewer.roles_in(place):
        yield from _silent(book)


def _silent(book: Book) -> Iterator[Work]:
    """People who have to declare and have not, or too long ago: the secretary asks them."""
    late = reads.outstanding(book, organisations.today())
    if late:
        many = "1 person" if len(late) == 1 else f"{len(late)} people"
        names = ", ".join(each.person.name for each in late[:3])
        href = reverse("governance:interest-register", args=[book.place.id])
        yield Work(f"Ask {many} to declare their interests", f"Until they do, they cannot vote: {names}", href)
