"""One item: what is put, its papers, what was declared, and the record of its decision; and the forms of the agenda."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openpbc.governance import actions
from openpbc.governance.pages.agenda import quorum_figure
from openpbc.governance.pages.meeting_parts import (
    SEEN,
    YES_NO,
    at,
    body_name,
    item_crumbs,
    item_tag,
    mark_tag,
    may,
    meeting_name,
    on_day,
    units_choices,
)
from openpbc.governance.reads import items as reads
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads import papers, seats
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.marks import mark
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.seats import names
from openpbc.governance.reads.sitting import barred, counted_or_not_set
from openpbc.governance.rules.meetings import ITEM_KINDS, LISTED, WAITING
from openpbc.governance.rules.quorum import Quorum
from openpbc.governance.rules.voting import CHOICES
from openpbc.governance.rules.withholding import RULINGS
from openpbc.kernel.problems import UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import FILE, Field, Form, choice, line, whole_number, words
from openpbc.ui.pages import Page, attachment, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write


def open_item(request: HttpRequest, place: str, number: int) -> tuple[Item, Meeting | None]:
    """Give an item with its meeting to somebody who may see it; everybody else gets the sentence why not."""
    found = reads.item(place, number)
    if why := barred(request.viewer, found):
        raise Withheld(why)
    return found, meetings_read.meeting(place, found.meeting) if found.meeting else None


def item(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One item with all that was recorded of it."""
    book = open_book(place)
    found, meeting = open_item(request, place, number)
    keeps = _keeps(request, found, meeting)
    count = counted_or_not_set(found, meeting) if meeting and not found.record else None
    page = Page(
        template="governance/item.jinja",
        title=found.title,
        book=book,
        trail=item_crumbs(book, found, meeting)[:-1],
        tables=(_papers_table(book, found, keeps=keeps), *_record_tables(book, found)),
        synthetic=found.synthetic or bool(meeting and meeting.synthetic),
        rests_on=(book.table(seats.RULES),) if count is not None else (),
        context={
            "item": found,
            "proposing": _unit_name(place, found.proposing),
            "meeting": meeting,
            "tag": item_tag(found),
            "mark": mark_tag(mark(found)),
            "kind": ITEM_KINDS[found.kind],
            "body": body_name(book, found.body),
            "meeting_name": meeting_name(book, meeting) if meeting else "",
            "quorum": quorum_figure(found, count) if isinstance(count, Quorum) else None,
            "quorum_words": _quorum_words(count),
            "ways": _ways(place, found, meeting) if keeps else (),
            "put": f"{found.put_by}, {on_day(timezone.localdate(found.put_at))}",
        },
    )
    return respond(request, page)


def _keeps(request: HttpRequest, found: Item, meeting: Meeting | None) -> bool:
    day = meeting.held_on if meeting else organisations.today()
    officers = seats.officers(found.place, found.body, day)
    return request.viewer.actor.id in officers and may(request, "item-change", found.place)


def _quorum_words(count: object) -> str:
    if count is None:
        return ""
    return count.sentence if isinstance(count, Quorum) else "The quorum of this body is not set."


def _ways(place: str, found: Item, meeting: Meeting | None) -> tuple[tuple[str, str], ...]:
    """What who keeps the meetings may do with an item now."""
    if found.state not in (WAITING, LISTED):
        return (("Write its note for the minutes", at("item-note", place, found.id)),) if meeting else ()
    first = (("Add a paper", at("paper-add", place, found.id)), ("Change it", at("item-change", place, found.id)))
    last = (("Take it back", at("item-take-back", place, found.id)),)
    if meeting is None:
        return (*first, *last)
    room = (("Take it in the meeting room", at("room-item", place, found.id)),) if meeting.state == "open" else ()
    return (*room, *first, ("Write its note for the minutes", at("item-note", place, found.id)), *last)


def _papers_table(book: Book, found: Item, *, keeps: bool) -> Table:
    rows: list[list[Cell]] = [
        [
            Link(each.name, at("paper", book.place.id, found.id, each.id)),
            each.version,
            f"{each.size:,} bytes",
            each.sha256[:12],
            f"{each.added_by}, {on_day(timezone.localdate(each.added_at))}",
            Tag("counts", "green") if each.current else Tag("replaced or taken off", "grey"),
            Link("Take off", at("paper-remove", book.place.id, found.id, each.id))
            if keeps and each.current and found.state in (WAITING, LISTED)
            else "",
        ]
        for each in found.papers
    ]
    columns = (
        tables.text("Paper"), tables.number("Version", additive=False), tables.text("Size"), tables.text("SHA-256"),
        tables.text("Added"), tables.text("State"), tables.text("Change"),
    )  # fmt: skip
    return tables.table("papers", "Papers", columns, rows, cards=True, empty="No paper was given.")


def _unit_name(place: str, code: str) -> str:
    return next((each.name for each in organisations.units(place) if each.code == code), code)


def _record_tables(book: Book, found: Item) -> tuple[Table, ...]:
    """What was declared, and how everybody stood at the decision."""
    declared = tables.table(
        "declared", "Interests declared at this item", [tables.text(each) for each in ("Who", "What", "Ruling")],
        [[each.name, each.what, RULINGS[each.ruling]] for each in found.declared], cards=True,
        empty="None was declared." if found.asked_by else "Nobody was asked yet.",
    )  # fmt: skip
    if not found.record:
        return (declared,)
    called, record = names(), found.record
    rows: list[list[Cell]] = [
        [
            called.get(person, person),
            "counted" if person in record["counted"] else "not counted",
            CHOICES.get(record["votes"].get(person, ""), "did not vote"),
            record["recused"].get(person, ""),
        ]
        for person in sorted({*record["present"], *record["recused"]})
    ]
    columns = [tables.text(each) for each in ("Who", "Quorum", "Vote", "Left the item because")]
    return (declared, tables.table("record", "How everybody stood when it was decided", columns, rows, cards=True))


def paper(request: HttpRequest, place: str, number: int, paper: int) -> HttpResponse:
    """One version of a paper, as it was given; that it was opened is kept."""
    found, _ = open_item(request, place, number)
    for each in found.papers:
        if each.id == paper:
            body = papers.content(each.sha256)
            actions.open_paper(
                by=request.viewer.actor, place=place, matter=found.matter or found.address, what=each.name
            )
            return attachment(body, "application/octet-stream", each.name.replace('"', ""))
    raise UserError(f"there is no paper {paper}", found.title, "Choose one from the item's page.")


def paper_add(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Add a paper, or a new version of one."""
    book = open_book(place)
    found, meeting = open_item(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        sent = values["file"]
        actions.add_paper(by=request.viewer.actor, place=place, item=number, name=sent.name, body=sent.read())
        return at("item", place, number)

    hint = f"One of {', '.join(papers.ENDINGS)}; at most {papers.LARGEST >> 20} MiB"
    form = Form((Field("file", "The paper", words, hint, kind=FILE, required="Choose the paper."),))
    writing = Writing(
        "Add a paper", form, "Add the paper", act, book=book, trail=item_crumbs(book, found, meeting),
        lead="A file of the same name becomes a new version, and votes that were cast on the older one are void.",
    )  # fmt: skip
    return write(request, writing)


def paper_remove(request: HttpRequest, place: str, number: int, paper: int) -> HttpResponse:
    """Take a paper off an item."""
    book = open_book(place)
    found, meeting = open_item(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.remove_paper(by=request.viewer.actor, place=place, item=number, paper=paper, reason=values["reason"])
        return at("item", place, number)

    form = Form((line("reason", "Reason", "Say why.", longest=500),))
    writing = Writing("Take a paper off", form, "Take it off", act, book=book,
                      trail=item_crumbs(book, found, meeting))  # fmt: skip
    return write(request, writing)


def change(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Change an item's words, part, proposer and place on the agenda."""
    book = open_book(place)
    found, meeting = open_item(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.change_item(
            by=request.viewer.actor, place=place, item=number, title=values["title"],
            private=values["private"] == "yes", proposing=values.get("proposing", ""),
            place_on_agenda=values.get("place_on_agenda"), seen=values.get("seen"),
        )  # fmt: skip
        return at("item", place, number)

    form = Form((
        line("title", "Title", "Give the item a title."),
        choice("proposing", f"{capital(book.word('unit'))} that proposes", units_choices(place), blank="None"),
        choice("private", "In the private part", YES_NO, "Say whether it is private."),
        *((Field("place_on_agenda", "Place on the agenda", whole_number, "1 is the first"),) if meeting else ()),
        SEEN,
    ))  # fmt: skip
    first = {
        "title": found.title, "proposing": found.proposing, "private": "yes" if found.private else "no",
        "place_on_agenda": str(found.number or ""), "seen": str(found.version),
    }  # fmt: skip
    writing = Writing("Change the item", form, "Save", act, book=book, first=first,
                      trail=item_crumbs(book, found, meeting))  # fmt: skip
    return write(request, writing)


def take_back(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take an item off its agenda, or back for good."""
    book = open_book(place)
    found, meeting = open_item(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.take_back(
            by=request.viewer.actor, place=place, item=number, reason=values["reason"],
            for_good=values["how"] == "good", seen=values.get("seen"),
        )  # fmt: skip
        return at("meeting", place, meeting.id) if meeting else at("meetings", place)

    ways = (*((("wait", "It waits for another meeting"),) if meeting else ()), ("good", "It is taken back for good"))
    form = Form((
        choice("how", "What becomes of it", ways, "Choose what becomes of it."),
        line("reason", "Reason", "Say why.", longest=500),
        SEEN,
    ))  # fmt: skip
    writing = Writing("Take the item back", form, "Take it back", act, book=book,
                      trail=item_crumbs(book, found, meeting), first={"seen": str(found.version)})  # fmt: skip
    return write(request, writing)
