"""What governance asks of the reader today."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from openpbc.governance import reads
from openpbc.governance.pages.interest_tables import say_day
from openpbc.governance.reads.standard import latest_assessments, standard
from openpbc.governance.rules.standard import not_asked
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.offers import Work

# Who may speak for a group, as the access matrix has it.
_SPEAKERS = ("gp_lead", "group_manager")


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
    if viewer.roles_in(place) & set(_SPEAKERS):
        yield from _standard(book, viewer)


def _silent(book: Book) -> Iterator[Work]:
    """People who have to declare and have not, or too long ago: the secretary asks them."""
    late = reads.outstanding(book, organisations.today())
    if late:
        many = "1 person" if len(late) == 1 else f"{len(late)} people"
        names = ", ".join(each.person.name for each in late[:3])
        href = reverse("governance:interest-register", args=[book.place.id])
        yield Work(f"Ask {many} to declare their interests", f"Until they do, they cannot vote: {names}", href)


def _standard(book: Book, viewer: Viewer) -> Iterator[Work]:
    """A group for which the reader speaks that has not assessed itself, or not on all points as they are now."""
    place, points = book.place.id, standard(book)
    if isinstance(points, NotSet):
        return
    latest = latest_assessments(place)
    for unit in organisations.units(place):
        if not any(viewer.owns(role, place, "unit", unit.code) for role in _SPEAKERS):
            continue
        last = latest.get(unit.code)
        new = not_asked(points, last.said) if last else len(points)
        if new:
            many = "1 point is" if new == 1 else f"{new} points are"
            reason = f"{many} new since it did" if last else "It has not said yet which points it meets"
            href = reverse("governance:standard-assess", args=[place, unit.code])
            yield Work(f"Assess {unit.name} against the minimum operating standard", reason, href)
