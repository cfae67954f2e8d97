"""What the pages of bodies and meetings share: addresses, crumbs, names, tags, and fields that several forms ask."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from openpbc.governance.reads.items import Item
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.seats import all_bodies
from openpbc.governance.rules.meetings import (
    CANCELLED,
    CLOSED,
    DONE,
    ITEM_STATES,
    LISTED,
    MEETING_KINDS,
    OPEN,
    PLANNED,
    STATES,
    TAKEN,
    WAITING,
    WITHDRAWN,
)
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Tag
from openpbc.ui.forms import HIDDEN, Field, whole_number
from openpbc.ui.pages import Crumb, capital

STATE_COLOURS = {PLANNED: "blue", OPEN: "yellow", CLOSED: "green", CANCELLED: "grey"}
ITEM_COLOURS = {WAITING: "grey", LISTED: "blue", DONE: "green", TAKEN: "white", WITHDRAWN: "grey"}
SEEN = Field("seen", "Version", whole_number, kind=HIDDEN)
YES_NO = (("no", "No"), ("yes", "Yes"))


def at(route: str, place: str, *args: object) -> str:
    """The address of one of the room's pages."""
    return reverse(f"governance:{route}", args=[place, *args])


def bodies_crumb(book: Book) -> Crumb:
    """The list of bodies in the breadcrumb."""
    return Crumb("Bodies", at("bodies", book.place.id))


def body_crumb(book: Book, code: str) -> Crumb:
    """A body in the breadcrumb."""
    return Crumb(body_name(book, code), at("body", book.place.id, code))


def meetings_crumb(book: Book) -> Crumb:
    """The list of meetings in the breadcrumb."""
    return Crumb("Meetings", at("meetings", book.place.id))


def meeting_crumb(book: Book, meeting: Meeting) -> Crumb:
    """A meeting in the breadcrumb."""
    return Crumb(meeting_name(book, meeting), at("meeting", book.place.id, meeting.id))


def item_crumbs(book: Book, item: Item, meeting: Meeting | None) -> tuple[Crumb, ...]:
    """Where an item stands, in the breadcrumb."""
    own = Crumb(short(item), at("item", book.place.id, item.id))
    return (meetings_crumb(book), *((meeting_crumb(book, meeting),) if meeting else ()), own)


def short(item: Item) -> str:
    """An item in the breadcrumb: its number, or that it waits."""
    return f"Item {item.number}" if item.number else "Item"


def body_name(book: Book, code: str) -> str:
    """What the place calls a body."""
    found = all_bodies(book).get(code)
    return capital(found.name) if found else code


def public_feed(book: Book, code: str) -> tuple[str, str]:
    """The public feed of a body: its title and its address, for pages on which a feed reader finds it."""
    return f"What everybody may read of the {body_name(book, code)}", at("body-public-feed", book.place.id, code)


def meeting_name(book: Book, meeting: Meeting) -> str:
    """A meeting by its body and its number."""
    return f"{body_name(book, meeting.body)}, meeting {meeting.number}"


def when(meeting: Meeting) -> str:
    """When and where a meeting is."""
    return ", ".join(part for part in (on_day(meeting.held_on), meeting.starts_at, meeting.venue) if part)


def on_day(day: date | None) -> str:
    """A day as people write it; nothing for none."""
    return day_text(day) if day else ""


def state_tag(meeting: Meeting) -> Tag:
    """The state of a meeting in a box; confirmed minutes show as such."""
    if meeting.confirmed:
        return Tag("Minutes confirmed", "green")
    return Tag(STATES[meeting.state], STATE_COLOURS[meeting.state])


def kind_of(meeting: Meeting) -> str:
    """What kind of meeting it is."""
    return MEETING_KINDS[meeting.kind]


def item_tag(item: Item) -> Tag:
    """The state of an item in a box, or its outcome."""
    if item.outcome:
        colours = {"approved": "green", "agreed": "green", "returned": "orange", "refused": "red"}
        return Tag(item.outcome, colours.get(item.outcome, "blue"))
    return Tag(ITEM_STATES[item.state], ITEM_COLOURS[item.state])


def mark_tag(mark: str) -> Tag | None:
    """A mark that another room gave to an item, in a box; none for an item without one."""
    return Tag(mark, "orange") if mark else None


def people_choices() -> tuple[tuple[str, str], ...]:
    """Everybody by name, to choose from."""
    return tuple(sorted(((each.sign_in, each.name) for each in organisations.people()), key=lambda each: each[1]))


def units_choices(place: str) -> tuple[tuple[str, str], ...]:
    """The commissioning units of the place, to choose from."""
    return tuple((each.code, each.name) for each in organisations.units(place))


def may(request: HttpRequest, route: str, place: str, method: str = "GET") -> bool:
    """Whether the reader may open one of the room's pages."""
    return bool(request.may(f"governance:{route}", method=method, place=place))


def item_page(address: str) -> str:
    """The page of the item at an address."""
    _, place, number = (*address.split("/"), "", "")[:3]
    return at("item", place, int(number)) if number.isdecimal() else ""
