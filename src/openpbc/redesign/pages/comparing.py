"""A version as it was handed in, and two versions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.redesign.pages.case_paper import case_paper
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.pages.opening import opened
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.value import agreed_route, decides
from openpbc.redesign.reads.versions import compared, version, versions_of
from openpbc.redesign.rules.completeness import part_title
from openpbc.redesign.rules.versions import ADDED, CHANGED, REMOVED, SAME
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.forms import Form, choice
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table

COLOURS = {CHANGED: "yellow", ADDED: "green", REMOVED: "red", SAME: "grey"}
NOW = "0"


def shown_version(request: HttpRequest, place: str, number: int, at: int) -> HttpResponse:
    """A case as it was handed in, as a paper."""
    book = open_book(place)
    known = opened(request, place, number, f"version {at}")
    kept = version(known, at)
    document = case_paper(book, known, kept, decides(known, agreed_route(known)))
    page = Page(
        template="openpbc/document.jinja",
        title=document.title,
        book=book,
        trail=(crumb(book), case_crumb(known)),
        tables=document.tables,
        synthetic=known.synthetic,
        document=document,
    )
    return respond(request, page)


def compare(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Two versions line by line (``?a=&b=``); 0 is the case as it is being written."""
    book = open_book(place)
    known = opened(request, place, number, "versions side by side")
    made = versions_of(known)
    dated = {each.number: day_text(localtime(each.frozen_at)) for each in made}
    known_ones = (*((str(number), f"Version {number}, {day}") for number, day in dated.items()),
                  (NOW, "As it is being written"))  # fmt: skip
    form = Form((choice("a", "First", known_ones), choice("b", "Second", known_ones)))
    first = {
        "a": str(made[-2 if len(made) > 1 else -1].number) if made else NOW,
        "b": str(made[-1].number) if len(made) > 1 else NOW,
    }
    answer = form.read(first | {name: text for name, text in request.GET.items() if name in first})
    chosen = [int(answer.values[name]) for name in first if name in answer.values]
    shown = (differences_table(known, *chosen),) if len(chosen) == len(first) else ()
    page = Page(
        template="redesign/compare.jinja",
        title=f"Versions side by side: {known.title}",
        book=book,
        trail=(crumb(book), case_crumb(known)),
        tables=shown,
        synthetic=known.synthetic,
        status=422 if answer.errors else 200,
        context={
            "answer": answer,
            "lead": "" if made else "The case was not handed in yet, so there is one text only.",
            "action": reverse("redesign:compare", args=[place, number]),
        },
    )
    return respond(request, page)


def differences_table(known: Case, first: int, second: int) -> Table:
    """Lines that differ, with their part."""
    rows: list[list[Cell]] = [
        [part_title(each.part), Tag(each.kind, COLOURS[each.kind]), each.before, each.after]
        for each in compared(known, first, second)
        if each.kind != SAME
    ]
    names = [f"version {number}" if number else "the present text" for number in (first, second)]
    columns = [
        tables.text("Part"),
        tables.text("What happened"),
        tables.text(f"In {names[0]}"),
        tables.text(f"In {names[1]}"),
    ]
    return tables.table(
        "differences", "What differs", columns, rows, cards=True, empty="The two say the same in every line."
    )
