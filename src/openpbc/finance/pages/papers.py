"""Papers as pages: what is on the screen is what Word and PDF print, from the same document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import paper_parts
from openpbc.finance.pages.assumptions import behind_assumptions
from openpbc.finance.pages.paper_kinds import BOARD, LETTER, SUBMISSION, Asked, paper
from openpbc.finance.reads.budget_sets import budget_sets
from openpbc.finance.reads.scenarios import SHARES
from openpbc.finance.reads.submissions import plan_submissions
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.documents import Document
from openpbc.ui.pages import Crumb, Page, respond


def index(request: HttpRequest, place: str) -> HttpResponse:
    """The papers of the place, each with what it is for."""
    book = open_book(place)
    year = str(book.place.year)
    context = {
        "scenarios": _scenarios(book),
        "groups": _groups(book),
        "sets": budget_sets(place, year),
        "sent": plan_submissions(book),
    }
    page = Page(template="finance/papers.jinja", title="Papers", book=book, context=context)
    return respond(request, page)


def board(request: HttpRequest, place: str) -> HttpResponse:
    """The Board paper under a scenario (``?scenario=``) and on a version of the plan (``?version=``)."""
    return _answer(request, place, BOARD)


def submission(request: HttpRequest, place: str) -> HttpResponse:
    """The draft plan as it is submitted to the regional body; the scenario is always named."""
    return _answer(request, place, SUBMISSION)


def letter(request: HttpRequest, place: str, group: str) -> HttpResponse:
    """The letter that tells a group its budget."""
    return _answer(request, place, LETTER, group)


def _answer(request: HttpRequest, place: str, kind: str, group: str = "") -> HttpResponse:
    book = open_book(place)
    named = {"scenario": "scenario", "version": "version", "budgets": "set", "submission": "number"}
    asked = Asked(group=group, **{field: request.GET.get(name, "") for field, name in named.items()})
    made = paper(book, kind, asked)
    return respond(request, paper_page(book, made))


def paper_page(book: Book, document: Document) -> Page:
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
        context={"scenarios": _scenarios(book)},
    )


def _scenarios(book: Book) -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in reads.choices(book)]


def _groups(book: Book) -> list[tuple[str, str]]:
    found = book.table(SHARES)
    return [] if isinstance(found, NotSet) else [(row["code"], row["name"]) for row in found]
