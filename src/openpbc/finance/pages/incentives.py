"""The incentive scheme: what a group can earn, what each has shown, earned and been credited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages.innovation import source_field
from openpbc.finance.reads import incentives as reads
from openpbc.finance.reads.incentives import SchemeLine, UnitResult
from openpbc.finance.rules.incentives import BASES, LEVELS
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.forms import (
    HIDDEN,
    REVISION,
    YES_NO,
    Field,
    Form,
    choice,
    day,
    pounds_and_pence,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

COLOURS = {"met": "green", "part": "yellow", "not met": "grey"}
COMPETENCY = Form(
    (
        Field("title", "Competency", words, required="Name the competency.", width="30", longest=200),
        choice("basis", "Paid", tuple(BASES.items()), "Say what the amount is paid for."),
        Field("amount", "Amount", pounds_and_pence, "Empty while it is not set", prefix="£", width="10"),
        choice("part_pays", "Does meeting it in part pay half?", YES_NO, "Say whether meeting it in part pays."),
        REVISION,
    )
)  # fmt: skip


def scheme(request: HttpRequest, place: str) -> HttpResponse:
    """The scheme and what each group has shown, earned and been credited."""
    book = open_book(place)
    lines, found = reads.scheme(book), reads.results(book)
    lead = f"What {book.word('groups')} can earn for showing that they commission well, and what each has earned."
    lead += "" if lines else " No competency is entered yet, so nothing can be earned."
    page = Page(
        template="openpbc/sheet.jinja",
        title="Incentive scheme",
        book=book,
        tables=(scheme_table(request, book, lines), results_table(request, book, found), *_shown_tables(found, lines)),
        context={"lead": lead, "links": _links(request, book)},
    )
    return respond(request, page)


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    steps = (("Add a competency", "finance:competency-add"), ("Record what a group has shown", "finance:achievement"))
    place = book.place.id
    return [(text, reverse(route, args=[place])) for text, route in steps if request.may(route, place=place)]


def scheme_table(request: HttpRequest, book: Book, lines: tuple[SchemeLine, ...]) -> Table:
    """The competencies with what they earn."""
    place = book.place.id
    may = request.may("finance:competency", place=place)
    rows: list[list[Cell]] = [
        [
            Link(line.rule.title, reverse("finance:competency", args=[place, line.rule.code]))
            if may
            else line.rule.title,
            BASES[line.rule.basis],
            Missing(why="Nobody has set the amount.")
            if line.rule.amount is None
            else Figure(line.rule.amount, Style.PENCE, f"{reads.PREFIX}/{place}/scheme/{line.rule.code}"),
            "half" if line.rule.part_pays else "nothing",
        ]
        for line in lines
    ]
    columns = [
        tables.text("Competency"),
        tables.text("Paid"),
        tables.number("Amount", "£", additive=False),
        tables.text("Met in part pays"),
    ]
    empty = "No competency is entered. The sources give neither competencies nor amounts."
    return tables.table("scheme", "What can be earned", columns, rows, cards=True, empty=empty)


def results_table(request: HttpRequest, book: Book, found: tuple[UnitResult, ...]) -> Table:
    """One row a unit: list, earned, credited, still to credit."""
    place = book.place.id
    may = request.may("finance:incentive-credit", place=place)
    columns = [
        tables.text(capital(book.word("unit"))),
        tables.number(capital(book.word("list"))),
        tables.number("Earned", "£"),
        tables.number("Credited", "£"),
        tables.text("Next"),
    ]
    rows: list[list[Cell]] = [
        [
            each.unit.name,
            Missing(why="The list of a practice is not known.") if each.patients is None else Figure(each.patients),
            Figure(each.earned, Style.PENCE, each.address),
            Figure(each.credited, Style.PENCE, each.credited_address),
            _next(place, each, may=may),
        ]
        for each in found
    ]
    return tables.table("earned", "What each has earned", columns, rows, cards=True)


def _next(place: str, each: UnitResult, *, may: bool) -> Cell:
    if each.to_credit and may:
        address = reverse("finance:incentive-credit", args=[place, each.unit.code])
        return Link(f"Credit {pounds(each.to_credit)}", address)
    return f"Look at: {', '.join(each.not_looked_at)}" if each.not_looked_at else ""


def _shown_tables(found: tuple[UnitResult, ...], lines: tuple[SchemeLine, ...]) -> tuple[Table, ...]:
    titles = {line.rule.code: line.rule.title for line in lines}
    rows: list[list[Cell]] = [
        [each.unit.name, titles.get(shown.code, shown.code), Tag(LEVELS[shown.level], COLOURS[shown.level]),
         shown.evidence, shown.recorded_by]
        for each in found
        for shown in each.shown
    ]  # fmt: skip
    columns = [tables.text(name) for name in ("Group", "Competency", "Shown", "Evidence", "Recorded by")]
    return (tables.table("shown", "What was shown", columns, rows, cards=True, empty="Nothing was recorded yet."),)


def _trail(book: Book) -> tuple[Crumb, ...]:
    return (Crumb("Incentive scheme", reverse("finance:incentives", args=[book.place.id])),)


def competency_add(request: HttpRequest, place: str) -> HttpResponse:
    """Add a competency."""
    return _competency(request, place, "")


def competency(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Change a competency."""
    return _competency(request, place, code)


def _competency(request: HttpRequest, place: str, code: str) -> HttpResponse:
    book = open_book(place)
    known = next((line for line in reads.scheme(book) if line.rule.code == code), None)
    if code and known is None:
        raise UserError(f"the scheme has no competency '{code[:20]}'", do="Open it from the scheme.")

    def act(values: Mapping[str, Any]) -> str:
        facts = {"amount": None, "revision": 0} | dict(values)
        facts["part_pays"] = facts["part_pays"] == "yes"
        actions.write_competency(by=request.viewer.actor, place=place, code=code, **facts)
        return reverse("finance:incentives", args=[place])

    first = {"basis": "group", "part_pays": "no", "revision": "0"}
    if known is not None:
        amount = "" if known.rule.amount is None else pounds(known.rule.amount).replace("£", "")
        first = {"title": known.rule.title, "basis": known.rule.basis, "amount": amount,
                 "part_pays": "yes" if known.rule.part_pays else "no", "revision": str(known.revision)}  # fmt: skip
    title = "Change a competency" if known else "Add a competency"
    return write(request, Writing(title, COMPETENCY, "Save", act, book=book, trail=_trail(book), first=first))


def achievement(request: HttpRequest, place: str) -> HttpResponse:
    """Record what a group has shown of a competency."""
    book = open_book(place)
    units = tuple((each.unit.code, each.unit.name) for each in reads.results(book))
    known = tuple((line.rule.code, line.rule.title) for line in reads.scheme(book))
    levels = tuple(LEVELS.items())
    form = Form(
        (
            choice("unit", "Group", units, "Choose a group."),
            choice("code", "Competency", known, "Choose a competency."),
            choice("level", "Shown", levels, "Say how far it is met."),
            Field("evidence", "Evidence", words, "Name what shows it", required="Name the evidence.", width="30",
                  longest=500),
        )
    )  # fmt: skip

    def act(values: Mapping[str, Any]) -> str:
        actions.record_achievement(by=request.viewer.actor, place=place, **values)
        return reverse("finance:incentives", args=[place])

    return write(request, Writing("Record what a group has shown", form, "Record", act, book=book, trail=_trail(book)))


def credit(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Credit a group with what it earned; the ledger posts it out of money that is held."""
    book = open_book(place)
    found = reads.result_of(book, reads.unit_of(book, unit))
    form = Form(
        (
            Field("pence", "Sum to credit", pounds_and_pence, required="Give a sum.", prefix="£", width="10"),
            source_field(book),
            Field("on", "Day", day, required="Give the day.", width="20"),
            Field("seen", "Seen", whole_number, kind=HIDDEN),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.credit_incentive(by=request.viewer.actor, place=place, unit=unit, **values)
        return reverse("finance:incentives", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (
            ("Group", found.unit.name),
            ("Earned", Figure(found.earned, Style.PENCE, found.address)),
            ("Credited before", pounds(found.credited)),
            ("Credit now", pounds(values["pence"])),
            ("Out of", values["source"]),
        )
        return Checked(rows, ("The ledger takes the money from the account named.",))

    first = {"pence": pounds(found.to_credit).replace("£", ""), "seen": str(found.number)}
    return write(request, Writing(f"Credit {found.unit.name}", form, "Credit", act, check, book, _trail(book),
                                  first=first))  # fmt: skip
