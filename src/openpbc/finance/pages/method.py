"""The map of method: from the list of a practice to its share and to the budget, for a reader with two minutes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import share_tables
from openpbc.finance.pages.method_tables import Box, budget_boxes, list_boxes, lists_chart, lists_table, need_boxes
from openpbc.finance.pages.share_tables import steps_table
from openpbc.finance.reads import FairShares, NeedReport
from openpbc.finance.reads.scenarios import EXTRA, MINIMUM, SHARES
from openpbc.finance.reads.weighting import EXAMPLE, OWN, Weighting, example_weighting, weighting
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.charts import Chart
from openpbc.ui.pages import Crumb, Held, Page, capital, respond
from openpbc.ui.tables import Table


@dataclass(frozen=True)
class Walk:
    """One way through the method with real numbers: its boxes, and the choices of whom to follow."""

    id: str
    title: str
    lead: str
    boxes: tuple[Box, ...]
    chosen: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def method(request: HttpRequest, place: str) -> HttpResponse:
    """Show the method on the reader's own practice, or on another (``?practice=``)."""
    book = organisations.book(place)
    lists = _lists(book)
    shares = reads.fair_shares(book)
    shown: list[Table] = [] if lists is None else [lists_table(book, lists)]
    shown += [steps_table(book, shares)] if isinstance(shares, FairShares) else []
    drawn: tuple[Chart, ...] = () if lists is None else (lists_chart(book, lists),)
    page = Page(
        template="finance/method.jinja",
        title=f"How {book.word('fair_shares')} work",
        book=book,
        trail=(Crumb(capital(book.word("fair_shares")), reverse("finance:fair-shares", args=[place])),),
        tables=tuple(shown),
        charts=drawn,
        rests_on=behind(book),
        context={
            "walks": [each for each in (_need(request, book), _list_walk(request, book, lists)) if each],
            "budget": budget_boxes(book, shares) if isinstance(shares, FairShares) else (),
            "result": shares if isinstance(shares, FairShares) else None,
            "sums": share_tables.sums(shares),
            "unknown": unknown(book),
        },
    )
    return respond(request, page)


def _lists(book: Book) -> Weighting | None:
    """The place's own weighted lists, or else the SYNTHETIC example."""
    for found in (weighting(book), example_weighting(book)):
        if isinstance(found, Weighting):
            return found
    return None


def _need(request: HttpRequest, book: Book) -> Walk | None:
    """The published weights of one of the place's practices."""
    every = reads.england_need(book, "Practice_Code")
    units = reads.need_shares(book)
    if not isinstance(every, NeedReport) or not isinstance(units, NeedReport):
        return None
    practices = {each.code: each for each in organisations.practices(book.place.id)}
    held = {need.place for need in every.shares.places}
    listed = [(code, f"{each.name} ({code})") for code, each in practices.items() if code in held]
    if not listed:
        return None
    own = request.viewer.codes(book.place.id, "practice")
    code = _chosen(request.GET.get("practice", ""), [value for value, _ in listed], own)
    name = practices[code].name
    return Walk(
        "practice",
        f"{name}: from its patients to its share",
        "These are published figures. The steps between people and weighted people are published as one result for "
        "each component of care; step by step they can be followed on the invented lists below.",
        need_boxes(book, every, units, code),
        code,
        tuple(listed),
    )


def _list_walk(request: HttpRequest, book: Book, lists: Weighting | None) -> Walk | None:
    if lists is None:
        return None
    codes = [each.code for each in lists.lists.practices]
    code = _chosen(request.GET.get("list", ""), codes, request.viewer.codes(book.place.id, "practice"))
    made = "invented practice" if lists.synthetic else book.word("practice")
    return Walk(
        "list",
        f"The whole method on the {made} {code}",
        "Each number opens how it was worked out.",
        list_boxes(book, lists, code),
        code,
        tuple((each, each) for each in codes),
    )


def _chosen(asked: str, known: list[str], own: tuple[str, ...]) -> str:
    if asked and asked not in known:
        raise UserError(f"there is no practice '{asked[:20]}' to follow", do="Choose one from the list.")
    return asked or next((code for code in own if code in known), known[0])


def behind(book: Book) -> tuple[Held, ...]:
    """The rulebook's values and tables behind the page: those of the method, and the example in their place."""
    own = [book.table(id) for id in OWN.values()]
    example = [] if all(not isinstance(found, NotSet) for found in own) else [book.table(id) for id in EXAMPLE.values()]
    return (*own, *example, book.table(SHARES), book.value(MINIMUM), book.value(EXTRA))


def unknown(book: Book) -> list[tuple[str, str]]:
    """What nobody has said about this place, in words, with the file that would say it."""
    gaps = [(found.meaning, found.path) for found in behind(book) if isinstance(found, NotSet)]
    return [(meaning.split(":")[0], path) for meaning, path in gaps]
