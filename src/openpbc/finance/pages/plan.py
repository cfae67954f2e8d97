"""Allocation and plan: the published tables that are not by group, what the checks say, deposits, and assumptions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openpbc.finance import reads
from openpbc.finance.pages.assumptions import assumption_tables, behind_assumptions
from openpbc.finance.pages.printed import as_printed, by_group, checks_table, heading, money
from openpbc.finance.reads import Check, PlanPosition, PrintedTable
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Missing
from openpbc.ui.forms import Field, Form, thousand_pounds
from openpbc.ui.pages import Held, Page, capital, respond
from openpbc.ui.tables import Table

DEPOSIT = Form(
    (
        Field(
            name="deposit",
            label="Deposit",
            read=thousand_pounds,
            hint="In thousands of pounds, such as 10,000",
            prefix="£000",
        ),
    )
)


def plan(request: HttpRequest, place: str) -> HttpResponse:
    """The published tables printed and recomputed, the plan under each deposit, and the assumptions behind it."""
    book = open_book(place)
    asked = DEPOSIT.read(request.GET)
    sections = printed_sections(book)
    deposits = deposits_table(book, asked.values.get("deposit"))
    page = Page(
        template="finance/plan.jinja",
        title=f"{capital(book.word('allocation'))} and plan",
        book=book,
        draft=any(table.status == "draft" for table, _ in printed_tables(book)),
        tables=(*(table for section in sections for table in section), deposits, *assumption_tables(book)),
        rests_on=(*behind_tables(book), *behind_assumptions(book)),
        context={"sections": sections, "form": asked},
    )
    return respond(request, page)


def printed_tables(book: Book) -> list[tuple[PrintedTable, tuple[Check, ...]]]:
    """The place's published tables that are not by group, each with its checks."""
    printed, checks = reads.tables(book), reads.checks(book)
    known = () if isinstance(checks, NotSet) else checks
    listed = () if isinstance(printed, NotSet) else printed
    return [
        (each, tuple(check for check in known if check.table == each.code)) for each in listed if not by_group(each)
    ]


def printed_sections(book: Book) -> list[tuple[Table, ...]]:
    """Each published table as printed, with what its checks found below it."""
    sections: list[tuple[Table, ...]] = []
    for table, checks in printed_tables(book):
        caption = f"{heading(table)}: printed against recomputed"
        found = checks_table(f"checks-{table.number}", caption, checks)
        sections.append((as_printed(table), found) if checks else (as_printed(table),))
    return sections


def behind_tables(book: Book) -> tuple[Held, ...]:
    """The rulebook's tables behind the page."""
    return tuple(book.table(id) for id in (reads.TABLES, reads.ALLOCATION, reads.PLAN, reads.FUNDING, reads.CHECKS))


def deposits_table(book: Book, tried: int | None) -> Table:
    """The plan's balance under each scenario's deposit, and under the one that the reader tries."""
    columns = [
        tables.text("Deposit"),
        *(
            tables.number(title, "£000", additive=False)
            for title in ("Committed", "Not committed", "Deposit", "Balance")
        ),
    ]
    found = reads.plan_scenarios(book)
    rows: list[list[Cell]]
    if isinstance(found, NotSet):
        rows = [["Any deposit", *[Missing(found.path)] * 4]]
    else:
        rows = [_deposit_row(each) for each in found]
        tried_position = None if tried is None else reads.plan(book, deposit=tried)
        rows += [] if tried_position is None or isinstance(tried_position, NotSet) else [_deposit_row(tried_position)]
    return tables.table("deposits", f"The {book.word('plan')} under each deposit", columns, rows, cards=True)


def _deposit_row(position: PlanPosition) -> list[Cell]:
    laid_out = position.plan
    figures = {
        "committed": laid_out.committed.total,
        "uncommitted": laid_out.uncommitted.total,
        "deposit": position.deposit,
        "balance": position.balance,
    }
    stem, _, column = position.address.rpartition("/balance/")
    return [position.title, *(money(value, f"{stem}/{name}/{column}") for name, value in figures.items())]
