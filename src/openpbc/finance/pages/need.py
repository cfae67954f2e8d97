"""Need shares: weighted populations of the place's units, their shares and need indices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages.printed import rate
from openpbc.finance.pages.share_tables import need_index
from openpbc.finance.reads import NeedReport
from openpbc.finance.reads.need import COMPONENTS, UNIT_COLUMN, WEIGHTS
from openpbc.finance.rules.need_shares import PlaceNeed
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Row, Table

SELECTION = "all"


def need_shares(request: HttpRequest, place: str) -> HttpResponse:
    """Show each unit's population, weighted populations, shares and indices; not set where a place has no weights."""
    book = open_book(place)
    found = reads.need_shares(book)
    report = None if isinstance(found, NotSet) else found
    page = Page(
        template="finance/need.jinja",
        title="Need by weighted population",
        book=book,
        trail=(_parent(book),),
        tables=() if report is None else (overall_table(book, report), components_table(book, report)),
        rests_on=(book.table(WEIGHTS), book.table(COMPONENTS), book.value(UNIT_COLUMN)),
        context={"report": report, "missing": found if report is None else None},
    )
    return respond(request, page)


def _parent(book: Book) -> Crumb:
    return Crumb(capital(book.word("fair_shares")), reverse("finance:fair-shares", kwargs={"place": book.place.id}))


def overall_table(book: Book, report: NeedReport) -> Table:
    """Population and overall weighted population of each unit, with its share and index."""
    columns = [
        tables.text(capital(book.word("unit"))),
        tables.number("Practices"),
        tables.number("Population", "people"),
        tables.number("Weighted", "people"),
        tables.number("Share", "%", additive=False),
        tables.number("Need index", additive=False),
    ]
    number = next((at for at, column in enumerate(report.columns.weighted) if column.overall), 0)
    rows = [_overall_row(report, need, need.place, number) for need in report.shares.places]
    whole = Row(_overall_row(report, report.shares.selection, SELECTION, number), total=True)
    return tables.table("need", "Overall weighted population", columns, [*rows, whole], cards=True)


def _overall_row(report: NeedReport, need: PlaceNeed, code: str, number: int) -> tuple[Cell, ...]:
    part = need.components[number]
    name = "All" if code == SELECTION else report.names[code]
    share = None if code == SELECTION else rate(part.share, report.figure_address(code, "share", number))
    index = None if part.index is None else need_index(part.index, report.figure_address(code, "index", number))
    population = Figure(need.population, address=report.figure_address(code, "population"))
    weighted = Figure(part.weighted, address=report.figure_address(code, "weighted", number))
    return (name, Figure(need.practices), population, weighted, share, index)


def components_table(book: Book, report: NeedReport) -> Table:
    """The need index of every component in every unit."""
    group = capital(book.word("units"))
    names = [report.names[need.place] for need in report.shares.places]
    columns = [tables.text("Component of need"), *(tables.number(name, additive=False, group=group) for name in names)]
    rows: list[list[Cell]] = []
    for number, column in enumerate(report.columns.weighted):
        cells: list[Cell] = [column.title]
        for need in report.shares.places:
            index = need.components[number].index
            address = report.figure_address(need.place, "index", number)
            cells.append(None if index is None else need_index(index, address))
        rows.append(cells)
    return tables.table("components", "Need index by component", columns, rows)
