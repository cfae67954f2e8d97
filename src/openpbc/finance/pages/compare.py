"""Scenarios side by side on one page, for a group manager and a board member alike."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import compare_tables
from openpbc.finance.pages.settlement import reply_links
from openpbc.finance.pages.shares import behind
from openpbc.finance.reads import Choice, Comparison
from openpbc.finance.reads.claims import CLAIMS
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.forms import Field, Form, percentage, thousand_pounds
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table

SOLVER = Form(
    (
        Field("cap", "Cap on growth in scope", percentage, hint="Gives the deposit", suffix="%"),
        Field("deposit", "Deposit from money in scope", thousand_pounds, hint="Gives the cap", prefix="£000"),
    )
)


def compare(request: HttpRequest, place: str) -> HttpResponse:
    """Compare the scenarios that ``?with=`` names, or all of them; ``?cap=`` and ``?deposit=`` solve each other."""
    book = open_book(place)
    offered = reads.choices(book)
    asked_for = [reads.choice(book, code) for code in request.GET.getlist("with")]
    chosen = tuple({each.code: each for each in asked_for}.values()) or offered
    asked = SOLVER.read(request.GET)
    found = reads.compare(book, chosen) if chosen else book.table(reads.SCENARIOS)
    comparison = found if isinstance(found, Comparison) else None
    solved = reads.solved(book, asked.values) if comparison else ()
    tables = _tables(book, comparison, request.viewer) if comparison else ()
    solver = (compare_tables.solved_table(book, solved),) if solved else ()
    drawn = compare_tables.chart(book, comparison) if comparison else None
    page = Page(
        template="finance/compare.jinja",
        title="Scenarios side by side",
        book=book,
        trail=(shares_crumb(book),),
        draft=comparison is not None,
        tables=(*tables, *solver),
        charts=(drawn,) if drawn else (),
        rests_on=(*behind(book), book.table(CLAIMS)),
        context={
            "comparison": comparison,
            "choices": _checkboxes(offered, chosen),
            "form": asked,
            "choosing": bool(asked_for),
            "own": len(request.viewer.codes(place, "unit")),
            "groups": [table for table in tables if table.id.startswith("group-")],
            "besides": [table for table in tables if table.id.startswith("beside-")],
            "replies": reply_links(request, book),
            "missing": found.path if isinstance(found, NotSet) else "",
        },
    )
    return respond(request, page)


def shares_crumb(book: Book) -> Crumb:
    """The page above: fair shares."""
    return Crumb(capital(book.word("fair_shares")), reverse("finance:fair-shares", kwargs={"place": book.place.id}))


def _tables(book: Book, comparison: Comparison, viewer: Viewer) -> tuple[Table, ...]:
    judged = reads.claims(book, comparison)
    claims = () if isinstance(judged, NotSet) else (compare_tables.claims_table(judged),)
    besides = (compare_tables.beside_table(book, at, pair) for at, pair in enumerate(comparison.beside, start=1))
    return (
        compare_tables.summary_table(book, comparison),
        compare_tables.together_table(book, comparison),
        compare_tables.distances_table(book, comparison),
        *compare_tables.group_tables(book, comparison, viewer.codes(book.place.id, "unit")),
        *besides,
        *claims,
    )


def _checkboxes(offered: Sequence[Choice], chosen: Sequence[Choice]) -> list[dict[str, object]]:
    """Every scenario that can be chosen, and the what-ifs that were asked for, ticked if they are shown."""
    codes = {each.code for each in chosen}
    known = {each.code for each in offered}
    every = (*offered, *(each for each in chosen if each.code not in known))
    words = {"published": "", "ours": "Not in the source", "saved": "Saved here", "tried": "Tried, not saved"}
    return [
        {
            "value": each.code,
            "text": each.title,
            "checked": each.code in codes,
            "hint": {"text": words[each.kind]} if words[each.kind] else None,
        }
        for each in every
    ]
