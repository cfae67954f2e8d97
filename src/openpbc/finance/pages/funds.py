"""Pooled funds and freed-up resources for reading: what came in, what went out, what is left, and by which rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openpbc.finance.pages.ledger import ledger_crumb, pence
from openpbc.finance.reads import funds as reads
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Row, Table


def overview(request: HttpRequest, place: str) -> HttpResponse:
    """Show both kinds of money beside the budgets, and lead to what may be done with them."""
    book = open_book(place)
    year, rule = str(book.place.year), reads.reinvested(book)
    shares, freed = reads.pool_shares(book), reads.freed(book)
    part = "" if isinstance(rule, NotSet) else Figure(rule.ppm, Style.PERCENT, f"finance/{place}/value/{rule.id}/value")
    page = Page(
        template="finance/funds.jinja",
        title="Pooled funds and freed-up resources",
        book=book,
        trail=(ledger_crumb(book, year),),
        tables=(pools_table(book, shares), freed_table(book, freed)),
        facts=(("Ledger", year),),
        rests_on=(rule,),
        context={"pools": {each.pool for each in shares}, "freed": freed, "part": part},
    )
    return respond(request, page)


def pools_table(book: Book, shares: tuple[reads.PoolShare, ...]) -> Table:
    """Each pooled fund with its partners, and what all of them hold together."""
    rows: list[Row] = []
    for pool in dict.fromkeys(each.pool for each in shares):
        own = [each for each in shares if each.pool == pool]
        rows += [Row((pool.replace("-", " "), each.partner, *_flow(each.flow))) for each in own]
        if len(own) > 1:
            sums = (pence(value, address) for value, address in reads.together(book, own))
            rows.append(Row((f"{pool.replace('-', ' ')}, together", "", *sums), total=True))
    columns = [tables.text("Pooled fund"), tables.text("Partner"), *_numbers("Paid in", "Spent")]
    empty = "No pooled fund has been paid into this year."
    notes = ("What a fund spends is borne by its partners in the proportion of what each has paid in, to the penny.",)
    return tables.table("pools", "Pooled funds", columns, rows, cards=True, empty=empty, notes=notes if rows else ())


def freed_table(book: Book, freed: tuple[reads.Freed, ...]) -> Table:
    """What each group has freed up for itself, used, and has left."""
    rows = [Row((each.name, *_flow(each.flow))) for each in freed]
    columns = [tables.text(capital(book.word("group"))), *_numbers("Freed up", "Put to use")]
    empty = "Nothing is recorded as freed up this year."
    return tables.table("freed", "Freed-up resources", columns, rows, cards=True, empty=empty)


def _numbers(came: str, went: str) -> list[tables.Column]:
    return [tables.number(title, "£") for title in (came, went, "Left")]


def _flow(flow: reads.Flow) -> tuple[Cell, ...]:
    return (
        pence(flow.came, flow.came_address),
        pence(flow.went, flow.went_address),
        pence(flow.balance.pence, flow.balance.address),
    )
