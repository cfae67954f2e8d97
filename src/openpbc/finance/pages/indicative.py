"""Issuing a group's budget to its practices: what each would get is shown before anything is posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions, reads
from openpbc.finance.pages.ledger import ledger_crumb, pence
from openpbc.finance.pages.ledger_writing import DATED
from openpbc.finance.reads import Issues
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, LONGEST_TEXT, Field, Form, choice, lines
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table
from openpbc.ui.writing import Checked, Writing, write

# A file of sums is brought in from the shell.
ON_THE_PAGE = ("registered-list", "need-weighted")


def issue(request: HttpRequest, place: str) -> HttpResponse:
    """Issue what a group's accounts hold to its practices."""
    book = open_book(place)
    units = reads.issuable(book)

    def act(values: Mapping[str, Any]) -> str:
        actions.issue_indicative(by=request.viewer.actor, place=place, **values)
        return f"{reverse('finance:ledger', args=[place])}?kind=practice&unit={values['unit']}"

    writing = Writing(
        title="Issue indicative budgets",
        form=_form(book, units),
        submit="Issue the budgets",
        act=act,
        check=lambda values: _checked(book, values),
        book=book,
        trail=(ledger_crumb(book, str(book.place.year)),),
        lead=f"What a {book.word('group')} holds and no practice has been given is shared over its practices, to the "
        "penny. What was issued before stays as it is.",
        first={"on": day_text(book.place.year.first)},
        notes=() if units else (f"No {book.word('group')} holds money that could be issued.",),
    )
    return write(request, writing)


def _form(book: Book, units: tuple[str, ...]) -> Form:
    lines_ = tuple((unit, unit) for unit in units)
    methods = tuple((code, reads.INDICATIVE_METHODS[code]) for code in ON_THE_PAGE)
    line = capital(book.word("budget_line"))
    return Form(
        (
            choice("unit", line, lines_, "Choose whose budget to issue"),
            choice("method", "How", methods, "Choose how to share"),
            DATED,
            Field(
                "reason",
                "Why",
                lines,
                hint="Every practice reads this beside its budget",
                required="Say why",
                kind=AREA,
                longest=LONGEST_TEXT,
            ),
        )
    )


def _checked(book: Book, values: Mapping[str, Any]) -> Checked:
    found = reads.indicative_issue(book, values["unit"], values["method"], values["on"])
    if not found.parts:
        raise UserError(f"{values['unit']} holds nothing that is not issued yet", "unit", "Choose another.")
    rows: tuple[tuple[str, Cell], ...] = (
        (capital(book.word("budget_line")), values["unit"]),
        ("How", reads.INDICATIVE_METHODS[values["method"]]),
        ("Dated", day_text(values["on"])),
        ("Why", values["reason"]),
    )
    return Checked(
        rows,
        consequences=(
            f"Each of {len(found.practices)} practices gets its sum, and the {book.word('group')}'s own accounts are "
            "empty.",
            "Journals are posted under your name; they are not edited, only reversed.",
        ),
        tables=(shares_table(found),),
    )


def shares_table(found: Issues) -> Table:
    """What each practice would get of each account, and that it adds up to the account."""
    columns = [
        tables.text("Practice"),
        tables.code("Code"),
        *(tables.number(part.held.account.title, "£") for part in found.parts),
    ]
    rows = [
        Row((name, code, *(pence(part.shares.get(code, 0)) for part in found.parts)))
        for code, name in sorted(found.practices.items())
    ]
    total = Row(("All practices", "", *(pence(part.held.pence, part.held.address) for part in found.parts)), total=True)
    return tables.table("shares", "What each practice gets", columns, [*rows, total], cards=True)
