"""Returns of waiting lists and activity: what is there, by specialty or not, and whether it agrees with the waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import reads as activity
from openpbc.kernel.periods import Month, day_text
from openpbc.measures import actions
from openpbc.measures.reads import names
from openpbc.measures.reads import returns as reads
from openpbc.measures.reads.waiting import waiting_files, waits_address
from openpbc.measures.rules.returns import AGREES, ALL, BY_SPECIALTY, COLUMNS, MISSING, TOTALS_ONLY
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style, Tag
from openpbc.ui.forms import FILE, Field, Form, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

TITLE = "Returns"
TAGS = {
    BY_SPECIALTY: Tag("received by specialty", "green"),
    TOTALS_ONLY: Tag("totals only", "orange"),
    MISSING: Tag("missing", "grey"),
}
DUTIES: Mapping[bool | None, Cell] = {True: Tag("met", "green"), False: Tag("missing", "red"), None: "not asked"}
FILE_FIELD = Field("file", "File", words, f"CSV with {', '.join(COLUMNS)}", kind=FILE, required="Choose a file.")


def returns(request: HttpRequest, place: str) -> HttpResponse:
    """The returns of ``?month=``, or of the last month with any."""
    book = organisations.book(place)
    months = sorted({*reads.return_months(place), *(each.month for each in waiting_files(place))}, reverse=True)
    asked = request.GET.get("month", "")
    month = next((each for each in months if str(each) == asked), months[0] if months else book.place.year.months[0])
    page = Page(
        template="measures/returns.jinja",
        title=TITLE,
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(_states(book, month), _compared(book, month)),
        facts=(("As at", month.name),),
        rests_on=(
            book.table("measures.returns"),
            book.table("measures.return_bands"),
            book.table("measures.return_duties"),
            book.value("measures.return_tolerance"),
        ),
        synthetic=activity.is_synthetic(book),
        context={"months": months, "month": month},
    )
    return respond(request, page)


def _states(book: Book, month: Month) -> Table:
    titles = names(book, "provider")
    known = book.need_table("measures.returns").keyed("code")
    columns = [tables.code("Return"), tables.text("What"), tables.text("Provider"), tables.text("State")]
    columns += [tables.text(title) for title in ("Came", "National duty", "Local duty")]
    rows: list[list[Cell]] = [
        [
            each.code,
            known[each.code]["title"],
            titles.get(each.provider, each.provider),
            TAGS[each.state],
            day_text(timezone.localtime(each.came_at)) if each.came_at else "",
            DUTIES[each.national],
            DUTIES[each.local],
        ]
        for each in reads.return_states(book, month)
    ]
    return tables.table("states", f"Returns of {month.name}", columns, rows, cards=True)


def _compared(book: Book, month: Month) -> Table:
    titles, place = names(book, "provider"), book.place.id
    derived = {row["code"]: row["derived_from"] for row in book.need_table("measures.returns")}
    columns = [
        tables.code("Return"),
        tables.text("Provider"),
        tables.text("Specialty"),
        tables.number("Returned", additive=False),
        tables.number("Derived from waits", additive=False),
        tables.text("Agreement"),
    ]
    rows: list[list[Cell]] = []
    for each in reads.compared(book, month):
        tfc = "" if each.specialty == ALL else f"C_{each.specialty}"
        address = waits_address(place, month, derived[each.code], each.provider, tfc, "total") if each.derived else ""
        rows.append([
            each.code,
            titles.get(each.provider, each.provider),
            "all together" if each.specialty == ALL else each.specialty,
            each.returned,
            Figure(each.derived, Style.COUNT, address),
            Tag(each.verdict, "green" if each.verdict == AGREES else "red"),
        ])  # fmt: skip
    empty = "No return of the month can be compared with waits."
    return tables.table("compared", "Returned and derived", columns, rows, cards=True, empty=empty)


def receive(request: HttpRequest, place: str) -> HttpResponse:
    """Send a file of returns."""
    book = organisations.book(place)

    def act(values: Mapping[str, Any]) -> str:
        sent = values["file"]
        actions.receive_returns(by=request.viewer.actor, place=place, file_name=str(sent.name), content=sent.read())
        return reverse("measures:returns", kwargs={"place": place})

    writing = Writing(
        title="Send returns",
        form=Form((FILE_FIELD,)),
        submit="Send",
        act=act,
        book=book,
        trail=(Crumb(TITLE, reverse("measures:returns", kwargs={"place": place})),),
        lead=f"One line a specialty and band; {ALL} as specialty is a total. A file with a wrong line is not taken in.",
    )
    return write(request, writing)
