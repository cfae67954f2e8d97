"""What waits for somebody around meetings: for who keeps, chairs or sits in them, and for who said they would act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from openpbc.governance.pages.meeting_parts import at, body_name, meeting_name, on_day
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads import seats
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.meetings import CLOSED, OPEN, PLANNED, Meeting
from openpbc.governance.reads.sitting import barred_items
from openpbc.governance.rules.quorum import CHAIR, SECRETARY, VICE
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work
from openpbc.ui.pages import capital

SOON_DAYS = 14


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Items that wait, meetings that come or are open, minutes to confirm, and actions that are due."""
    place, today, me = book.place.id, organisations.today(), viewer.actor.id
    mine = {each.body: each.capacity for each in seats.seats(place, on=today, person=me)}
    if mine:
        found = reads.meetings(place)
        for body, capacity in sorted(mine.items()):
            own = tuple(each for each in found if each.body == body)
            if capacity == SECRETARY:
                yield from _secretary(book, viewer, body, own)
            if capacity == CHAIR:
                yield from _chair(book, viewer, body)
            yield from _member(book, own, chairs=capacity in (CHAIR, VICE))
    yield from _agreed(book, viewer)


def _secretary(book: Book, viewer: Viewer, body: str, own: tuple[Meeting, ...]) -> Iterator[Work]:
    place, name = book.place.id, body_name(book, body)
    waiting = _seen_waiting(viewer, place, body)
    coming = min((each for each in own if each.state == PLANNED), key=lambda each: each.held_on, default=None)
    if waiting:
        href = at("agenda-add", place, coming.id) if coming else at("meeting-call", place) + f"?body={body}"
        text = "Put it on an agenda" if coming else "Call a meeting"
        shown = [each.title for each in waiting]
        yield Work(f"{text}: {_many(waiting)} for the {name}", "; ".join(shown[:3]), href)
    closed = [each for each in own if each.state == CLOSED and not each.confirmed]
    if closed:
        last = closed[-1]
        yield Work(
            f"Finish the minutes: {meeting_name(book, last)}",
            f"Held on {on_day(last.held_on)}; a later meeting has not confirmed them yet.",
            at("minutes", place, last.id),
        )


def _seen_waiting(viewer: Viewer, place: str, body: str) -> list[Item]:
    waiting = items_read.waiting(place, body)
    closed = barred_items(viewer, place, waiting)
    return [each for each in waiting if each.id not in closed]


def _many(waiting: list[Item]) -> str:
    return "1 item waits" if len(waiting) == 1 else f"{len(waiting)} items wait"


def _chair(book: Book, viewer: Viewer, body: str) -> Iterator[Work]:
    """What waits for the body and is on no agenda yet: it cannot be decided until the secretary lists it."""
    place, today = book.place.id, organisations.today()
    waiting = _seen_waiting(viewer, place, body)
    if waiting:
        first = waiting[0]
        days = (today - timezone.localdate(first.put_at)).days
        yield Work(
            f"{_many(waiting)} for the {body_name(book, body)}",
            f"Cannot be decided yet: on no agenda. The first, {first.title}, waits {days} days.",
            at("body", place, body),
        )


def _member(book: Book, own: tuple[Meeting, ...], *, chairs: bool) -> Iterator[Work]:
    place, today = book.place.id, organisations.today()
    for each in own:
        if each.state == OPEN:
            yield Work(f"Go to the meeting: {meeting_name(book, each)}", "It is open now.", at("room", place, each.id))
        elif each.state == PLANNED and today <= each.held_on <= today + timedelta(days=SOON_DAYS):
            reason = (
                "Check interests and quorum by item before the day." if chairs else "Read the papers before the day."
            )
            yield Work(
                f"Prepare: {meeting_name(book, each)} on {on_day(each.held_on)}", reason, at("meeting", place, each.id)
            )


def _agreed(book: Book, viewer: Viewer) -> Iterator[Work]:
    """What the reader said that they would do; its words are the item's, and what is private does not travel."""
    place, today = book.place.id, organisations.today()
    mine = [each for each in reads.agreed(place, is_open=True) if each.owner == viewer.actor.id]
    held = {item.id: item for item in items_read.some(place, {each.item for each in mine if each.item})}
    closed = barred_items(viewer, place, held.values())
    for each in mine:
        item = held[each.item] if each.item else None
        if item and item.id in closed:
            continue
        late = "late, " if each.is_late(today) else ""
        reason = f"{late}due on {on_day(each.due)}, agreed by the {body_name(book, each.body)}."
        outside = f"Do what you agreed in the {body_name(book, each.body)}" if item and item.private else ""
        yield Work(
            f"Do what you agreed: {each.text}", capital(reason), at("agreed-done", place, each.id), outside=outside
        )
