"""An agenda as it is kept together: the brief for who keeps it, the pack of papers as a document, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openpbc.governance import actions
from openpbc.governance.pages.meeting_parts import (
    YES_NO,
    at,
    meeting_crumb,
    meeting_name,
    meetings_crumb,
    on_day,
    units_choices,
    when,
)
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.marks import marks
from openpbc.governance.reads.matters import sealed_matters
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.seats import names
from openpbc.governance.reads.sitting import barred, barred_items, barred_outside, counted_or_not_set, recused
from openpbc.governance.rules.meetings import CLOSED, DECISION, DISCUSSION, ITEM_KINDS, MINUTES
from openpbc.governance.rules.quorum import Quorum
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.documents import Bullets, Document, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell, Figure, Missing
from openpbc.ui.forms import Form, choice, line, whole_number
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

QUORUM, OUTSIDE = "quorum", "outside"


def quorum_figure(item: Item, counted: Quorum) -> Figure:
    """How many count at an item; the address tells how that came about."""
    return Figure(counted.present, address=f"{QUORUM}/{item.place}/{item.id}")


def brief_table(book: Book, meeting: Meeting, listed: tuple[Item, ...], viewer: Viewer) -> Table:
    """For who keeps the meeting: who has an interest in which item, and whether its quorum holds without them."""
    called, closed = names(), barred_items(viewer, book.place.id, listed)
    rows: list[list[Cell]] = []
    for each in listed:
        if each.id in closed:
            rows.append([each.number, "Withheld from you", "", "", "", "", ""])
            continue
        count = counted_or_not_set(each, meeting)
        away = recused(each, meeting)
        rows.append([
            each.number,
            each.title,
            "; ".join(f"{called.get(person, person)}: {why}" for person, why in away.items()) or "nobody",
            quorum_figure(each, count) if isinstance(count, Quorum) else Missing(count.path),
            count.needed if isinstance(count, Quorum) else "",
            _lacks(count),
            "none" if not each.current_papers else f"{len(each.current_papers)}",
        ])  # fmt: skip
    columns = (
        tables.number("Item", additive=False),
        tables.text("Title"),
        tables.text("Has an interest"),
        tables.number("Count now", additive=False),
        tables.number("Needed", additive=False),
        tables.text("What lacks"),
        tables.text("Papers"),
    )
    return tables.table(
        "brief", "Interests and quorum by item", columns, rows, cards=True,
        empty="The agenda is empty.",
        notes=("Before the meeting opens it is counted as if everybody came.",),
    )  # fmt: skip


def _lacks(count: Quorum | NotSet) -> str:
    if isinstance(count, NotSet):
        return "the quorum of this body is not set"
    return "; ".join(count.lacking) or "nothing"


def pack(book: Book, meeting: Meeting, listed: tuple[Item, ...], viewer: Viewer, *, outside: bool = False) -> Document:
    """The agenda as a paper for one reader, or to be sent out: what may not be seen is left out, with the reason."""
    parts: list[Part] = []
    why_not, sealed = barred_outside if outside else barred, sealed_matters(viewer, book.place.id)
    marked = marks(book.place.id, listed)
    for each in listed:
        if why := why_not(viewer, each, sealed):
            parts += [Heading(f"{each.number}. Withheld"), Paragraph(why)]
            continue
        private = " (private part)" if each.private else ""
        parts += [Heading(f"{each.number}. {each.title}{private}"), Paragraph(_kind(each, marked.get(each.id, "")))]
        if each.current_papers:
            told = tuple(f"{one.name}, version {one.version} (SHA-256 {one.sha256})" for one in each.current_papers)
            parts.append(Bullets(told))
    return Document(
        title=f"Agenda: {meeting_name(book, meeting)}",
        subtitle=when(meeting),
        facts=(("Place", book.place.title), ("Made for", "people outside the body" if outside else viewer.actor.name)),
        parts=(*(parts or [Paragraph("The agenda is empty.")]), Note("Papers are named by the hash of their bytes.")),
        synthetic=meeting.synthetic or any(each.synthetic for each in listed),
        footer=meeting_name(book, meeting),
    )


def _kind(item: Item, mark: str) -> str:
    return f"{ITEM_KINDS[item.kind]}. {f'Marked: {mark}.' if mark else ''}".rstrip()


def add_waiting(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Put what waits for the body on the agenda, one item or all of it; unconfirmed minutes come first."""
    book, found = open_book(place), meetings_read.meeting(place, number)
    listed = items_read.waiting(place, found.body)
    closed = barred_items(request.viewer, place, listed)
    waiting = [each for each in listed if each.id not in closed]

    def act(values: Mapping[str, Any]) -> str:
        chosen = [each.id for each in waiting] if values["item"] == "all" else [whole_number(values["item"])]
        if not chosen:
            raise UserError(
                "nothing waits for this body", "item", "Put a matter to the body first, or add an item by hand."
            )
        actions.list_items(by=request.viewer.actor, place=place, meeting=number, items=chosen)
        return at("meeting", place, number)

    choices = (
        *((("all", f"Everything that waits ({len(waiting)})"),) if waiting else ()),
        *((str(each.id), f"{each.title} (since {on_day(timezone.localdate(each.put_at))})") for each in waiting),
    )
    form = Form((choice("item", "What waits", choices, "Choose what to put on the agenda."),))
    writing = Writing(
        "Put on the agenda", form, "Put on the agenda", act, book=book,
        trail=(meetings_crumb(book), meeting_crumb(book, found)), first={"item": "all"} if waiting else {},
        lead="" if waiting else "Nothing waits for this body.",
        ways=(("Add an item of your own", at("item-add", place, number)),),
    )  # fmt: skip
    return write(request, writing)


def add_item(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Add an item of the secretary's own to the agenda."""
    book, found = open_book(place), meetings_read.meeting(place, number)
    earlier = tuple(
        (str(each.id), f"Meeting {each.number}, {on_day(each.held_on)}")
        for each in meetings_read.meetings(place, found.body)
        if each.state == CLOSED and not each.confirmed and each.held_on <= found.held_on and each.id != number
    )

    def act(values: Mapping[str, Any]) -> str:
        minutes_of = whole_number(values["minutes_of"]) if values.get("minutes_of") else None
        actions.add_item(
            by=request.viewer.actor, place=place, meeting=number, title=values["title"], kind=values["kind"],
            private=values["private"] == "yes", proposing=values.get("proposing", ""), minutes_of=minutes_of,
        )  # fmt: skip
        return at("meeting", place, number)

    kinds = [(code, ITEM_KINDS[code]) for code in (DISCUSSION, DECISION, MINUTES)]
    form = Form((
        line("title", "Title", "Give the item a title."),
        choice("kind", "Kind", kinds, "Choose the kind."),
        choice("minutes_of", "Minutes of", earlier, hint="Only for minutes to be confirmed", blank="None"),
        choice("proposing", f"{capital(book.word('unit'))} that proposes", units_choices(place), blank="None"),
        choice("private", "In the private part", YES_NO, "Say whether it is private."),
    ))  # fmt: skip
    first = {"private": "no", "kind": DISCUSSION}
    if earlier:
        first |= {"kind": MINUTES, "minutes_of": earlier[0][0], "title": f"Minutes of {earlier[0][1].lower()}"}
    writing = Writing("Add an item", form, "Add the item", act, book=book, first=first,
                      trail=(meetings_crumb(book), meeting_crumb(book, found)))  # fmt: skip
    return write(request, writing)
