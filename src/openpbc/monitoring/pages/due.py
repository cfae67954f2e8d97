"""What is due for payment in a month: a file for those who pay. No payment is made in this system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import cell
from openpbc.monitoring.pages.in_year_links import position_href
from openpbc.monitoring.pages.months import behind, month_facts
from openpbc.monitoring.reads.entered import ACTUAL
from openpbc.monitoring.reads.kept_figures import entry_address
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Row, Table


def due(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """The charge of each provider in the month, and the actuals entered for it, each with its reference."""
    book, asked = organisations.book(place), Month.parse(month)
    found = reads.position(place, asked, "provider")
    shown = (providers_table(book, found), entered_table(book, asked))
    page = Page(
        template="monitoring/due.jinja",
        title=f"Due for payment, {asked.name}",
        book=book,
        trail=(
            Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),
            Crumb(f"Position, {asked.name}", position_href(book, asked)),
        ),
        tables=shown,
        facts=month_facts(place, asked, found.run_id),
        rests_on=behind(book),
        context={"closed": bool(found.run_id), "month": asked},
    )
    return respond(request, page)


def providers_table(book: Book, found: reads.Position) -> Table:
    """One row a provider: the charge of the month that the published run gives."""
    columns = (
        tables.code("Code"),
        tables.text(capital(book.word("provider"))),
        tables.number("Charge of the month", "£"),
        tables.text("Reference"),
    )
    rows: list[Row] = [
        Row((row.code, row.name, cell(row.figures["actual-charge"]), f"{found.month} {row.code} {found.run_id}"))
        for row in found.rows
        if found.run_id and row.figures["actual-charge"].value
    ]
    return tables.table(
        "providers", f"Hospital care of {found.month.name}", columns, rows, empty="The month is not closed."
    )


def entered_table(book: Book, month: Month) -> Table:
    """One row an entry: the actuals that people entered for the month."""
    titles = {line.code: line.title for line in reads.service_lines(book)}
    known = reads.holders(book)
    columns = (
        tables.code("Entry"),
        tables.text("Service line"),
        tables.text("Whose budget"),
        tables.number("Amount", "£"),
        tables.text("Source"),
    )
    rows: list[list[Cell]] = [
        [
            str(each.id),
            titles.get(each.service_line, each.service_line),
            known.whose(each.unit, each.practice),
            Figure(each.pence, Style.PENCE, entry_address(book.place.id, each.id)),
            each.source,
        ]
        for each in reads.entries(book.place.id, [str(month)], None, kind=ACTUAL)
    ]
    return tables.table("entered", f"Entered for {month.name}", columns, rows, empty="Nothing is entered.")
