"""A SYNTHETIC operating standard in a demonstration's own rulebook folder, and what some groups say of themselves."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from openpbc import audit
from openpbc.governance.actions.standard import assess_standard
from openpbc.governance.reads.standard import STANDARD, assessments, standard
from openpbc.governance.rules.standard import MET, NOT_MET, PARTLY
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.rulebook.laying import Origin, laying
from openpbc.rulebook.values import NotSet, Status

_POINTS = (
    ("Clinical lead", "SYNTHETIC: every practice names a clinician who speaks for it in the group."),
    ("Monthly meeting", "SYNTHETIC: the group meets every month, and its minutes are kept."),
    ("Budget looked at", "SYNTHETIC: the group looks at its budget statement within a month of receiving it."),
    ("Interests", "SYNTHETIC: everybody who decides for the group has declared interests this year."),
)
_ORIGIN = Origin("synthetic-county", "Demonstration", "SYN", Status.ASSUMED, "SYNTHETIC: no such standard exists.")
_FIRST = {
    "Clinical lead": (MET, ""),
    "Monthly meeting": (PARTLY, "SYNTHETIC: no meeting in two months of the year."),
    "Budget looked at": (NOT_MET, "SYNTHETIC: statements are not yet on the agenda."),
}
_LATER = _FIRST | {
    "Budget looked at": (MET, "SYNTHETIC: on every agenda since the spring."),
    "Interests": (MET, "SYNTHETIC: see the register of interests."),
}
_SPEAKER = "group@demo"


@audit.action("governance.lay_standard", late=True)
def lay_standard(*, by: Actor, place: str) -> None:
    """Lay a SYNTHETIC standard over one that is not set, in the rulebook folder in use; a second time changes nothing.

    As with prices, the event is kept before the standard comes into force.
    """
    book = organisations.book(place)
    if STANDARD not in book.subjects or not isinstance(standard(book), NotSet):
        return
    rows = [{"key": key, "words": words} for key, words in _POINTS]
    with laying(book, STANDARD, book.place.year, rows, _ORIGIN, settings.RULEBOOK) as made:
        with audit.writing():
            audit.note(subject=f"standard/{place}", after={"sha256": made.laid.after, "points": len(rows)},
                       reason="SYNTHETIC: invented for demonstration")  # fmt: skip
        made.put()


@audit.action("governance.demonstrate_standard")
def demonstrate_standard(*, by: Actor, place: str) -> None:
    """Let all groups but the demo manager's assess themselves, one of them twice; a second run changes nothing.

    It is done only where the standard is the invented one.
    """
    points, speaker = standard(organisations.book(place)), organisations.viewer_by_sign_in(_SPEAKER)
    invented = not isinstance(points, NotSet) and [(each.key, each.words) for each in points] == list(_POINTS)
    if not invented or assessments(place):
        audit.nothing_changed()
        return
    own = speaker.codes(place, "unit") if speaker else ()
    units = [each.code for each in organisations.units(place) if each.code not in own]
    for at, unit in enumerate(units):
        _assess(by, place, unit, 90 - at, _FIRST)
    if units:
        _assess(by, place, units[0], 7, _LATER)
    audit.note(subject=f"place/{place}", after={"assessed": units}, reason="SYNTHETIC: assessed for demonstration")


def _assess(by: Actor, place: str, unit: str, days_ago: int, results: dict[str, tuple[str, str]]) -> None:
    on = organisations.today() - timedelta(days=days_ago)
    assess_standard(by=by, place=place, unit=unit, assessed_on=on, results=results, synthetic=True)
