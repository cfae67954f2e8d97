"""Papers as pages: what is on the screen is what Word and PDF print, from the same document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import paper_parts
from openpbc.finance.pages.assumptions import behind_assumptions
from openpbc.finance.pages.board_paper import board_paper
from openpbc.finance.pages.paper_basis import basis
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.documents import Document
from openpbc.ui.pages import Crumb, Page, respond


def index(request: HttpRequest, place: str) -> HttpResponse:
    """The papers of the place, each with what it is for."""
    book = open_book(place)
    page = Page(template="finance/papers.jinja", title="Papers", book=book, context={"scenarios": _scenarios(book)})
    return respond(request, page)


def board(request: HttpRequest, place: str) -> HttpResponse:
    """The Board paper under a scenario (``?scenario=``)."""
    book = open_book(place)
    return respond(request, paper_page(book, board_paper(basis(book, request.GET.get("scenario", ""))), "board"))


def paper_page(book: Book, document: Document, route: str) -> Page:
    """A page that prints a paper, with links to the same paper under the place's other scenarios."""
    return Page(
        template="finance/paper.jinja",
        title=document.title,
        book=book,
        trail=(Crumb("Papers", reverse("finance:papers", kwargs={"place": book.place.id})),),
        tables=document.tables,
        charts=document.charts,
        draft=document.draft,
        synthetic=document.synthetic,
        rests_on=(*paper_parts.behind(book), *behind_assumptions(book)),
        document=document,
        context={"scenarios": _scenarios(book), "route": f"finance:paper-{route}"},
    )


def _scenarios(book: Book) -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in reads.choices(book)]
