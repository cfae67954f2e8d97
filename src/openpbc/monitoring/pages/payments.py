"""What contracts pay for the year to date, and the readmissions that are not paid or are paid all the same."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.contracts.reads import MECHANISMS
from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.months import behind, month_facts, month_href
from openpbc.monitoring.reads.payments import FIGURES, Payment, Payments, payment_address
from openpbc.organisations import reads as organisations
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Row, Table

NOT_PAID = "not paid, or only within the threshold"


def payments(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """What every contract pays from April to a month."""
    asked = Month.parse(month)
    found = reads.payments(place, asked)
    book = found.book
    last = found.published.runs[-1][1] if found.published.runs else ""
    crumbs = [Crumb("Months", reverse("monitoring:months", kwargs={"place": place}))]
    crumbs += [Crumb(asked.name, month_href(book, asked))] if asked.year_of == book.place.year else []
    page = Page(
        template="monitoring/payments.jinja",
        title=f"What contracts pay, April to {asked.name}",
        book=book,
        trail=tuple(crumbs),
        tables=(payments_table(found), reasons_table(found)),
        facts=month_facts(place, asked, last),
        rests_on=(*behind(book), *found.adjustments.held, book.table("contracts.agreed_values")),
        context={"found": found, "returned": found.readmissions.lines},
    )
    return respond(request, page)


def payments_table(found: Payments) -> Table:
    """One contract a row; what cannot be told names the file to fill."""
    names = {each.code: each.short_name for each in organisations.providers(found.book.place.id)}
    columns = [tables.text("Provider"), tables.text("Paid by")]
    columns += [tables.number(title, "£") for title in FIGURES.values()]
    rows: list[Row] = []
    for row in found.rows:
        words = MECHANISMS.get(row.mechanism, row.mechanism) or "no contract in the register"
        figures = (_figure(found, row, name) for name in FIGURES)
        rows.append(Row((names.get(row.provider, row.provider), words, *figures)))
    caption = f"April to {found.month.name}, over {len(found.published.runs)} closed months"
    empty = "No contract is in the register and no month is closed."
    return tables.table("payments", caption, columns, rows, cards=True, empty=empty)


def _figure(found: Payments, row: Payment, name: str) -> Cell:
    if name in row.off:
        return "does not apply"
    value = row.figure(name)
    if value is not None:
        address = payment_address(found.book.place.id, found.month, row.provider, name)
        return Figure(value, Style.POUNDS, address)
    subject = row.missing.get(name)
    if subject is None:
        return Missing(why="A part of it cannot be told yet.")
    return Missing(found.book.table(subject).path if subject.startswith("contracts") else _path(found, subject))


def _path(found: Payments, subject: str) -> str:
    return next((held.path for held in found.adjustments.held if held.id == subject), subject)


def reasons_table(found: Payments) -> Table:
    """Readmissions by what becomes of them."""
    counted = Counter(each.reason or NOT_PAID for each in found.readmissions.lines)
    value: Counter[str] = Counter()
    for each in found.readmissions.lines:
        value[each.reason or NOT_PAID] += each.charge
    columns = [tables.text("Readmissions"), tables.number("Number"), tables.number("Charge", "£")]
    rows: list[list[Cell]] = [
        [reason.capitalize() if reason == NOT_PAID else f"Paid all the same: {reason}", Figure(counted[reason]),
         Figure(value[reason], Style.POUNDS)]
        for reason in sorted(counted, key=lambda each: (each != NOT_PAID, each))
    ]  # fmt: skip
    return tables.table("readmissions", "Readmissions", columns, rows, cards=True, empty="None were found.")
