"""Marks that a later room gives to what is put to a body, such as a case that is in no plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpbc.governance.reads.items import Item
from openpbc.governance.rules.meetings import LISTED, WAITING
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.later import asked_of_later

# The name by which a later room answers: the book and some matters in, a few words for each marked matter out.
QUESTION = "agenda_marks"


def marks(place: str, found: Iterable[Item]) -> dict[int, str]:
    """Give the mark of each item of a place that has one, by number, as a few words, asking once for all items.

    An item that was decided keeps the mark that it had then, from the record of its decision; what waits or is listed
    is marked as things stand now. Who shows a mark has asked before whether the reader may see the item.
    """
    asked = tuple(found)
    now = _now(place, {each.matter for each in asked if each.matter and each.state in (WAITING, LISTED)})
    told = {each.id: each.record.get("mark", "") if each.record else now.get(each.matter, "") for each in asked}
    return {number: mark for number, mark in told.items() if mark}


def mark(found: Item) -> str:
    """Give the mark of one item; empty where it has none."""
    return marks(found.place, (found,)).get(found.id, "")


def _now(place: str, matters: set[str]) -> Mapping[str, str]:
    ask = asked_of_later(QUESTION)
    return ask(organisations.book(place), frozenset(matters)) if ask and matters else {}
