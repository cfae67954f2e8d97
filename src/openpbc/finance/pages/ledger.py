"""The ledger for reading: trial balance, an account's statement, the journals, and one journal."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from openpbc.finance import actions, reads
from openpbc.finance.reads import (
    ACCOUNT_KINDS,
    JOURNAL_KINDS,
    Balance,
    Journal,
    StatementLine,
    TrialBalance,
    TrialRow,
)
from openpbc.finance.reads.waiting import agreed_journal, second_person_from, waiting_journals
from openpbc.kernel.periods import FinancialYear, day_text
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style
from openpbc.ui.forms import Field, Form, choice, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.paging import pager
from openpbc.ui.tables import Row, Table

LINES_ON_A_PAGE = 50
LINES_IN_A_DOWNLOAD = 100_000
# Where the source of a journal is shown: the first part of its address, and the route that takes place and number.
SOURCES = {
    "decision": "governance:decision",
    "budget-set": "finance:budget-set",
    "innovation-bid": "finance:innovation-bid",
}


def year_of(request: HttpRequest, book: Book) -> str:
    """The ledger's year: the place's own, or the one that the address names."""
    asked = request.GET.get("year", "")
    return str(FinancialYear.parse(asked)) if asked else str(book.place.year)


def address_of(route: str, book: Book, year: str, *arguments: object) -> str:
    """Give the address of a page of the ledger, with its year where it is another than the place's own."""
    path = reverse(route, args=[book.place.id, *arguments])
    return path if year == str(book.place.year) else f"{path}?year={year}"


def journal_or_waiting(book: Book, year: str, posted: actions.Posted) -> str:
    """Give the page to which a journal leads once it was sent: its own, or those that wait for a second person."""
    return waiting_page(book) if posted.waits else address_of("finance:ledger-journal", book, year, posted.number)


def waiting_page(book: Book) -> str:
    """The page of those that wait for a second person."""
    return reverse("finance:ledger-waiting", args=[book.place.id])


def ledger_crumb(book: Book, year: str) -> Crumb:
    """The way back to the trial balance."""
    return Crumb("Ledger", address_of("finance:ledger", book, year))


def pence(value: int, address: str = "") -> Figure:
    """A sum of the ledger: pounds and pence, as it was posted."""
    return Figure(value, Style.PENCE, address)


def trial_balance(request: HttpRequest, place: str) -> HttpResponse:
    """Every account by kind with what each kind of journal did to it; all of it together is nought."""
    book = open_book(place)
    year = year_of(request, book)
    form = _filter(book, year)
    asked = form.read(request.GET)
    found = reads.trial_balance(place, year, **{f"{name}": str(value) for name, value in asked.values.items()})
    years = reads.ledger_years(place)
    page = Page(
        template="finance/ledger.jinja",
        title=f"Ledger {FinancialYear.parse(year).label}",
        book=book,
        tables=(trial_table(book, found),),
        facts=(("Ledger", year), ("Journals", f"{found.journals:,}")),
        context={
            "form": asked,
            "year": year,
            "years": [(each, address_of("finance:ledger", book, each)) for each in years] if len(years) > 1 else [],
            "posted": bool(found.journals),
            "journals": address_of("finance:ledger-journals", book, year),
            "waiting": len(waiting_journals(place)),
        },
        rests_on=(second_person_from(book),),
    )
    return respond(request, page)


def _filter(book: Book, year: str) -> Form:
    kinds = tuple(ACCOUNT_KINDS.items())
    balances = reads.ledger_balances(book.place.id, year)
    units = tuple((unit, unit) for unit in sorted({each.account.unit for each in balances if each.account.unit}))
    return Form(
        (
            choice("kind", "Kind of account", kinds, blank="All"),
            choice("unit", book.word("budget_line").capitalize(), units, blank="All"),
            Field("text", "Part of its name or code", words, width="10"),
        )
    )


def trial_table(book: Book, found: TrialBalance) -> Table:
    """The trial balance: the balance, a column for each kind of journal, a sum of each kind of account, and of all."""
    columns = [
        tables.text("Account"),
        tables.number("Balance", "£"),
        *(
            tables.number(JOURNAL_KINDS[kind].title, "£", additive=False, group="Moved by journals of kind")
            for kind in found.kinds
        ),
    ]
    rows: list[Row] = []
    for _, accounts, total in found.sections:
        rows += [_trial_row(book, found, row) for row in accounts]
        rows += [_trial_row(book, found, total)] if len(accounts) > 1 else []
    rows += [_trial_row(book, found, found.total)] if found.total else []
    notes = ("What is given to one account is taken from another: all accounts together are always nought.",)
    empty = "No account fits."
    return tables.table(
        "trial-balance", "Trial balance", columns, rows, cards=True, empty=empty, notes=notes if found.total else ()
    )


def _trial_row(book: Book, found: TrialBalance, row: TrialRow) -> Row:
    moved: list[Cell] = [
        pence(row.movements[kind].pence, row.movements[kind].address) if kind in row.movements else None
        for kind in found.kinds
    ]
    name: Cell = row.title
    if row.account is not None:
        name = Link(row.title, address_of("finance:ledger-account", book, found.year, row.account.code))
    elif row.unit:
        query = urlencode({"kind": "practice", "unit": row.unit, "year": found.year})
        name = Link(row.title, f"{reverse('finance:ledger', args=[book.place.id])}?{query}")
    summed = row.account is None and not row.unit
    return Row((name, pence(row.balance.pence, row.balance.address), *moved), total=summed)


def account(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """The statement of one account: every line with its journal, who posted it and why, and the running balance."""
    book = open_book(place)
    year = year_of(request, book)
    found = reads.balance(place, year, code)
    whole = "download" in request.GET
    pages = pager(request.GET, found.number, LINES_IN_A_DOWNLOAD if whole else LINES_ON_A_PAGE)
    lines = reads.statement(place, year, code, limit=pages.size, skip=(pages.number - 1) * pages.size)
    page = Page(
        template="finance/ledger_account.jinja",
        title=found.account.title,
        book=book,
        trail=(ledger_crumb(book, year),),
        tables=(statement_table(book, year, lines),),
        facts=(("Ledger", year), ("Account", code)),
        context={
            "pager": pages,
            "account": found.account,
            "meaning": ACCOUNT_KINDS[found.account.kind],
            "balance": pence(found.pence, found.address),
        },
    )
    return respond(request, page)


def statement_table(book: Book, year: str, lines: tuple[StatementLine, ...]) -> Table:
    """The lines of an account, the newest first."""
    rows: list[list[Cell]] = [
        [
            Link(f"Journal {line.journal}", address_of("finance:ledger-journal", book, year, line.journal)),
            day_text(line.on),
            JOURNAL_KINDS[line.kind].title,
            line.reason,
            _named(line.others),
            line.by_name,
            pence(line.pence, line.address),
            pence(line.balance, line.balance_address),
        ]
        for line in lines
    ]
    columns = [
        *(tables.text(title) for title in ("Journal", "Dated", "Kind", "Why", "Other side", "Posted by")),
        tables.number("In or out", "£"),
        tables.number("Balance after", "£", additive=False),
    ]
    return tables.table("statement", "Statement, the newest line first", columns, rows, cards=True)


def _named(others: tuple[str, ...]) -> str:
    """Name the other side of a journal, or say how many accounts it has."""
    return "; ".join(others) if len(others) <= 3 else f"{len(others)} accounts"


def journals(request: HttpRequest, place: str) -> HttpResponse:
    """Every journal, the newest first; ``?kind=`` keeps one kind."""
    book = open_book(place)
    year = year_of(request, book)
    kind = request.GET.get("kind", "")
    kind = kind if kind in JOURNAL_KINDS else ""
    whole = "download" in request.GET
    total = reads.count_journals(place, year, kind=kind)
    pages = pager(request.GET, total, LINES_IN_A_DOWNLOAD if whole else LINES_ON_A_PAGE)
    found = reads.journals(place, year, kind=kind, limit=pages.size, skip=(pages.number - 1) * pages.size)
    page = Page(
        template="finance/ledger_journals.jinja",
        title=f"Journals {FinancialYear.parse(year).label}",
        book=book,
        trail=(ledger_crumb(book, year),),
        tables=(journals_table(book, found),),
        facts=(("Ledger", year), ("Journals", f"{total:,}")),
        context={"pager": pages, "kind": kind, "kinds": JOURNAL_KINDS.values()},
    )
    return respond(request, page)


def journals_table(book: Book, found: tuple[Journal, ...]) -> Table:
    """Journals one a row; where one account gave, its line is the sum that moved."""
    rows: list[list[Cell]] = [
        [
            Link(f"Journal {each.number}", address_of("finance:ledger-journal", book, each.year, each.number)),
            day_text(each.on),
            JOURNAL_KINDS[each.kind].title,
            each.reason,
            _named(tuple(entry.account.title for entry in each.entries if entry.pence < 0)),
            _named(tuple(entry.account.title for entry in each.entries if entry.pence > 0)),
            each.by_name,
            _undone(each),
        ]
        for each in found
    ]
    titles = ("Journal", "Dated", "Kind", "Why", "From", "To", "Posted by", "Reversal")
    return tables.table("journals", "Journals, the newest first", [tables.text(t) for t in titles], rows, cards=True)


def _undone(each: Journal) -> str:
    if each.reversed_by:
        return f"Reversed by {each.reversed_by}"
    return f"Reverses {each.reverses}" if each.reverses else ""


def journal(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One journal: what it moved, who posted it, from what, and its reversal if there is one."""
    book = open_book(place)
    year = year_of(request, book)
    found = reads.journal(place, year, number)
    page = Page(
        template="finance/ledger_journal.jinja",
        title=f"Journal {number}: {JOURNAL_KINDS[found.kind].title.lower()}",
        book=book,
        trail=(ledger_crumb(book, year), Crumb("Journals", address_of("finance:ledger-journals", book, year))),
        tables=(entries_table(book, found),),
        facts=(("Ledger", year), ("Journal", str(number))),
        context={
            "journal": found,
            "agreed": agreed_journal(place, year, number),
            "meaning": JOURNAL_KINDS[found.kind].meaning,
            "source": source_of(book, found.source),
            "reverse": address_of("finance:ledger-reverse", book, year, number),
            "related": {
                each: address_of("finance:ledger-journal", book, year, each)
                for each in (found.reverses, found.reversed_by)
                if each
            },
        },
    )
    return respond(request, page)


def source_of(book: Book, source: str) -> Cell:
    """What a journal was posted for, as a link where a page shows it."""
    kind, _, number = source.partition("/")
    words = source.replace("-", " ").replace("/", " ").capitalize()
    try:
        return Link(words, reverse(SOURCES[kind], args=[book.place.id, int(number)]))
    except (KeyError, ValueError, NoReverseMatch):
        return words


def entries_table(book: Book, found: Journal) -> Table:
    """The entries of a journal, which add up to nought."""
    rows: list[Row] = [
        Row(
            (
                Link(entry.account.title, address_of("finance:ledger-account", book, found.year, entry.account.code)),
                entry.account.code,
                pence(entry.pence, entry.address),
                pence(entry.balance_after, entry.balance_address),
            )
        )
        for entry in found.entries
    ]
    columns = [
        tables.text("Account"),
        tables.code("Code"),
        tables.number("Given (+) or taken (-)", "£"),
        tables.number("Balance after", "£", additive=False),
    ]
    notes = ("The entries of a journal add up to nought; the database posts no other.",)
    return tables.table("entries", "Entries", columns, rows, cards=True, notes=notes)


def balances_by_code(place: str, year: str) -> dict[str, Balance]:
    """Where every account stands, by code."""
    return {each.account.code: each for each in reads.ledger_balances(place, year)}
