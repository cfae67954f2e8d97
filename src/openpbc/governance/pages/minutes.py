"""Minutes as a page and a paper, their notes, and what people agreed to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from openpbc.governance import actions
from openpbc.governance.pages.items import open_item
from openpbc.governance.pages.meeting_parts import (
    SEEN,
    at,
    body_name,
    item_crumbs,
    may,
    meeting_crumb,
    meeting_name,
    meetings_crumb,
    on_day,
    people_choices,
    state_tag,
    when,
)
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads import minutes as minutes_read
from openpbc.governance.reads import seats
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.meetings import Agreed, Meeting
from openpbc.governance.reads.sitting import barred, barred_items
from openpbc.governance.rules.minutes import Section, unfit
from openpbc.kernel.problems import Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.documents import Document, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice, day, line, lines, whole_number
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

OUTSIDE = "outside"


def minutes(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """The minutes of a meeting, written from its record; what the reader may not see is left out with the reason."""
    book, found = open_book(place), reads.meeting(place, number)
    outside = request.GET.get("audience") == OUTSIDE
    sections = minutes_read.minutes(request.viewer, place, number, outside=outside)
    held = seats.officers(place, found.body, found.held_on)
    keeps = request.viewer.actor.id in held and may(request, "meeting-note", place)
    page = Page(
        template="governance/minutes.jinja",
        title=f"Minutes: {meeting_name(book, found)}",
        book=book,
        trail=(meetings_crumb(book), meeting_crumb(book, found)),
        synthetic=found.synthetic,
        draft=not found.confirmed,
        document=_paper(book, found, sections),
        context={
            "meeting": found,
            "tag": state_tag(found),
            "sections": sections,
            "outside": outside,
            "unfit": unfit(minutes_read.held_of(place, number)) if keeps and not found.confirmed else (),
            "notes": _notes(request, place, found) if keeps and not found.confirmed else (),
        },
    )
    return respond(request, page)


def _notes(request: HttpRequest, place: str, found: Meeting) -> tuple[tuple[str, str], ...]:
    own = (("Note of the meeting", at("meeting-note", place, found.id)),)
    items = tuple(
        (f"Note of item {each.number}", at("item-note", place, each.id))
        for each in _seen_items(request, place, found.id)
    )
    return (*own, *items, ("Record an action", at("agreed-add", place, found.id)))


def _seen_items(request: HttpRequest, place: str, meeting: int) -> list[Item]:
    listed = items_read.items(place, meeting)
    closed = barred_items(request.viewer, place, listed)
    return [each for each in listed if each.id not in closed]


def _paper(book: Book, found: Meeting, sections: tuple[Section, ...]) -> Document:
    parts: list[Part] = []
    for each in sections:
        parts += [Heading(each.heading), *(Paragraph(text) for text in each.lines)]
    kept = f"Confirmed; SHA-256 of the whole text {found.confirmed}." if found.confirmed else "Not confirmed yet."
    return Document(
        title=f"Minutes: {meeting_name(book, found)}",
        subtitle=when(found),
        facts=(("Place", book.place.title),),
        parts=(*parts, Note(kept)),
        draft=not found.confirmed,
        synthetic=found.synthetic,
        footer=meeting_name(book, found),
    )


def meeting_note(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Write the note of a meeting."""
    book, found = open_book(place), reads.meeting(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.note_meeting(
            by=request.viewer.actor, place=place, meeting=number, note=values.get("note", ""), seen=values.get("seen")
        )
        return at("minutes", place, number)

    form = Form((Field("note", "Note", lines, kind=AREA, longest=4000), SEEN))
    writing = Writing(
        "Note of the meeting", form, "Save the note", act, book=book,
        trail=(meetings_crumb(book), meeting_crumb(book, found)),
        first={"note": found.note, "seen": str(found.note_version)},
        lead="The note stands in the minutes beside what was recorded, which cannot be edited.",
    )  # fmt: skip
    return write(request, writing)


def item_note(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Write the note of an item."""
    book = open_book(place)
    found, meeting = open_item(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.note_item(
            by=request.viewer.actor, place=place, item=number, note=values.get("note", ""), seen=values.get("seen")
        )
        return at("minutes", place, found.meeting) if found.meeting else at("item", place, number)

    form = Form((Field("note", "Note", lines, "What was said, in a few sentences", kind=AREA, longest=4000), SEEN))
    writing = Writing(
        f"Note: {found.title}", form, "Save the note", act, book=book, trail=item_crumbs(book, found, meeting),
        first={"note": found.note, "seen": str(found.version)},
        lead="The note stands in the minutes beside what was recorded, which cannot be edited.",
    )  # fmt: skip
    return write(request, writing)


def agreed(request: HttpRequest, place: str) -> HttpResponse:
    """What people agreed to do in meetings: what is late first; ``?show=done`` adds what is done."""
    book, done = open_book(place), request.GET.get("show") == "done"
    found = reads.agreed(place, is_open=not done)
    page = Page(
        template="openpbc/sheet.jinja",
        title="Actions agreed in meetings",
        book=book,
        tables=(_agreed_table(request, book, found),),
        context={
            "lead": "Who said that they would do what by when. It stands on their list of work until it is done.",
            "links": (
                ("Only what is open", at("agreed", place)) if done else ("Also what is done", "?show=done"),
                ("Meetings", at("meetings", place)),
            ),
        },
    )
    return respond(request, page)


def _agreed_table(request: HttpRequest, book: Book, found: tuple[Agreed, ...]) -> Table:
    today = organisations.today()
    held = items_read.some(book.place.id, {each.item for each in found if each.item})
    hidden = barred_items(request.viewer, book.place.id, held)
    rows: list[list[Cell]] = []
    for each in found:
        name = f"{body_name(book, each.body)}, meeting {each.meeting_number}"
        if each.item in hidden:
            rows.append(["Withheld from you", name, "", "", "", ""])
            continue
        rows.append([
            each.text,
            name,
            each.owner_name,
            on_day(each.due),
            _state(each, today),
            Link("Done or remind", at("agreed-done", book.place.id, each.id)) if each.done_on is None else each.outcome,
        ])  # fmt: skip
    columns = [tables.text(title) for title in ("What", "Agreed in", "Who", "By", "State", "What became of it")]
    return tables.table("agreed", "Actions", columns, rows, cards=True, empty="Nothing is open.")


def _state(each: Agreed, today: Any) -> Tag:
    if each.done_on is not None:
        return Tag(f"done on {on_day(each.done_on)}", "green")
    reminded = f", reminded {each.chased} times" if each.chased else ""
    return Tag(f"late{reminded}", "red") if each.is_late(today) else Tag(f"open{reminded}", "blue")


def agreed_add(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record what somebody will do."""
    book, found = open_book(place), reads.meeting(place, number)
    items = tuple((str(each.id), f"{each.number}. {each.title}") for each in _seen_items(request, place, number))

    def act(values: Mapping[str, Any]) -> str:
        item = whole_number(values["item"]) if values.get("item") else None
        actions.agree_action(
            by=request.viewer.actor, place=place, meeting=number, text=values["text"], owner=values["owner"],
            due=values["due"], item=item,
        )  # fmt: skip
        return at("minutes", place, number)

    form = Form((
        line("text", "What is to be done", "Say what is to be done.", longest=500),
        choice("owner", "Who does it", people_choices(), "Choose who does it."),
        Field("due", "By", day, "Such as 1 December 2008", required="Give the day.", width="10"),
        choice("item", "At item", items, blank="None"),
    ))  # fmt: skip
    writing = Writing("Record an action", form, "Record the action", act, book=book,
                      trail=(meetings_crumb(book), meeting_crumb(book, found)))  # fmt: skip
    return write(request, writing)


def _opened_agreed(request: HttpRequest, place: str, number: int) -> Agreed:
    """Give an action to somebody who may see the item at which it was agreed: its words are the item's."""
    found = reads.agreed_one(place, number)
    if found.item and (why := barred(request.viewer, items_read.item(place, found.item))):
        raise Withheld(why)
    return found


def agreed_done(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record that an action is done."""
    book, found = open_book(place), _opened_agreed(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.finish_action(by=request.viewer.actor, place=place, action=number, **values)
        return at("agreed", place)

    form = Form((
        line("outcome", "What became of it", "Say what became of it.", longest=500),
        Field("on", "Done on", day, "Such as 28 November 2008", required="Give the day.", width="10"),
        Field("seen", "Version", whole_number, kind=HIDDEN),
    ))  # fmt: skip
    chase = may(request, "agreed-chase", place)
    writing = Writing(
        found.text, form, "Record that it is done", act, book=book,
        trail=(meetings_crumb(book),), first={"seen": str(found.version), "on": on_day(organisations.today())},
        lead=f"{found.owner_name}, by {on_day(found.due)}.",
        ways=(("Remind instead", at("agreed-chase", place, number)),) if chase else (),
    )  # fmt: skip
    return write(request, writing)


def agreed_chase(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record that the owner was reminded."""
    book, found = open_book(place), _opened_agreed(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.chase_action(by=request.viewer.actor, place=place, action=number, seen=values.get("seen"))
        return at("agreed", place)

    writing = Writing(
        f"Remind {found.owner_name}", Form((SEEN,)), "Record the reminder", act, book=book,
        trail=(meetings_crumb(book),), first={"seen": str(found.version)}, lead=found.text,
    )  # fmt: skip
    return write(request, writing)
