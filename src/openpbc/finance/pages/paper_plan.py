"""Sections of papers on the year's money: the allocation, the plan as printed or as a version, the groups' funding."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import Words, gap, said, tables_of, thousand
from openpbc.finance.pages.plan import deposits_table
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import PlanPosition, plan_versions
from openpbc.finance.reads.plan_versions import Version
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.documents import Grid, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell
from openpbc.ui.tables import Row


def allocation_part(basis: Basis) -> tuple[Part, ...]:
    """From last year's allocation to this year's."""
    book, position = basis.book, basis.position
    title = Heading(f"The {book.word('allocation')}")
    found = reads.allocation(book)
    if isinstance(found, NotSet):
        return (title, gap(found.meaning, found))
    opening = found.lines[0].line
    provisional = ", ".join(line.line.label for line in found.provisional)
    told = said(
        f"The {book.word('allocation')} of {book.place.year.label} starts from last year's ",
        thousand(opening.amount, opening.address),
        ". ",
        _total_of(position),
        f"Not notified yet: {provisional}." if provisional else "Every line has been notified.",
    )
    return (title, Paragraph(told), *tables_of(book, reads.ALLOCATION))


def _total_of(position: PlanPosition | NotSet) -> Words:
    if isinstance(position, NotSet):
        return ()
    return said("It comes to ", thousand(position.plan.allocation, position.figure_address("allocation")), ". ")


def plan_part(basis: Basis) -> tuple[Part, ...]:
    """What is committed, what is left, and what each deposit leaves; a version stands before what is printed."""
    book, position = basis.book, basis.position
    title = Heading(f"The {book.word('plan')}")
    if basis.version:
        return (title, *_version_part(basis.version), *_printed_plan(book))
    if isinstance(position, NotSet):
        return (title, gap(position.meaning, position))
    laid_out = position.plan
    told = said(
        "Committed are ",
        thousand(laid_out.committed.total, position.figure_address("committed")),
        "; ",
        thousand(laid_out.uncommitted.total, position.figure_address("uncommitted")),
        f" are not. Under the scenario “{position.title}” a {book.word('deposit')} of ",
        thousand(position.deposit, position.figure_address("deposit")),
        " leaves ",
        thousand(position.balance, position.address),
        ".",
    )
    warned = tuple(Paragraph(finding.sentence) for finding in position.findings)
    return (title, Paragraph(told), *warned, *_printed_plan(book))


def _printed_plan(book: Book) -> tuple[Part, ...]:
    return (*tables_of(book, reads.PLAN), Grid(deposits_table(book, None)))


def _version_part(version: Version) -> tuple[Part, ...]:
    """The version of the plan: its lines by section, and what it comes to."""
    columns = [tables.text("Section"), tables.text("Line"), tables.text("Made by"), tables.number("Amount", "£000")]
    rows: list[list[Cell]] = [
        [line.section, line.label, line.method, money(line.amount, version.address(line.code))]
        for line in version.lines
    ]
    sums = [
        Row((title, "", "", money(version.total(code), version.address(code))), total=True)
        for code, title in plan_versions.TOTALS.items()
    ]
    shown = tables.table("version", version.name, columns, [*rows, *sums])
    waiting = ", ".join(line.label for line in version.provisional)
    return (Grid(shown), Note(f"Not notified yet: {waiting}." if waiting else "Every line has been notified."))


def funding_part(book: Book) -> tuple[Part, ...]:
    """How much of the allocation reaches the groups."""
    title = Heading(f"Funding for {book.word('groups')}")
    found = reads.funding(book)
    if isinstance(found, NotSet):
        return (title, gap(found.meaning, found))
    shown = tables_of(book, reads.FUNDING)
    told = f"What is held above the {book.word('groups')} comes off the {book.word('allocation')} first."
    return (title, Paragraph(told), *shown)
