"""Meetings: what is called and what waits, and one meeting with its agenda, for each reader what they may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openpbc.governance import actions
from openpbc.governance.pages import agenda
from openpbc.governance.pages.attending import extract_table
from openpbc.governance.pages.meeting_parts import (
    SEEN,
    at,
    body_name,
    item_tag,
    kind_of,
    mark_tag,
    may,
    meeting_crumb,
    meeting_name,
    meetings_crumb,
    on_day,
    state_tag,
    when,
)
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads import seats
from openpbc.governance.reads.interests import MONTHS
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.marks import marks
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.sitting import barred_items
from openpbc.governance.rules.meetings import CLOSED, ITEM_KINDS, MEETING_KINDS, OPEN, ORDINARY, PLANNED
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import Field, Form, choice, day, line
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

WITHHELD = "Withheld from you"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """All meetings (``?body=`` keeps one body's), what waits for one, and what people agreed to do."""
    book, body = open_book(place), request.GET.get("body", "")
    body = seats.find_body(book, body).code if body else ""
    found = reads.meetings(place, body)
    waiting = items_read.waiting(place, body)
    links = [("Bodies", at("bodies", place)), ("Actions agreed", at("agreed", place))]
    links.append(("Meetings in your calendar", at("meeting-feed-address", place)))
    if may(request, "meeting-call", place):
        links.insert(0, ("Call a meeting", at("meeting-call", place) + (f"?body={body}" if body else "")))
    if body:
        links.append(("All bodies", at("meetings", place)))
    page = Page(
        template="openpbc/sheet.jinja",
        title=f"Meetings: {body_name(book, body)}" if body else "Meetings",
        book=book,
        tables=(_meetings_table(book, found), waiting_table(book, request.viewer, waiting)),
        synthetic=any(each.synthetic for each in found) or any(each.synthetic for each in waiting),
        context={
            "lead": "Open a meeting for its agenda. What waits is put on an agenda by the body's secretary.",
            "links": links,
        },
    )
    return respond(request, page)


def _meetings_table(book: Book, found: tuple[Meeting, ...]) -> Table:
    rows: list[list[Cell]] = [
        [
            Link(meeting_name(book, each), at("meeting", book.place.id, each.id)),
            on_day(each.held_on),
            each.starts_at,
            each.venue,
            state_tag(each),
        ]
        for each in found
    ]
    columns = [tables.text(title) for title in ("Meeting", "Day", "Time", "Venue", "State")]
    return tables.table("meetings", "Meetings", columns, rows, cards=True, empty="No meeting is called yet.")


def waiting_table(book: Book, viewer: Viewer, waiting: tuple[Item, ...]) -> Table:
    """What waits for a meeting; an item that the reader may not see shows that it is there and nothing else."""
    rows: list[list[Cell]] = []
    closed, marked = barred_items(viewer, book.place.id, waiting), marks(book.place.id, waiting)
    for each in waiting:
        name = body_name(book, each.body)
        if why := closed.get(each.id):
            rows.append([WITHHELD, name, "", "", why])
        else:
            link = Link(each.title, at("item", book.place.id, each.id))
            kind = ", ".join(part for part in (ITEM_KINDS[each.kind], marked.get(each.id, "")) if part)
            rows.append([link, name, kind, on_day(timezone.localdate(each.put_at)), f"put by {each.put_by}"])
    columns = [tables.text(title) for title in ("Item", "Body", "Kind", "Since", "How it came here")]
    return tables.table("waiting", "Waits for a meeting", columns, rows, cards=True, empty="Nothing waits.")


def meeting(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One meeting: its agenda, what the reader may do now, and for who keeps it what stands in the way of each item."""
    book = open_book(place)
    found = reads.meeting(place, number)
    listed = items_read.items(place, number)
    viewer: Viewer = request.viewer
    outside = request.GET.get("audience") == agenda.OUTSIDE
    held = seats.officers(place, found.body, found.held_on)
    keeps = viewer.actor.id in held and may(request, "meeting-change", place)
    registers = may(request, "interest-register", place)
    closed, marked = barred_items(viewer, place, listed), marks(place, listed)
    page = Page(
        template="governance/meeting.jinja",
        title=meeting_name(book, found),
        book=book,
        trail=(meetings_crumb(book),),
        tables=(
            *((agenda.brief_table(book, found, listed, viewer),) if keeps else ()),
            *((extract_table(book, found),) if registers else ()),
        ),
        synthetic=found.synthetic or any(each.synthetic for each in listed),
        rests_on=(
            *((book.table(seats.RULES),) if keeps else ()),
            *((book.value(MONTHS),) if registers else ()),
        ),
        document=agenda.pack(book, found, listed, viewer, outside=outside),
        context={
            "meeting": found,
            "tag": state_tag(found),
            "when": when(found),
            "kind": kind_of(found),
            "body": body_name(book, found.body),
            "items": tuple(_line(book, each, closed.get(each.id, ""), marked.get(each.id, "")) for each in listed),
            "keeps": keeps,
            "sits": viewer.actor.id in {each.person for each in seats.seats(place, found.body, found.held_on)},
            "ways": _ways(place, found) if keeps else (),
        },
    )
    return respond(request, page)


def _line(book: Book, item: Item, withheld: str, mark: str) -> dict[str, Any]:
    """One line of the agenda: for whom it is withheld it gives its number and why, and nothing of the item."""
    if withheld:
        return {"number": item.number, "withheld": withheld}
    return {
        "number": item.number,
        "title": item.title,
        "href": at("item", book.place.id, item.id),
        "kind": ITEM_KINDS[item.kind],
        "tag": item_tag(item),
        "mark": mark_tag(mark),
        "private": item.private,
        "papers": [(each.name, at("paper", book.place.id, item.id, each.id)) for each in item.current_papers],
    }


def _ways(place: str, found: Meeting) -> tuple[tuple[str, str], ...]:
    """What who keeps the meeting may do with it now."""
    number = found.id
    agenda_ways = (("Put what waits on the agenda", at("agenda-add", place, number)),
                   ("Add an item", at("item-add", place, number)))  # fmt: skip
    if found.state == PLANNED:
        return (
            *agenda_ways,
            ("Move the meeting", at("meeting-change", place, number)),
            ("Open the meeting", at("meeting-open", place, number)),
            ("Cancel it", at("meeting-cancel", place, number)),
        )
    if found.state == OPEN:
        return (
            ("Meeting room", at("room", place, number)),
            *agenda_ways,
            ("End the meeting", at("meeting-close", place, number)),
        )
    return (("Record an action", at("agreed-add", place, number)),) if found.state == CLOSED else ()


def call(request: HttpRequest, place: str) -> HttpResponse:
    """Call a meeting of a body."""
    book = open_book(place)
    bodies = tuple((each.code, body_name(book, each.code)) for each in seats.all_bodies(book).values())

    def act(values: Mapping[str, Any]) -> str:
        number = actions.call_meeting(by=request.viewer.actor, place=place, **values)
        return at("meeting", place, number)

    form = Form((
        choice("body", "Body", bodies, "Choose the body."),
        Field("held_on", "Day", day, "Such as 5 November 2008", required="Give the day.", width="10"),
        line("starts_at", "Time", hint="Such as 14:30", longest=5),
        line("venue", "Venue"),
        choice("kind", "Kind", MEETING_KINDS.items(), "Choose the kind."),
        line("reason", "Why it cannot wait", hint="Only for an extraordinary meeting", longest=500),
    ))  # fmt: skip
    writing = Writing("Call a meeting", form, "Call the meeting", act, book=book,
                      trail=(meetings_crumb(book),), first={"kind": ORDINARY})  # fmt: skip
    return write(request, writing)


def change(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Move a planned meeting."""
    book, found = open_book(place), reads.meeting(place, number)

    def act(values: Mapping[str, Any]) -> str:
        facts = {"starts_at": "", "venue": ""} | dict(values)
        actions.change_meeting(by=request.viewer.actor, place=place, meeting=number, **facts)
        return at("meeting", place, number)

    form = Form((
        Field("held_on", "Day", day, "Such as 5 November 2008", required="Give the day.", width="10"),
        line("starts_at", "Time", hint="Such as 14:30", longest=5),
        line("venue", "Venue"),
        SEEN,
    ))  # fmt: skip
    first = {"held_on": on_day(found.held_on), "starts_at": found.starts_at, "venue": found.venue}
    writing = Writing(
        "Move the meeting", form, "Save", act, book=book, trail=(meetings_crumb(book), meeting_crumb(book, found)),
        first=first | {"seen": str(found.revision)}, lead="Whoever fetches the calendar again sees it moved.",
    )  # fmt: skip
    return write(request, writing)


def cancel(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Cancel a planned meeting."""
    book, found = open_book(place), reads.meeting(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.cancel_meeting(by=request.viewer.actor, place=place, meeting=number, **values)
        return at("meeting", place, number)

    form = Form((line("reason", "Reason", "Say why.", longest=500), SEEN))
    writing = Writing(
        "Cancel the meeting", form, "Cancel the meeting", act, book=book,
        check=lambda values: Checked(
            (("Meeting", when(found)), ("Reason", values["reason"])),
            ("What stands on its agenda waits for the next one.",),
        ),
        trail=(meetings_crumb(book), meeting_crumb(book, found)), first={"seen": str(found.revision)},
    )  # fmt: skip
    return write(request, writing)


def opening(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Open a meeting, by which its roll is taken."""
    book, found = open_book(place), reads.meeting(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.open_meeting(by=request.viewer.actor, place=place, meeting=number)
        return at("room-attendance", place, number)

    held = seats.seats(place, found.body, found.held_on)
    rows: tuple[tuple[str, Cell], ...] = tuple((each.name, each.capacity) for each in held)
    writing = Writing(
        "Open the meeting", Form(()), "Open the meeting", act, book=book,
        check=lambda values: Checked(
            rows, ("The roll is taken from the seats held on the day of the meeting, as listed here.",
                   "Urgent actions of the chair that wait come on the agenda.")),
        trail=(meetings_crumb(book), meeting_crumb(book, found)),
        lead="On the day itself, once people are there. Next you record who is present.",
    )  # fmt: skip
    return write(request, writing)


def closing(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """End an open meeting."""
    book, found = open_book(place), reads.meeting(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.close_meeting(by=request.viewer.actor, place=place, meeting=number)
        return at("minutes", place, number)

    rows: tuple[tuple[str, Cell], ...] = tuple(
        (f"{each.number} {each.title}", item_tag(each)) for each in items_read.items(place, number)
    )
    writing = Writing(
        "End the meeting", Form(()), "End the meeting", act, book=book,
        check=lambda values: Checked(rows, ("Nothing is decided in it afterwards. Notes of its minutes stay open until"
                                            " a later meeting confirms them.",)),
        trail=(meetings_crumb(book), meeting_crumb(book, found)),
    )  # fmt: skip
    return write(request, writing)
