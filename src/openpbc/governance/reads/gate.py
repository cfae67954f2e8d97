"""Who may see a decision or an appeal: the gate of the item in which it was taken, and of the matters behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from openpbc.governance.reads import items
from openpbc.governance.reads.appeals import Appeal, appeals
from openpbc.governance.reads.decisions import Decision
from openpbc.governance.reads.matters import sealed_matters
from openpbc.governance.reads.sitting import PRIVATE, barred
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book

__all__ = [
    "PRIVATE",
    "barred_appeal",
    "barred_decision",
    "closed_appeals",
    "closed_decisions",
    "closed_outside",
    "seen_appeals",
]


def barred_decision(viewer_or_person: Viewer | str, taken: Decision) -> str:
    """Say why a person may not see a decision: its matter is withheld, or the item in which it was taken."""
    return closed_decisions(viewer_or_person, taken.place, (taken,)).get(taken.id, "")


def closed_decisions(viewer_or_person: Viewer | str, place: str, found: Iterable[Decision]) -> dict[int, str]:
    """Give which of many decisions a person may not see, by number, with the sentence why."""
    taken = tuple(found)
    gate = _Gate(viewer_or_person, place, taken)
    return {each.id: why for each in taken if (why := gate.decision(each))}


def closed_outside(viewer: Viewer, place: str, found: Iterable[Decision]) -> dict[int, str]:
    """Give which of many decisions are left out of what goes to people outside the body: every private one is."""
    taken = tuple(found)
    gate = _Gate(viewer, place, taken)
    return {each.id: why for each in taken if (why := gate.outside(each))}


def barred_appeal(viewer_or_person: Viewer | str, found: Appeal) -> str:
    """Say why a person may not see an appeal; a private one opens to those who decided and who hear it."""
    return closed_appeals(viewer_or_person, found.place, (found,)).get(found.number, "")


def closed_appeals(viewer_or_person: Viewer | str, place: str, found: Iterable[Appeal]) -> dict[int, str]:
    """Give which of many appeals a person may not see, by number, with the sentence why."""
    known = tuple(found)
    taken = (*(each.decision for each in known), *(each.settled for each in known if each.settled))
    gate = _Gate(viewer_or_person, place, taken, [each.item for each in known if each.item is not None])
    return {each.number: why for each in known if (why := gate.appeal(each))}


def seen_appeals(book: Book, viewer_or_person: Viewer | str) -> tuple[Appeal, ...]:
    """Give the appeals of a place that somebody may see, the latest first."""
    found = appeals(book)
    closed = closed_appeals(viewer_or_person, book.place.id, found)
    return tuple(each for each in found if each.number not in closed)


class _Gate:
    """What is closed to a person of some decisions and of items that wait, read once for all of them."""

    def __init__(
        self, viewer_or_person: Viewer | str, place: str, taken: Iterable[Decision], waiting: Collection[int] = ()
    ) -> None:
        self._who, self._place = viewer_or_person, place
        self._taken, self._waiting = frozenset(each.id for each in taken), waiting

    def decision(self, taken: Decision) -> str:
        """Say why the person may not see a decision: its matter is withheld, or the item in which it was taken."""
        item = self._items.get(taken.id)
        return self._sealed.get(taken.matter, "") or (barred(self._who, item, self._sealed) if item else "")

    def outside(self, taken: Decision) -> str:
        """Say why a decision is left out of what goes to people outside the body."""
        item = self._items.get(taken.id)
        return PRIVATE if item and item.private else self.decision(taken)

    def appeal(self, found: Appeal) -> str:
        """Say why the person may not see an appeal; a private one opens to those who decided and who hear it."""
        why = self._sealed.get(found.matter, "") or self.decision(found.decision)
        if why != PRIVATE:
            return why
        if found.item is not None:
            return barred(self._who, self._heard[found.item], self._sealed)
        return self.decision(found.settled) if found.settled else why

    @cached_property
    def _sealed(self) -> dict[str, str]:
        return sealed_matters(self._who, self._place)

    @cached_property
    def _items(self) -> dict[int, items.Item]:
        return items.items_of_decisions(self._place, self._taken)

    @cached_property
    def _heard(self) -> dict[int, items.Item]:
        return {each.id: each for each in items.some(self._place, self._waiting)}
