"""Contract totals held against what stands behind them: the providers of a month, and one provider's month."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.months import behind, month_facts, month_href
from openpbc.monitoring.reads import Reconciliation, Sender
from openpbc.monitoring.reads.reconciling import MEASURES, TOTAL, WORDS, Agreed, address
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style, Tag
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Row, Table

VERDICTS = {
    "AGREES": Tag("agrees", "green"),
    "UNBACKED": Tag("charged, not backed", "red"),
    "UNCHARGED": Tag("backed, not charged", "orange"),
}
_SOURCES = {**WORDS, "acm": "Charged (ACM)"}


def senders(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """The providers that sent totals for a closed month, worst first, and those that sent none."""
    book, asked = open_book(place), Month.parse(month)
    found = reads.senders(place, asked)
    sent = {one.provider for one in found}
    page = Page(
        template="monitoring/totals.jinja",
        title=f"Contract totals, {asked.name}",
        book=book,
        trail=_trail(book, asked),
        tables=(_senders_table(book, asked, found),),
        facts=_facts(book, asked),
        rests_on=(*behind(book), book.value("data.contract.tolerance"), book.value("data.contract.mff")),
        context={
            "silent": [one.short_name for one in organisations.providers(place) if one.code not in sent],
            "differing": [one for one in found if one.differing],
            "sent": len(found),
        },
    )
    return respond(request, page)


def _trail(book: Book, month: Month, *, deeper: bool = False) -> tuple[Crumb, ...]:
    at = {"place": book.place.id}
    crumbs = (Crumb("Months", reverse("monitoring:months", kwargs=at)), Crumb(month.name, month_href(book, month)))
    if not deeper:
        return crumbs
    return (*crumbs, Crumb("Contract totals", reverse("monitoring:totals", kwargs={**at, "month": str(month)})))


def _facts(book: Book, month: Month) -> tuple[tuple[str, str], ...]:
    run = next((one.run_id for one in reads.months(book.place.id) if one.month == month), "")
    return month_facts(book.place.id, month, run)


def _senders_table(book: Book, month: Month, found: list[Sender]) -> Table:
    names = {one.code: one.short_name for one in organisations.providers(book.place.id)}
    rows: list[list[Cell]] = []
    for one in sorted(found, key=lambda each: (-abs(each.residual), each.provider)):
        there = reverse("monitoring:provider-totals", kwargs=_at(book, month, one.provider))
        figures = [_money(book, month, one.provider, TOTAL, name, getattr(one, name)) for name in _SUMMED]
        state = Tag(f"{one.differing} differ", "red") if one.differing else VERDICTS["AGREES"]
        rows.append([Link(names.get(one.provider, one.provider), there), *figures, state])
    columns = [tables.text("Provider"), *(tables.number(WORDS[name], "£") for name in _SUMMED), tables.text("State")]
    empty = "No provider sent totals of contract monitoring for this month."
    return tables.table("senders", "Providers that sent totals", columns, rows, cards=True, empty=empty)


_SUMMED = ("acm", "residual", "held")


def _at(book: Book, month: Month, provider: str) -> dict[str, str]:
    return {"place": book.place.id, "month": str(month), "provider": provider}


def _money(book: Book, month: Month, provider: str, pod: str, measure: str, pence: int, payer: str = TOTAL) -> Figure:
    there = address(book.place.id, month, provider, payer, pod, measure)
    return Figure(pence, Style.POUNDS, there, signed=measure == "residual")


def totals(request: HttpRequest, place: str, month: str, provider: str) -> HttpResponse:
    """One provider's month: charged, what stands behind it, the difference and what is held, by point of delivery."""
    book, asked = open_book(place), Month.parse(month)
    found = reads.reconciliation(place, asked, provider)
    names = {one.code: one.name for one in organisations.providers(place)}
    page = Page(
        template="monitoring/provider_totals.jinja",
        title=f"Contract totals of {names[provider]}, {asked.name}",
        book=book,
        trail=_trail(book, asked, deeper=True),
        tables=(_pods_table(book, found), _categories_table(found)),
        facts=_facts(book, asked),
        rests_on=(*behind(book), book.value("data.contract.tolerance"), book.value("data.contract.mff")),
        context={
            "found": found,
            "differing": [one for one in found.pods if one.verdict != "AGREES"],
            "held": _money(book, asked, provider, TOTAL, "held", found.totals["held"]),
            "residual": _money(book, asked, provider, TOTAL, "residual", found.totals["residual"]),
        },
    )
    return respond(request, page)


def _pods_table(book: Book, found: Reconciliation) -> Table:
    columns = [tables.text("Payer"), tables.code("Point of delivery")]
    columns += [tables.number(WORDS[name], "£") for name in MEASURES]
    columns.append(tables.text("State"))
    rows = [Row(tuple(_pod_row(book, found, one))) for one in found.pods]
    if rows:
        figures = [_money(book, found.month, found.provider, TOTAL, name, found.totals[name]) for name in MEASURES]
        rows.append(Row(("All", "", *figures, ""), total=True))
    empty = "This provider sent no totals, so there is nothing to hold its records against."
    return tables.table("pods", "By payer and point of delivery", columns, rows, cards=True, empty=empty)


def _pod_row(book: Book, found: Reconciliation, one: Agreed) -> list[Cell]:
    figures = [
        _money(book, found.month, found.provider, one.pod or "-", name, getattr(one, name), one.commissioner or "-")
        for name in MEASURES
    ]
    return [one.commissioner or "not told", one.pod or "not told", *figures, VERDICTS[one.verdict]]


def _categories_table(found: Reconciliation) -> Table:
    columns = [tables.text("Payer"), tables.code("Point of delivery"), tables.text("Service category")]
    columns += [tables.text("What"), tables.number("Lines"), tables.number("Amount", "£")]
    rows: list[list[Cell]] = [
        [
            one.commissioner or "not told",
            one.pod or "not told",
            one.category or "not told",
            _SOURCES[one.source],
            Figure(one.lines),
            Figure(one.pence, Style.POUNDS),
        ]
        for one in found.categories
    ]
    return tables.table("categories", "By who commissions the service", columns, rows, cards=True)
