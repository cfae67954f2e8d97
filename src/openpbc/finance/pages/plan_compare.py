"""Any two versions of the plan, or one and the plan as printed, line by line."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openpbc.finance.pages.plan_tables import SECTION_TITLES
from openpbc.finance.pages.plan_versions import plan_crumb, versions_crumb
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_versions import Difference
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.forms import Form, choice
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table

_KINDS = {
    rule.ADDED: Tag("added", "green"),
    rule.REMOVED: Tag("removed", "orange"),
    rule.CHANGED: Tag("changed", "blue"),
}


def compare(request: HttpRequest, place: str) -> HttpResponse:
    """Compare the version ``?a=`` with the version ``?b=``; ``book`` is the plan as printed."""
    book = open_book(place)
    listed = reads.plan_versions(place, str(book.place.year))
    asked = _form(book, listed).read(request.GET)
    chosen = [asked.values[name] for name in ("a", "b") if name in asked.values]
    shown: tuple[Table, ...] = ()
    if len(chosen) == 2:
        before, after = (reads.version(book, key) for key in chosen)
        shown = (totals_table(before, after), lines_table(before, after))
    page = Page(
        template="finance/plan_compare.jinja",
        title="Two versions line by line",
        book=book,
        trail=(plan_crumb(book), versions_crumb(book)),
        tables=shown,
        context={"form": asked, "shown": shown},
    )
    return respond(request, page)


def _form(book: Book, listed: tuple[Version, ...]) -> Form:
    choices = tuple((each.key, each.name) for each in listed)
    if reads.is_set(book):
        choices += ((reads.BOOK, "The plan as printed"),)
    return Form(
        tuple(choice(name, label, choices) for name, label in (("a", "Earlier version"), ("b", "Later version")))
    )


def totals_table(before: Version, after: Version) -> Table:
    """What both versions come to, side by side."""
    columns = [
        tables.text("Total"),
        tables.number(before.name, "£000", additive=False),
        tables.number(after.name, "£000", additive=False),
        tables.number("Later less earlier", "£000", additive=False),
    ]
    rows: list[list[Cell]] = [
        [
            name,
            money(before.total(code), before.address(code)),
            money(after.total(code), after.address(code)),
            money(
                after.total(code) - before.total(code),
                reads.comparison_address(before, after, code),
                signed=True,
            ),
        ]
        for code, name in reads.TOTALS.items()
    ]
    return tables.table("both", "What both come to", columns, rows, cards=True)


def lines_table(before: Version, after: Version) -> Table:
    """Every line that differs, with what differs and what it does to the balance."""
    found = reads.compare(before, after)
    columns = [
        tables.text("Line"),
        tables.text("Part of the plan"),
        tables.text("Difference"),
        tables.number("Earlier", "£000", additive=False),
        tables.number("Later", "£000", additive=False),
        tables.number("Effect on the balance", "£000"),
        tables.text("What differs"),
    ]
    rows = [_row(before, after, each) for each in found]
    empty = "The two versions have the same lines."
    same = len({line.code for line in (*before.lines, *after.lines)}) - len(found)
    notes = (f"{same} lines are the same in both.",)
    return tables.table("differences", "Lines that differ", columns, rows, cards=True, empty=empty, notes=notes)


def _row(before: Version, after: Version, each: Difference) -> list[Cell]:
    was, now = each.amounts
    return [
        each.line.label,
        SECTION_TITLES[each.line.section],
        _KINDS[each.kind],
        money(was, before.address(each.code)) if each.before else None,
        money(now, after.address(each.code)) if each.after else None,
        money(each.effect, reads.comparison_address(before, after, each.code), signed=True),
        ", ".join(name.replace("_", " ") for name in each.fields),
    ]
