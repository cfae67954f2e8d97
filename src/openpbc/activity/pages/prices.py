"""The prices of the place's year: which price lists are in force, what each group costs, where there is no price."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openpbc.activity import reads
from openpbc.activity.reads import PriceTableInForce
from openpbc.activity.reads.price_lists import SETTINGS, price_address
from openpbc.activity.rules.tariff import AdmittedPrice
from openpbc.kernel.money import percent_text
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style, Tag
from openpbc.ui.pages import Page, respond
from openpbc.ui.paging import pager
from openpbc.ui.tables import Table as Shown

ON_A_PAGE = 50
NO_PRICE = "no price"
_COLOURS = {"enacted": "green", "approved": "green", "draft": "yellow", "assumed": "orange", "not set": "grey"}


def prices(request: HttpRequest, place: str) -> HttpResponse:
    """Price lists in force and the prices of admitted care; ``?q=`` keeps groups by code or name."""
    book = organisations.book(place)
    asked = request.GET.get("q", "").strip()
    listed = reads.tables_in_force(place)
    known = reads.admitted_prices(place)
    held = {} if isinstance(known, NotSet) else known
    found = [row for row in held.values() if _fits(row, asked)]
    found.sort(key=lambda row: row.hrg)
    pages = pager(request.GET, len(found), ON_A_PAGE)
    shown = found if "download" in request.GET else found[(pages.number - 1) * pages.size : pages.number * pages.size]
    page = Page(
        template="activity/prices.jinja",
        title="Prices",
        book=book,
        tables=(lists_table(listed), settings_table(book, list(held.values())), prices_table(book, shown, asked)),
        rests_on=(*(one.held for one in listed), *_scheme(book)),
        context={"asked": asked, "pager": pages, "found": len(found), "any": bool(held)},
    )
    return respond(request, page)


def _scheme(book: Book) -> tuple[Table | NotSet, ...]:
    return (book.table("payment.best_practice"), book.table("payment.topups"))


def _fits(row: AdmittedPrice, asked: str) -> bool:
    return row.hrg.upper().startswith(asked.upper()) or asked.casefold() in row.name.casefold()


def lists_table(listed: tuple[PriceTableInForce, ...]) -> Shown:
    """One price list a row: how firm it is, where it comes from, how much is in it."""
    columns = [
        tables.text("Price list"), tables.text("Status"), tables.text("Source"), tables.number("Rows"),
        tables.number("Without any price"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in listed:
        status = one.held.status.value
        cells: list[Cell] = [one.title, Tag(status, _COLOURS[status])]
        if isinstance(one.held, NotSet):
            cells += [Missing(one.held.path), Missing(one.held.path), Missing(one.held.path)]
        else:
            source = f"{one.held.citation.document}: {one.held.citation.section}. {one.held.note}".strip()
            cells += [source, Figure(one.rows), Figure(one.without_price)]
        rows.append(cells)
    return tables.table("lists", "Price lists in force", columns, rows, cards=True)


def settings_table(book: Book, held: list[AdmittedPrice]) -> Shown:
    """How many groups have a price, a price of nothing, or none, by setting."""
    columns = [
        tables.text("Setting"), tables.number("With a price"), tables.number("of these priced at 0"),
        tables.number("No price"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for name, (title, _) in SETTINGS.items():
        amounts = [getattr(row, name) for row in held]
        priced = [amount for amount in amounts if amount is not None]
        rows.append([title, Figure(len(priced)), Figure(priced.count(0)), Figure(len(amounts) - len(priced))])
    caption = f"Groups of admitted care in {book.place.year.label}"
    return tables.table(
        "settings", caption, columns, rows if held else [], cards=True, empty="No price list is loaded."
    )


def prices_table(book: Book, shown: list[AdmittedPrice], asked: str) -> Shown:
    """One resource group a row, with its price in every setting."""
    columns = [tables.code("Group"), tables.text("Name")]
    columns += [tables.number(title, "£", additive=False) for title, _ in SETTINGS.values()]
    columns += [
        tables.number("Elective trim point", "days", additive=False),
        tables.number("Non-elective trim point", "days", additive=False),
        tables.number("A day beyond", "£", additive=False), tables.text("Short emergency stay"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in shown:
        money = [_price(book, row, name) for name in (*SETTINGS, "per_day")]
        trims: list[Cell] = ["none" if days is None else Figure(days) for days in (row.el_trim, row.nel_trim)]
        rows.append([row.hrg, row.name, *money[:4], *trims, money[4], _short_stay(row)])
    empty = f"No group begins with or contains '{asked[:40]}'." if asked else "No price list is loaded."
    caption = "Prices by resource group, before the market forces factor"
    return tables.table("prices", caption, columns, rows, cards=True, empty=empty)


def _price(book: Book, row: AdmittedPrice, name: str) -> Cell:
    amount = getattr(row, name)
    if amount is None:
        return NO_PRICE
    return Figure(amount, Style.PENCE, price_address(book.place.id, row.hrg, name))


def _short_stay(row: AdmittedPrice) -> Cell:
    if not row.sse_applies:
        return "not reduced"
    if row.sse_price is not None:
        return f"reduced to {Figure(row.sse_price, Style.PENCE).text}"
    return "not reduced" if row.sse_ppm is None else f"reduced to {percent_text(row.sse_ppm, 0)}"
