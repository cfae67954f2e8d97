"""Our prices beside those that an extract of the national service supplies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import reads
from openpbc.activity.flow.canonical import STREAM_WORDS
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.pages import Crumb, Page, respond

MOST = 500


def supplied(request: HttpRequest, place: str) -> HttpResponse:
    """The records of a month (``?month=``) whose supplied price is not ours, the greatest differences first."""
    book = organisations.book(place)
    ran = [month for month in book.place.year.months if reads.last_run(place, month)]
    asked = request.GET.get("month", "")
    month = Month.parse(asked) if asked else (ran[-1] if ran else book.place.year.months[0])
    names = {each.code: each.short_name for each in organisations.providers(place)}
    columns = [tables.text("Provider"), tables.text("Data set"), tables.code("Point of delivery")]
    columns += [tables.number(title, "£", additive=False) for title in ("Ours", "Supplied", "Difference")]
    columns.append(tables.text("What that says"))
    rows: list[list[Cell]] = [
        [
            names.get(each.provider, each.provider),
            STREAM_WORDS[each.stream],
            each.pod,
            Figure(each.ours, Style.PENCE, each.address) if each.ours is not None else "none",
            Figure(each.supplied, Style.PENCE) if each.supplied is not None else "none",
            Figure(each.difference, Style.PENCE, signed=True) if each.difference is not None else "",
            each.sentence,
        ]
        for each in reads.supplied_prices(place, month)[:MOST]
    ]
    empty = "No file of the month supplies prices, or all are the same as ours."
    page = Page(
        template="activity/supplied.jinja",
        title=f"Supplied prices of {month.name}",
        book=book,
        trail=(Crumb("Prices", reverse("activity:prices", kwargs={"place": place})),),
        tables=(tables.table("supplied", "Prices that differ", columns, rows, cards=True, empty=empty),),
        facts=(("As at", month.name),),
        synthetic=reads.is_synthetic(book),
        context={"months": ran, "month": month},
    )
    return respond(request, page)
