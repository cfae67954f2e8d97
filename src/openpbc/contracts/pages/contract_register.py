"""The register of contracts: who is paid how, what is agreed beside the tariff, and what is planned."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from openpbc.contracts.reads import contract_register as reads
from openpbc.contracts.reads.contract_register import Contract, LocalPrice, PlanRow, local_price_address
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Row, Table

REGISTER = "contracts.register"
LOCAL_PRICES = "contracts.local_prices"
BLOCK = "BLOCK"


def register(request: HttpRequest, place: str) -> HttpResponse:
    """Every contract of the place's year with its terms, its local prices and its planned activity."""
    book = organisations.book(place)
    contracts = reads.register(place)
    plan = reads.plan(place)
    names = {each.code: each.short_name for each in organisations.providers(place)}
    page = Page(
        template="contracts/register.jinja",
        title="Contracts",
        book=book,
        tables=(
            register_table(book, contracts, names),
            plan_table(book, reads.plan_rows(place), names),
            local_prices_table(book, contracts, names),
        ),
        facts=(("Activity plan", f"{plan.file_name} {plan.sha256}" if plan else "none is loaded"),),
        rests_on=(book.table(REGISTER), book.table(LOCAL_PRICES)),
        context={"plan": plan},
    )
    return respond(request, page)


def _day(value: date | None, path: str) -> Cell:
    return Missing(path) if value is None else day_text(value)


def register_table(book: Book, contracts: list[Contract], names: dict[str, str]) -> Table:
    """One contract a row."""
    path = book.table(REGISTER).path
    rows: list[list[Cell]] = [
        [
            names.get(each.provider, each.provider),
            each.title,
            each.form,
            reads.MECHANISMS.get(each.mechanism, each.mechanism),
            each.coordinator or Missing(path),
            _day(each.starts, path),
            _day(each.ends, path),
            each.note,
        ]
        for each in contracts
    ]
    titles = ("Provider", "Contract", "Form", "Paid by", "Coordinating commissioner", "From", "To", "Note")
    return tables.table(
        "register",
        f"Contracts of {book.place.year.label}",
        [tables.text(title) for title in titles],
        rows,
        cards=True,
        empty=f"No contract is held. Fill in {path}.",
    )


def plan_table(book: Book, lines: list[PlanRow], names: dict[str, str]) -> Table:
    """Activity and charge planned for the year, by provider."""
    columns = [tables.text("Provider"), tables.number("Activity planned"), tables.number("Charge planned", "£")]
    rows: list[Row] = []
    for provider in sorted({line.provider for line in lines}):
        own = [line for line in lines if line.provider == provider]
        rows.append(Row((names.get(provider, provider), *_planned(book, own, provider))))
    if lines:
        rows.append(Row(("All", *_planned(book, lines, "all")), total=True))
    caption = capital(f"{book.word('activity_plan')} of {book.place.year.label}")
    empty = "No activity plan is loaded. Load one with 'openpbc contracts load-plan'."
    return tables.table("plan", caption, columns, rows, cards=True, empty=empty)


def _planned(book: Book, lines: list[PlanRow], provider: str) -> tuple[Cell, Cell]:
    stem = f"position/{book.place.id}/{book.place.year.months[0]}/all/{provider}/all/year-plan"
    activity = Figure(sum(line.activity for line in lines), address=f"{stem}-activity")
    return activity, Figure(sum(line.charge for line in lines), Style.POUNDS, f"{stem}-charge")


def local_prices_table(book: Book, contracts: list[Contract], names: dict[str, str]) -> Table:
    """What contracts pay beside the tariff."""
    rows: list[list[Cell]] = [
        [
            names.get(contract.provider, contract.provider),
            price.stream,
            price.pod,
            price.code,
            price.arrangement.lower().replace("_", " "),
            _price(book, contract, price),
        ]
        for contract in contracts
        for price in contract.local_prices
    ]
    titles = ("Provider", "Stream", capital(book.word("point_of_delivery")), "Code", "Arrangement")
    columns = [*(tables.text(title) for title in titles), tables.number("Price", "£", additive=False)]
    empty = "Nothing is agreed beside the tariff."
    return tables.table("local-prices", "Agreed beside the tariff", columns, rows, cards=True, empty=empty)


def _price(book: Book, contract: Contract, price: LocalPrice) -> Cell:
    if price.price is not None:
        return Figure(price.price, Style.PENCE, local_price_address(book.place.id, contract.provider, price))
    return "in the block" if price.arrangement == BLOCK else Missing(book.table(LOCAL_PRICES).path)
