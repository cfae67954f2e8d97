"""The tables of the scope register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from openpbc.finance.pages.printed import money
from openpbc.finance.reads import FairShares
from openpbc.finance.reads.changes import ALL, between
from openpbc.finance.reads.scope_register import Effect, Item, address
from openpbc.finance.rules.scope_moves import ACTUAL, OUT
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table

STATES = {"open": Tag("waits", "yellow"), "agreed": Tag("agreed", "green"), "refused": Tag("refused", "grey")}
# What a move changes for a group, as pages name it.
MEASURES = {
    "base": "Base in scope",
    "excluded": "Out of scope",
    "target": "Fair share in scope",
    "amount": "Budget in scope",
    "total": "Budget",
}


def scope_tag(one: Item) -> Tag:
    """Where an item stands; one that moved says so."""
    moved = ", moved" if one.scope != one.scope_first else ""
    return Tag(f"out of scope{moved}", "grey") if one.scope == OUT else Tag(f"in scope{moved}", "blue")


def basis_words(one: Item) -> str:
    """How the item is shared to groups."""
    return "actual budget" if one.basis == ACTUAL else "capitation"


def moment(at: datetime) -> str:
    """A moment as people write it."""
    return timezone.localtime(at).strftime("%d %B %Y at %H:%M").removeprefix("0")


def items_table(book: Book, found: Sequence[Item]) -> Table:
    """Every item with where it stands, what it comes to in both years, and what waits."""
    columns = [
        tables.text("Item"),
        tables.text("Stands"),
        tables.text("Shared by"),
        tables.number("Last year", "£000"),
        tables.number("This year", "£000"),
        tables.text("Proposal"),
    ]
    rows: list[list[Cell]] = []
    for one in found:
        here = reverse("finance:scope-item", args=[book.place.id, one.number])
        waiting = one.open
        rows.append(
            [
                Link(one.title, here),
                scope_tag(one),
                basis_words(one),
                *(money(one.total(year), address(book, one.number, f"{year}-{ALL}")) for year in ("last", "this")),
                f"{waiting.by_name} asks to {waiting.words}" if waiting else "",
            ]
        )
    empty = "No item is entered yet: the list of items with their amounts was not supplied."
    return tables.table("register", "Budget items", columns, rows, cards=True, empty=empty)


def amounts_table(book: Book, one: Item, names: dict[str, str]) -> Table:
    """What each group has of an item in both years."""
    columns = [
        tables.text(capital(book.word("group"))),
        tables.number("Last year", "£000"),
        tables.number("This year", "£000"),
    ]
    rows: list[Row] = []
    for unit in one.amounts:
        sums = (int(getattr(one.amounts[unit], year)) for year in ("last", "this"))
        figures = (
            money(pence, address(book, one.number, f"{year}-{unit}"))
            for year, pence in zip(("last", "this"), sums, strict=True)
        )
        rows.append(Row((names.get(unit, unit), *figures)))
    totals = (money(one.total(year), address(book, one.number, f"{year}-{ALL}")) for year in ("last", "this"))
    rows.append(Row(("Total", *totals), total=True))
    notes = ["By capitation: the total as entered, by the weights of fair shares."] if one.basis != ACTUAL else []
    return tables.table("amounts", "By group", columns, rows, cards=True, notes=notes)


def proposals_table(one: Item, names: dict[str, str]) -> Table:
    """What was proposed for an item, by whom, why, and what became of it."""
    titles = ("Proposal", "By", "When", "Why", "State", "Decided by", "Because")
    rows = [
        (
            f"{each.number}: {each.words}",
            f"{each.by_name} ({names.get(each.unit, each.unit)})" if each.unit else each.by_name,
            moment(each.at),
            each.reason,
            STATES.get(each.state, Tag(each.state)),
            each.decided_by_name,
            each.decision_reason,
        )
        for each in one.proposals
    ]
    columns = [tables.text(title) for title in titles]
    return tables.table("proposals", "Proposals", columns, rows, cards=True, empty="Nobody has proposed anything.")


def effect_table(book: Book, found: Effect, caption: str) -> Table:
    """Each group before and after: its base, money out of scope, target, and budget under the first scenario."""
    columns = [tables.text(capital(book.word("group")))]
    for title in MEASURES.values():
        columns += [tables.number(when, "£000", group=title) for when in ("Before", "After")]
    columns.append(tables.number("Change of the budget", "£000"))
    rows: list[Row] = []
    for one in found.before.groups:
        rows.append(Row((one.name, *_effects(found, one.code))))
    rows.append(Row(("Total", *_effects(found, ALL)), total=True))
    notes = [
        f"Under: {found.before.scenario.title}. What leaves one side comes to the other; the whole stays the same."
    ]
    return tables.table("effect", caption, columns, rows, notes=notes)


def _effects(found: Effect, code: str) -> list[Cell]:
    cells: list[Cell] = []
    for measure in MEASURES:
        cells += [_figure(result, code, measure) for result in (found.before, found.after)]
    change = between(found.after, found.before, code)
    return [*cells, money(change.value, change.address, signed=True)]


def _figure(result: FairShares, code: str, measure: str) -> Cell:
    groups = result.groups if code == ALL else (result.group(code),)
    return money(sum(int(getattr(one, measure)) for one in groups), result.address(code, measure))
