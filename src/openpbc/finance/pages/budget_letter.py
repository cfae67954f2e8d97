"""The letter that tells a group its budget: what it gets, how the rule got there, and what it is asked."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.pages import compare_tables
from openpbc.finance.pages import paper_parts as parts
from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import said, thousand
from openpbc.finance.pages.printed import money, rate
from openpbc.finance.pages.share_tables import STEPS
from openpbc.finance.reads import FairShares, GroupShare, NoBudget
from openpbc.finance.reads.budget_set_figures import moved_since
from openpbc.finance.reads.budget_sets import budget_set_in_force
from openpbc.finance.rules.ledger import IN_SCOPE, OUT_OF_SCOPE
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table

_SCOPES = {IN_SCOPE: "In scope", OUT_OF_SCOPE: "Out of scope", "": "Budget"}


def budget_letter(basis: Basis, code: str) -> Document:
    """Write the letter to one group under a scenario; an unknown group is a person's mistake."""
    book, result = basis.book, basis.result
    if isinstance(result, NotSet):
        raise UserError(
            f"no {book.word('group_budget')} of {book.place.year.label} can be told", do=f"Fill in {result.path}."
        )
    one = result.group(code)
    return Document(
        title=f"{one.name}: {book.word('group_budget')} {book.place.year.label}",
        subtitle=f"To the {book.word('group_lead')} of {one.name}",
        facts=basis.facts,
        parts=(
            *_opening(basis, result, one),
            *_settled(basis, one),
            Grid(_budget_table(book, result, one)),
            *_distance(book, result, one),
            *_steps(book, result, one),
            *_beside(basis, code),
            *_asked(book),
            *_small_print(basis),
        ),
        draft=basis.is_draft,
        synthetic=basis.is_synthetic,
        footer=basis.footer,
    )


def _opening(basis: Basis, result: FairShares, one: GroupShare) -> tuple[Part, ...]:
    book = basis.book
    told = said(
        f"Under the scenario “{basis.title}” the {book.word('group_budget')} of {one.name} for ",
        f"{book.place.year.label} is ",
        thousand(one.total, result.address(one.code, "total")),
        ": ",
        thousand(one.amount, result.address(one.code, "amount")),
        f" {book.word('in_scope')} and ",
        thousand(one.excluded, result.address(one.code, "excluded")),
        f" {book.word('out_of_scope')}.",
    )
    board = f"It is a draft until the {book.word('board')} has decided, and every figure below can be asked about."
    return (Paragraph(told), Paragraph(board)) if basis.is_draft else (Paragraph(told),)


def _settled(basis: Basis, one: GroupShare) -> tuple[Part, ...]:
    """The budget as the ledger holds it, once one is in force; it counts, whatever a scenario says."""
    book = basis.book
    columns = [tables.text("Money"), tables.number("Amount", "£000", additive=False)]
    rows: list[Row] = []
    for scope, name in _SCOPES.items():
        found = reads.budget_of(book, unit=one.code, scope=scope)
        if not isinstance(found, NoBudget):
            rows.append(Row((name, money(found.pence, found.address)), total=not scope))
    if not rows:
        return ()
    standing = budget_set_in_force(book.place.id, str(book.place.year))
    moved = moved_since(book, standing, one.code) if standing else None
    if standing and moved and moved.value:
        figure = money(moved.value, moved.address, signed=True)
        rows.append(Row((f"Moved since {standing.facts.name.lower()}", figure)))
    caption = f"The {book.word('group_budget')} in force, as the ledger holds it"
    return (Grid(tables.table("ledger", caption, columns, rows)),)


def _budget_table(book: Book, result: FairShares, one: GroupShare) -> Table:
    year = book.place.year
    columns = [
        tables.text("Money"),
        *(tables.number(each.label, "£000", additive=False) for each in (year.previous, year)),
        tables.number("Growth", "%", additive=False),
    ]

    def row(name: str, before: str, after: str, growth: str, total: bool = False) -> Row:
        ppm = getattr(one, growth) if growth else None
        grown = None if ppm is None else rate(ppm, result.address(one.code, growth))
        return Row((name, _cell(result, one, before), _cell(result, one, after), grown), total=total)

    rows = [
        row("In scope", "base", "amount", "growth"),
        row("Out of scope", "excluded_before", "excluded", ""),
        row("Budget", "base_total", "total", "total_growth", total=True),
    ]
    return tables.table("budget", f"{capital(book.word('group_budget'))} of {one.name}", columns, rows)


def _cell(result: FairShares, one: GroupShare, name: str) -> Cell:
    value = getattr(one, name)
    return None if value is None else money(value, result.address(one.code, name))


def _distance(book: Book, result: FairShares, one: GroupShare) -> tuple[Part, ...]:
    told = said(
        f"The {book.word('fair_share')} of {one.name} is ",
        thousand(one.fair_share, result.address(one.code, "fair_share")),
        "; the budget less that comes to ",
        thousand(one.distance, result.address(one.code, "distance")),
        *(() if one.distance_ppm is None else (", ", _rate(result, one, "distance_rate", one.distance_ppm), " of it")),
        ".",
    )
    lodged = said(
        f"Under this scenario {one.name} gives up ",
        thousand(one.deposit, result.address(one.code, "deposit")),
        f" for the {book.word('deposit')}. What it gives up is lodged for it and comes back to it alone.",
    )
    return (Paragraph(told), Paragraph(lodged)) if one.deposit else (Paragraph(told),)


def _rate(result: FairShares, one: GroupShare, figure: str, ppm: int) -> parts.Figure:
    return rate(ppm, result.address(one.code, figure), 3)


def _steps(book: Book, result: FairShares, one: GroupShare) -> tuple[Part, ...]:
    columns = [tables.text("Step"), tables.number("Amount", "£000", additive=False)]
    rows: list[list[Cell]] = [
        [title, money(getattr(one, name), result.address(one.code, name))] for name, title in STEPS.items()
    ]
    caption = "How the rule gets to the budget in scope"
    return (Grid(tables.table("steps", caption, columns, rows)),)


def _beside(basis: Basis, code: str) -> tuple[Part, ...]:
    """The group under every scenario, the one of this letter first."""
    if basis.comparison is None:
        return ()
    (shown,) = (
        table
        for table, each in zip(
            compare_tables.group_tables(basis.book, basis.comparison, ()),
            basis.comparison.first.result.groups,
            strict=True,
        )
        if each.code == code
    )
    return (Heading("The same under other scenarios"), Grid(shown))


def _asked(book: Book) -> tuple[Part, ...]:
    items = (
        "whether this budget is too low, right or too high, with the sum and the reason;",
        "which items should move in or out of scope;",
        f"how the {book.word('group')}'s own plan fits the budget in scope.",
    )
    return (Heading("What we ask of you"), Paragraph("Please tell us:"), Bullets(items))


def _small_print(basis: Basis) -> tuple[Part, ...]:
    odd = sum(1 for check in parts.known_checks(basis.book) if check.difference)
    board = basis.book.word("board")
    told = (
        f"{odd} figures of the source do not come out exactly when computed again; the paper for the {board} has them."
    )
    return (Note(told),)
