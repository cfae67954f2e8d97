"""Need shares: weighted populations of the place's units, their shares and need indices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages.printed import rate
from openpbc.finance.pages.share_tables import need_index
from openpbc.finance.reads import NeedReport
from openpbc.finance.reads.england import BY, ENGLAND
from openpbc.finance.reads.need import COMPONENTS, UNIT_COLUMN, WEIGHTS
from openpbc.finance.rules.need_shares import PlaceNeed
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure
from openpbc.ui.forms import Answer, Field, Form, day
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.paging import pager
from openpbc.ui.tables import Row, Table

SELECTION = "all"
CLOCKS = Form(
    (
        Field("on", "Units of the day", day, hint="Empty for the published ones"),
        Field("known_on", "As known on", day, hint="Empty for all that is known"),
    )
)
SHOWN_AREAS = ("ICS22", "R22", "CCG21", "LTLA21", "Practice_Code")


def need_shares(request: HttpRequest, place: str) -> HttpResponse:
    """Show each unit's population, weighted populations, shares and indices; not set where a place has no weights.

    ``?on= &known_on=`` asks for the units to which practices belonged on a day, as known on a day.
    """
    book = open_book(place)
    answer = CLOCKS.read(request.GET)
    found, answer = _report(book, answer)
    report = None if isinstance(found, NotSet) else found
    page = Page(
        template="finance/need.jinja",
        title="Need by weighted population",
        book=book,
        trail=(_parent(book),),
        tables=() if report is None else (overall_table(book, report), components_table(book, report)),
        rests_on=(book.table(WEIGHTS), book.table(COMPONENTS), book.value(UNIT_COLUMN)),
        context={
            "report": report,
            "missing": found if report is None else None,
            "form": answer,
            "areas": [(by, BY[by]) for by in SHOWN_AREAS] if book.table(ENGLAND).is_set else [],
        },
    )
    return respond(request, page)


def _report(book: Book, answer: Answer) -> tuple[NeedReport | NotSet, Answer]:
    """The report of the day asked for; a day that cannot be answered leaves the published units."""
    on, known_on = answer.values.get("on"), answer.values.get("known_on")
    if on is None:
        if known_on is not None:
            answer = answer.refused(UserError("give the day whose units are wanted", where="on"))
        return reads.need_shares(book), answer
    try:
        return reads.need_on(book, on, known_on), answer
    except UserError as problem:
        return reads.need_shares(book), answer.refused(UserError(problem.what, "on", problem.do))


def england(request: HttpRequest, place: str) -> HttpResponse:
    """All practices of the published file, added up by one kind of area (``?by=``)."""
    book = open_book(place)
    by = request.GET.get("by", SHOWN_AREAS[0])
    found = reads.england_need(book, by)
    report = None if isinstance(found, NotSet) else found
    shown = () if report is None else (areas_table(report, by),)
    page = Page(
        template="finance/need_england.jinja",
        title="Need of every practice in the published file",
        book=book,
        trail=(_parent(book), Crumb("Need by weighted population", reverse("finance:need-shares", args=[place]))),
        tables=shown,
        rests_on=(book.table(ENGLAND), book.table(COMPONENTS)),
        context={
            "report": report,
            "missing": found if report is None else None,
            "areas": [(each, BY[each]) for each in SHOWN_AREAS],
            "by": by,
            "pager": pager(request.GET, len(report.shares.places)) if report else None,
        },
    )
    return respond(request, page)


def areas_table(report: NeedReport, by: str) -> Table:
    """Each area with its people, its share of the file, and its index in all and by component."""
    number = report.overall
    columns = [
        tables.text(BY[by]),
        tables.number("Practices"),
        tables.number("Population", "people"),
        tables.number("Weighted", "people"),
        tables.number("Share", "%", additive=False),
        tables.number("Need index", additive=False),
        *(
            tables.number(column.title, additive=False, group="Need index by component")
            for at, column in enumerate(report.columns.weighted)
            if at != number
        ),
    ]
    rows = []
    for need in sorted(report.shares.places, key=lambda each: (report.names[each.place], each.place)):
        indices = [_index(report, need, at) for at, _ in enumerate(report.columns.weighted) if at != number]
        rows.append(Row((*_overall_row(report, need, need.place, number), *indices)))
    return tables.table("areas", f"By {BY[by].lower()}", columns, rows)


def _index(report: NeedReport, need: PlaceNeed, number: int) -> Cell:
    index = need.components[number].index
    return None if index is None else need_index(index, report.figure_address(need.place, "index", number))


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
    number = report.overall
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
        cells += [_index(report, need, number) for need in report.shares.places]
        rows.append(cells)
    return tables.table("components", "Need index by component", columns, rows)
