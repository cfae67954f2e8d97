"""The records behind a measure, one by one, for those who may see records."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import reads as activity
from openpbc.measures import reads
from openpbc.measures.pages.listing import behind, measure_href, period_facts
from openpbc.measures.reads.marks import MOST, MarkRow, marks
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.paging import pager
from openpbc.ui.tables import Table

ON_A_PAGE = 50
KINDS = {"counted": "in the numerator", "left-out": "left out", "all": "all that were looked at"}


def records(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Records of a measure over ``?period=``, of one ``?provider=``; ``?show=`` counted, left-out or all."""
    book = organisations.book(place)
    measure, period = reads.measure_of(book, code), reads.period(place, request.GET.get("period", ""))
    if measure is None or not measure.computed or period is None:
        raise Http404("There are no records for this.")
    show = request.GET.get("show", "counted") if request.GET.get("show") in KINDS else "counted"
    provider = request.GET.get("provider", "")
    total, _ = marks(period, code, show, provider, 1, 0)
    pages = pager(request.GET, total, MOST if "download" in request.GET else ON_A_PAGE)
    _, found = marks(period, code, show, provider, pages.size, (pages.number - 1) * pages.size)
    page = Page(
        template="measures/records.jinja",
        title=f"Records: {measure.title}",
        book=book,
        trail=(
            Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),
            Crumb(measure.title, measure_href(book, code, period)),
        ),
        tables=(_table(book, found, KINDS[show], total),),
        facts=period_facts(book, period),
        rests_on=behind(book),
        synthetic=activity.is_synthetic(book),
        context={"kinds": KINDS, "show": show, "pager": pages, "provider": provider, "total": total},
    )
    return respond(request, page)


def _table(book: Book, found: tuple[MarkRow, ...], words: str, total: int) -> Table:
    reasons = book.need_table("measures.reasons").keyed("code")
    titles = [("Record", "Month", "Provider", "Practice", "Specialty", "Group", "Left out because")][0]
    columns = [*(tables.text(title) for title in titles[:6]), tables.number("Counts"), tables.text(titles[6])]
    rows: list[list[Cell]] = [
        [
            Link(f"{each.stream} {each.file} line {each.line}", _price_href(book, each)),
            each.month.name,
            each.provider,
            each.practice,
            each.tfc,
            each.hrg,
            Figure(each.numerator, Style.COUNT),
            reasons[each.reason]["words"] if each.reason else "",
        ]
        for each in found
    ]
    return tables.table("records", f"Records {words}: {total:,}", columns, rows, cards=True, empty="No record.")


def _price_href(book: Book, each: MarkRow) -> str:
    address = f"price/{book.place.id}/{each.month}/{each.stream}/{each.file}/{each.line}"
    return Figure(0, address=address).href
