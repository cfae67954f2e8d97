"""Who may see a decision or an appeal: the gate of the item in which it was taken, and of the matters behind it."""

from __future__ import annotations

from collections.abc import Iterable

from openpbc.governance.reads import items
from openpbc.governance.reads.appeals import Appeal, appeals
from openpbc.governance.reads.decisions import Decision
from openpbc.governance.reads.matters import sealed_matters, withheld
from openpbc.governance.reads.sitting import PRIVATE, barred
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book

__all__ = ["PRIVATE", "barred_appeal", "barred_decision", "closed_decisions", "seen_appeals"]


def barred_decision(viewer_or_person: Viewer | str, taken: Decision) -> str:
    """Say why a person may not see a decision: its matter is withheld, or the item in which it was taken."""
    if why := withheld(viewer_or_person, taken.place, taken.matter):
        return why
    item = items.item_of_decision(taken.id)
    return barred(viewer_or_person, item) if item else ""


def closed_decisions(viewer_or_person: Viewer | str, place: str, found: Iterable[Decision]) -> dict[int, str]:
    """Give which of many decisions a person may not see, by number, with the sentence why."""
    sealed, taken_in = sealed_matters(viewer_or_person, place), items.items_of_decisions(place)
    told = {}
    for each in found:
        item = taken_in.get(each.id)
        if why := sealed.get(each.matter, "") or (barred(viewer_or_person, item, sealed) if item else ""):
            told[each.id] = why
    return told


def barred_appeal(viewer_or_person: Viewer | str, found: Appeal) -> str:
    """Say why a person may not see an appeal; a private one opens to those who decided and who hear it."""
    if why := withheld(viewer_or_person, found.place, found.matter, found.decision.matter):
        return why
    why = barred_decision(viewer_or_person, found.decision)
    if why != PRIVATE:
        return why
    if found.item is not None:
        return barred(viewer_or_person, items.item(found.place, found.item))
    return barred_decision(viewer_or_person, found.settled) if found.settled else why


def seen_appeals(book: Book, viewer_or_person: Viewer | str) -> tuple[Appeal, ...]:
    """Give the appeals of a place that somebody may see, the latest first."""
    return tuple(each for each in appeals(book) if not barred_appeal(viewer_or_person, each))
