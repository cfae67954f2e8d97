"""A library of blank papers: one of each kind that a case needs, to be written away from the site."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations.reads import book as open_book
from openpbc.redesign.pages.listing import SHEET, crumb
from openpbc.redesign.rules.completeness import PARTS, PROSE, TABLES, part_title
from openpbc.redesign.rules.membership import kind_name, wanted_kinds
from openpbc.redesign.rules.pathway import SETTINGS
from openpbc.redesign.rules.transitions import ROUTES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell, Link
from openpbc.ui.pages import Page, respond

_LINES = 6
KINDS = {
    "case-for-change": ("Case for change", "Every part of a case with what it has to say"),
    "pathway": ("Pathway", "The stages from self care through primary and acute care and back"),
    "specification": ("Service specification", "Purpose and outcomes, each with its indicator"),
    "resource-shift": ("Resource shift", "What leaves whom and reaches whom"),
    "terms": ("Terms of reference of a joint group", "Seats, lead, interests, what the group may and may not do"),
    "review": ("Review sheet", "What a function found in a case"),
    "agreement": ("Agreement of a group", "What a group says of a version, and the route"),
}


def library(request: HttpRequest, place: str) -> HttpResponse:
    """The list of blank papers, each for Word and as PDF."""
    book = open_book(place)
    rows: list[list[Cell]] = []
    for code, (title, what) in KINDS.items():
        href = reverse("redesign:template", args=[place, code])
        rows.append(
            [
                Link(title, href),
                what,
                Link("Word", f"{href}?download=paper.docx"),
                Link("PDF", f"{href}?download=paper.pdf"),
            ]
        )
    columns = [tables.text(name) for name in ("Paper", "What it holds", "For Word", "As PDF")]
    page = Page(
        template=SHEET,
        title="Blank papers",
        book=book,
        trail=(crumb(book),),
        tables=(tables.table("templates", "Blank papers", columns, rows, cards=True),),
        context={
            "lead": "A case is written on the site. These papers are for meetings and for people without an account."
        },
    )
    return respond(request, page)


def blank(request: HttpRequest, place: str, kind: str) -> HttpResponse:
    """One blank paper."""
    if kind not in KINDS:
        raise Http404("There is no such paper.")
    book = open_book(place)
    document = blank_paper(book, kind)
    page = Page(
        template="openpbc/document.jinja",
        title=document.title,
        book=book,
        trail=(crumb(book),),
        tables=document.tables,
        document=document,
    )
    return respond(request, page)


def blank_paper(book: Book, kind: str) -> Document:
    """The paper of a kind with nothing filled in."""
    title, what = KINDS[kind]
    facts = (("Place", f"{book.place.title}, {book.place.year.label}"), ("Rulebook", book.hash))
    return Document(title=title, subtitle=what, facts=facts, parts=_PARTS[kind]())


def _table(id: str, caption: str, *names: str) -> Grid:
    rows: list[list[Cell]] = [["…", *("" for _ in names[1:])] for _ in range(_LINES)]
    return Grid(tables.table(id, caption, [tables.text(name) for name in names], rows))


def _case() -> tuple[Part, ...]:
    grids = {"pathway": _pathway, "specification": _specification, "shifts": _shift}
    found: list[Part] = [Heading("What patients need"), Paragraph("…")]
    for code in PARTS:
        hint = (TABLES.get(code) or PROSE[code])[1]
        found += [Heading(part_title(code)), Note(f"{hint}."), *(grids[code]() if code in grids else (Paragraph("…"),))]
    return tuple(found)


def _pathway() -> tuple[Part, ...]:
    told = " → ".join(text.lower() for text in (*SETTINGS.values(), "primary or self care"))
    return (
        Note(f"In this order: {told}. Hospital may be left out; the pathway never ends there."),
        _table("pathway", "Stages", "Setting", "What happens", "Who", "Where it happens now"),
    )


def _specification() -> tuple[Part, ...]:
    return (
        Note("Outcomes, and not how the work is done. At least one has an indicator."),
        _table("specification", "Outcomes", "What is wanted", "How it is seen", "Now", "Wanted"),
    )


def _shift() -> tuple[Part, ...]:
    return (
        Note("What leaves or is new has to equal what arrives or is saved."),
        _table("shifts", "Money that moves", "From", "To", "Leaves, £ a year", "Arrives, £ a year", "Contract"),
    )


def _terms() -> tuple[Part, ...]:
    return (
        Heading("Seats"),
        Bullets(tuple(kind_name(seat) for seat in wanted_kinds())),
        Note("A seat may be waived, with day and reason. A clinician who commissions leads."),
        Heading("What the group does"),
        Paragraph(
            "It writes pathway, specification and case for change. It approves no money and chooses no provider."
        ),
        Heading("Interests"),
        Paragraph("Every member declares interests, and whoever might bid does not lead."),
        _table("members", "Members", "Name", "Seat", "Works for", "Interests declared on"),
    )


def _review() -> tuple[Part, ...]:
    return (
        _table("review", "Findings", "Part", "What was found", "What has to change"),
        Paragraph("Function, name, day: …"),
    )


def _agreement() -> tuple[Part, ...]:
    return (
        Paragraph("Group, version and its hash: …"),
        Paragraph("The group agrees / does not agree, because: …"),
        Heading("Route"),
        Bullets(tuple(ROUTES.values())),
        Paragraph("Name, day: …"),
    )


_PARTS = {
    "case-for-change": _case, "pathway": _pathway, "specification": _specification, "resource-shift": _shift,
    "terms": _terms, "review": _review, "agreement": _agreement,
}  # fmt: skip
