"""One box over everything in a place that the reader may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations.reads import book as open_book
from openpbc.site import searching
from openpbc.site.searching import Group
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import Field, Form, words
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table

SHOWN = 10
HINT = "All of them must occur. Case and accents do not matter."
FORM = Form((Field("q", "Words", words, hint=HINT, width="20", longest=searching.LONGEST),))


def search(request: HttpRequest, place: str) -> HttpResponse:
    """Results by kind: ten of each, or all of the one kind that ``?kind=`` names."""
    book = open_book(place)
    answer = FORM.read(request.GET)
    asked, only = str(answer.values.get("q", "")), request.GET.get("kind", "")
    found = searching.search(book, request.viewer, request.may, asked)
    shown = tuple(group for group in found if only in ("", group.kind)) or found
    page = Page(
        template="openpbc/sheet.jinja",
        title=f"Search: {asked}" if asked else "Search",
        book=book,
        tables=tuple(results(group, None if only else SHOWN) for group in shown),
        synthetic=any(hit.synthetic for group in shown for hit in group.hits),
        context={
            "lead": lead(found, asked),
            "asking": answer,
            "links": ways(place, asked, found, only),
        },
    )
    return respond(request, page)


def lead(found: tuple[Group, ...], asked: str) -> str:
    """How much was found, of what you may see."""
    if not asked:
        return "Look for cases, meetings, decisions, appeals, bodies, organisations, registers and rules at once."
    count = sum(len(group.hits) for group in found)
    if not count:
        return f"Nothing that you may see bears the words '{asked}'. Try fewer words, or a part of one."
    return f"{count} {'thing' if count == 1 else 'things'} found, of what you may see."


def ways(place: str, asked: str, found: tuple[Group, ...], only: str) -> list[tuple[str, str]]:
    """The way to all hits of a kind that has more than are shown, and back to every kind."""
    here = reverse("search", args=[place])
    if only:
        return [("Every kind", f"{here}?{searching.query(asked)}")]
    more = [group for group in found if len(group.hits) > SHOWN]
    return [
        (f"All {len(group.hits)} of {group.kind.lower()}", f"{here}?{searching.query(asked, group.kind)}")
        for group in more
    ]


def results(group: Group, most: int | None) -> Table:
    """Hits of one kind, with how many more there are."""
    rows: list[list[Cell]] = [[Link(hit.title, hit.href), hit.line] for hit in group.hits[:most]]
    left = len(group.hits) - len(rows)
    notes = (f"{left} more {'is' if left == 1 else 'are'} not shown here.",) if left else ()
    columns = [tables.text("Found"), tables.text("Which one")]
    id = "found-" + "-".join(group.kind.lower().split())
    return tables.table(id, f"{group.kind} ({len(group.hits)})", columns, rows, cards=True, notes=notes)
