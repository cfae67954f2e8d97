"""The commissioner's operational plan: pledges, productivity and awaited documents, each with action and state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.finance import actions
from openpbc.finance.pages.commissioning import SHEET, crumb
from openpbc.finance.reads import operational_plan as reads
from openpbc.finance.reads.operational_plan import Entry
from openpbc.finance.rules.operational_plan import DONE, KINDS, OPEN, STATES, UNDER_WAY
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads import standing_day
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing, Tag
from openpbc.ui.forms import HIDDEN, Field, Form, choice, day, whole_number, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

TITLE = "Operational plan"
COLOURS = {OPEN: "grey", UNDER_WAY: "blue", DONE: "green"}
EMPTY = {
    "pledge": "Not set: the sources do not list the pledges, and nobody has written one down.",
    "productivity": "Not set: nobody has written a productivity plan down.",
    "framework": "Not set: nobody has written down which documents the plan waits for.",
}


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Show every entry by kind; what is late, has no action or waits for something stands out."""
    book, may = open_book(place), request.may("finance:operational-add", "POST", place=place)
    found = reads.operational_plan(book)
    add = [("Add an entry", reverse("finance:operational-add", args=[place]))] if may else []
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        trail=(crumb(book),),
        tables=tuple(entries_table(book, kind, found, may=may) for kind in KINDS),
        context={
            "lead": "What the commissioner itself has promised and planned beside the plans of the groups: each with "
            "an action, who acts, and what is still missing for it.",
            "links": add,
        },
    )
    return respond(request, page)


def entries_table(book: Book, kind: str, found: tuple[Entry, ...], *, may: bool) -> Table:
    """The entries of one kind."""
    columns = [tables.text(name) for name in ("Entry", "Action", "Who acts", "Due", "State", "Missing", "Last changed")]
    rows: list[list[Cell]] = [_row(book, each, may=may) for each in found if each.kind == kind]
    return tables.table(f"entries-{kind}", KINDS[kind], columns, rows, cards=True, empty=EMPTY[kind])


def _row(book: Book, entry: Entry, *, may: bool) -> list[Cell]:
    named: Cell = f"{entry.code} {entry.title}"
    if may:
        named = Link(str(named), reverse("finance:operational-entry", args=[book.place.id, entry.code]))
    late = entry.late(standing_day(book))
    return [
        named,
        entry.action or Missing(why="Nobody has said what is done for it."),
        entry.owner or Missing(why="Nobody acts on it yet."),
        day_text(entry.due) if entry.due else Missing(why="No day is set."),
        Tag("late", "red") if late else Tag(entry.state, COLOURS[entry.state]),
        entry.missing or "nothing",
        f"{entry.changed_by}, {day_text(localtime(entry.changed_at))}",
    ]


def _form() -> Form:
    kinds, states = tuple(KINDS.items()), tuple((each, each.capitalize()) for each in STATES)
    return Form(
        (
            choice("kind", "Kind", kinds, "Choose a kind."),
            Field("title", "What it is", words, required="Say what it is.", width="30", longest=200),
            Field("action", "Action", words, "What is done for it, once somebody has said", width="30", longest=500),
            Field("owner", "Who acts", words, "Empty while nobody does", width="20", longest=200),
            Field("due", "Due", day, "Such as 31 March 2008; empty while no day is set", width="10"),
            Field("missing", "What is missing", words, "Inputs that it waits for", width="30", longest=500),
            choice("state", "State", states, "Choose a state."),
            Field("revision", "Revision", whole_number, kind=HIDDEN),
        )
    )


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Write an entry down."""
    return _write(request, open_book(place), "Add to the operational plan", {"state": OPEN, "revision": "0"})


def entry(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Say what became of an entry."""
    book = open_book(place)
    known = reads.operational_entry(book, code)
    first = {name: str(getattr(known, name)) for name in ("kind", "title", "action", "owner", "missing", "state")}
    first |= {"revision": str(known.revision), "due": day_text(known.due) if known.due else ""}
    return _write(request, book, f"{code}: {known.title}", first, code)


def _write(request: HttpRequest, book: Book, title: str, first: Mapping[str, str], code: str = "") -> HttpResponse:
    place = book.place.id
    here = reverse("finance:operational-plan", args=[place])

    def act(values: Mapping[str, Any]) -> str:
        actions.write_operational_entry(by=request.viewer.actor, place=place, code=code, **values)
        return here

    writing = Writing(
        title=title,
        form=_form(),
        submit="Save",
        act=act,
        book=book,
        trail=(crumb(book), Crumb(TITLE, here)),
        first=first,
    )
    return write(request, writing)
