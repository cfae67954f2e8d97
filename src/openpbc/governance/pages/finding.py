"""What can be found of governance: bodies, meetings, items of agendas with their papers, decisions, appeals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from openpbc.governance import reads
from openpbc.governance.pages.meeting_parts import body_name, meeting_name, on_day
from openpbc.governance.reads import items, meetings, seats
from openpbc.governance.reads.gate import seen_appeals
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.matters import sealed_matters
from openpbc.governance.reads.sitting import barred
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Way, nothing_closes
from openpbc.ui.pages import capital


def finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """Everything of the room that the reader may see: an item from which they are barred is not there."""
    place = book.place.id
    closed = partial(barred, viewer, sealed=sealed_matters(viewer, place))
    for body in seats.all_bodies(book).values():
        at = Way("governance:body", {"place": place, "code": body.code})
        yield Findable("Bodies", capital(body.name), body.power, (at,), " ".join((body.code, *body.also)))
    for meeting in meetings.meetings(place):
        at = Way("governance:meeting", {"place": place, "number": meeting.id})
        line = f"{on_day(meeting.held_on)}, {meeting.state}"
        yield Findable("Meetings", meeting_name(book, meeting), line, (at,), meeting.venue, "", meeting.synthetic)
    for item in items.every_item(place):
        at = Way("governance:item", {"place": place, "number": item.id})
        line = f"{capital(body_name(book, item.body))}, {item.state}"
        text = " ".join((item.reasons, *(paper.name for paper in item.current_papers)))
        yield Findable(
            "Items of meetings", item.title, line, (at,), text, item.matter or item.address, item.synthetic,
            partial(closed, item),
        )  # fmt: skip
    yield from _decisions(book, closed)
    for appeal in seen_appeals(book, viewer):
        at, against = Way("governance:appeal", {"place": place, "number": appeal.number}), appeal.decision
        line = f"{appeal.appellant_name}, {appeal.result or appeal.state}"
        text = f"{appeal.grounds} {appeal.taken_back}"
        yield Findable("Appeals", against.title, line, (at,), text, appeal.matter, against.synthetic)


def _decisions(book: Book, closed: Callable[[Item], str]) -> Iterator[Findable]:
    """Decisions; one taken in a private part is for those who may see its item."""
    place, names, taken_at = book.place.id, reads.deciders(book), items.items_of_decisions(book.place.id)
    for each in reads.decisions(place):
        at, item = Way("governance:decision", {"place": place, "number": each.id}), taken_at.get(each.id)
        line = f"{each.outcome}, {capital(names.get(each.body, each.body))}, {each.when.name}"
        text = f"{each.minute} {each.text}"
        yield Findable(
            "Decisions", each.title, line, (at,), text, each.matter, each.synthetic,
            partial(closed, item) if item else nothing_closes,
        )  # fmt: skip
