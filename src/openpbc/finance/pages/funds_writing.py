"""Paying into and spending from pooled funds, freeing resources up and using them: each shown before it is posted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.actions import Posted
from openpbc.finance.pages.ledger import balances_by_code, journal_or_waiting, ledger_crumb
from openpbc.finance.pages.ledger_writing import DATED, MOVABLE, WHY, before_and_after, day_of
from openpbc.finance.reads import Entry
from openpbc.finance.reads import funds as reads
from openpbc.finance.rules.ledger import GROUP, PRACTICE
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell
from openpbc.ui.forms import CHOICE, Field, Form, choice, pounds_and_pence
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

TITLE = "Pooled funds and freed-up resources"
SUM = Field(
    "pence", "Sum", pounds_and_pence, "In pounds, such as 12,500", prefix="£", required="Give the sum", width="10"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)
_POSTED = "A journal is posted under your name. It cannot be edited, only reversed by another journal."
Entries = Callable[[Book, Mapping[str, Any]], tuple[Entry, ...]]
Act = Callable[..., Posted]


def short_name(text: str) -> str:
    """Read a short name of letters and digits: spaces become hyphens, as in the codes of accounts."""
    found = "-".join(text.split())
    if not _NAME.fullmatch(found):
        raise UserError(f"'{text[:40]}' is no short name", do="Write up to 40 letters, digits and hyphens.")
    return found


def pay_in(request: HttpRequest, place: str) -> HttpResponse:
    """Pay a partner's share into a pooled fund: out of a budget, or as received from the partner."""
    book = open_book(place)
    sources = _budgets(book, *MOVABLE)
    fields = (
        _name("pool", "Pooled fund", "Name the fund", "A short name, such as community-equipment"),
        _name("partner", "Partner", "Name the partner", "A short name, such as county-council"),
        choice("source", "Out of which budget", sources,
               hint="Leave it where the partner pays in money of its own", blank="Received from the partner"),
        SUM,
    )  # fmt: skip

    def entries(_: Book, values: Mapping[str, Any]) -> tuple[Entry, ...]:
        return reads.paying_in(values["pool"], values["partner"], values["pence"], values.get("source", ""))

    lead = "What each partner pays in is its share; what the fund spends is borne by these shares."
    return _writing(request, book, "Pay into a pooled fund", lead, fields, actions.pay_into_pool, entries)


def spend(request: HttpRequest, place: str) -> HttpResponse:
    """Spend from a pooled fund: each partner bears its part."""
    book = open_book(place)
    pools = tuple((each, each.replace("-", " ")) for each in sorted({each.pool for each in reads.pool_shares(book)}))
    fields = (
        choice("pool", "Pooled fund", pools, "Choose the fund"),
        _name("purpose", "Spent on", "Say what it is spent on", "A short name, such as hoists"),
        SUM,
    )

    def entries(book: Book, values: Mapping[str, Any]) -> tuple[Entry, ...]:
        return reads.spending(book, values["pool"], values["pence"], values["purpose"])

    lead = "The sum is split over the partners by what each has paid in, to the penny."
    notes = () if pools else ("No pooled fund has been paid into this year, so there is nothing to spend.",)
    return _writing(request, book, "Spend from a pooled fund", lead, fields, actions.spend_from_pool, entries, notes)


def free_up(request: HttpRequest, place: str) -> HttpResponse:
    """Take what a group freed up off its budget: its own part to use again, the rest to the commissioner."""
    book = open_book(place)
    sources = _budgets(book, GROUP, PRACTICE)
    fields = (choice("source", "Budget in which it was freed up", sources, "Choose the budget"), SUM)

    def entries(book: Book, values: Mapping[str, Any]) -> tuple[Entry, ...]:
        return reads.freeing(book, values["source"], values["pence"])

    group = book.word("group")
    lead = f"The {group} keeps the part that the rulebook says, to use it again for patients; the rest is held above."
    notes = () if sources else (f"No {group} has a budget in the ledger yet.",)
    return _writing(request, book, "Record freed-up resources", lead, fields, actions.free_up, entries, notes)


def use_freed(request: HttpRequest, place: str) -> HttpResponse:
    """Put what a group freed up to use: into one of its budgets, or spent for a purpose."""
    book = open_book(place)
    units = tuple(
        (each.unit, f"{each.name}: {pounds(each.flow.balance.pence)} left") for each in reads.freed(book)
    )  # fmt: skip
    targets = _budgets(book, GROUP)
    fields = (
        choice("unit", "Freed up by", units, f"Choose the {book.word('group')}"),
        choice("target", "Into which budget", targets,
               hint=f"A budget of the same {book.word('group')}", blank="None: it is spent"),
        Field("purpose", "Or spent on", short_name, hint="A short name, such as scanner", width="20", longest=60),
        SUM,
    )  # fmt: skip

    def entries(book: Book, values: Mapping[str, Any]) -> tuple[Entry, ...]:
        target, purpose = values.get("target", ""), values.get("purpose", "")
        return reads.using(book, values["unit"], values["pence"], target, purpose)

    lead = f"What a {book.word('group')} freed up is its own to use: for a budget of its own, or for a named purpose."
    notes = () if units else ("Nothing is recorded as freed up this year.",)
    return _writing(request, book, "Put freed-up resources to use", lead, fields, actions.use_freed, entries, notes)


def _name(name: str, label: str, required: str, hint: str) -> Field:
    return Field(name, label, short_name, hint=hint, required=required, width="20", longest=60)


def _budgets(book: Book, *kinds: str) -> tuple[tuple[str, str], ...]:
    """Accounts of these kinds that were ever used, with what they hold."""
    standing = balances_by_code(book.place.id, str(book.place.year))
    return tuple(
        (code, f"{each.account.title}: {pounds(each.pence)}")
        for code, each in standing.items()
        if each.account.kind in kinds
    )


def _writing(
    request: HttpRequest, book: Book, title: str, lead: str, fields: Sequence[Field], action: Act, entries: Entries,
    notes: tuple[str, ...] = (),
) -> HttpResponse:  # fmt: skip
    """One form of this page: its check shows every account before and after, and the act leads to the journal."""
    place, year = book.place.id, str(book.place.year)

    def act(values: Mapping[str, Any]) -> str:
        posted = action(by=request.viewer.actor, place=place, **values)
        return journal_or_waiting(book, year, posted)

    def check(values: Mapping[str, Any]) -> Checked:
        table = before_and_after(place, year, entries(book, values))
        return Checked(tuple(_told(fields, values)), (_POSTED,), tables=(table,))

    writing = Writing(
        title=title,
        form=Form((*fields, DATED, WHY)),
        submit="Post it",
        act=act,
        check=check,
        book=book,
        trail=(ledger_crumb(book, year), Crumb(TITLE, reverse("finance:funds", args=[place]))),
        lead=lead,
        first={"on": day_text(day_of(book))},
        notes=notes,
    )
    return write(request, writing)


def _told(fields: Sequence[Field], values: Mapping[str, Any]) -> list[tuple[str, Cell]]:
    """The answers in words: a choice by its text, a sum in pounds."""
    rows: list[tuple[str, Cell]] = []
    for field in (*fields, DATED, WHY):
        value = values.get(field.name)
        if value is None:
            rows += [(field.label, field.blank)] if field.kind == CHOICE else []
        elif field.name == "pence":
            rows.append((field.label, pounds(value)))
        else:
            shown = day_text(value) if field is DATED else dict(field.choices).get(value, str(value))
            rows.append((field.label, shown))
    return rows
