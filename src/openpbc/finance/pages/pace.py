"""Pace of change: who lies how far from target, who had to move, and a walk towards the targets under settings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance.pages.printed import rate
from openpbc.finance.reads.pace import (
    MINIMUM,
    STEP,
    THRESHOLD,
    YEARS,
    Pace,
    PaceStart,
    PaceWalk,
    pace_start,
    pace_walk,
    start_address,
)
from openpbc.finance.reads.scenarios import SHARES
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style, Tag
from openpbc.ui.forms import Answer, Field, Form, percentage, whole_number
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Row, Table

FORM = Form(
    (
        Field("growth", "Growth of the money", percentage, hint="A year", suffix="%"),
        Field("minimum", "Least growth", percentage, hint="Of each budget", suffix="%"),
        Field("step", "Largest step", percentage, hint="Of each budget", suffix="%"),
        Field("years", "Years", whole_number, hint="1 to 10"),
    )
)


def pace(request: HttpRequest, place: str) -> HttpResponse:
    """Show distances at the start, and the walk that ``?growth= &minimum= &step= &years=`` ask for."""
    book = open_book(place)
    answer = FORM.read(request.GET)
    start, walk = pace_start(book), None
    if answer.asked and not answer.errors:
        walk, answer = _walk(book, answer)
    shown = () if isinstance(start, NotSet) else (start_table(book, start),)
    if isinstance(walk, PaceWalk) and not isinstance(start, NotSet):
        shown = (*shown, walk_table(book, start, walk))
    page = Page(
        template="finance/pace.jinja",
        title="Distance from target and pace of change",
        book=book,
        trail=(Crumb(capital(book.word("fair_shares")), reverse("finance:fair-shares", args=[place])),),
        tables=shown,
        rests_on=(
            book.table(SHARES),
            book.value(THRESHOLD, book.place.year.previous),
            *(book.value(id) for id in (MINIMUM, STEP, YEARS)),
        ),
        context={
            "start": None if isinstance(start, NotSet) else start,
            "missing": start if isinstance(start, NotSet) else walk if isinstance(walk, NotSet) else None,
            "walk": walk if isinstance(walk, PaceWalk) else None,
            "form": answer,
        },
    )
    return respond(request, page)


def _walk(book: Book, answer: Answer) -> tuple[PaceWalk | NotSet | None, Answer]:
    try:
        return pace_walk(book, Pace(**answer.values)), answer
    except UserError as problem:
        return None, answer.refused(problem)


def start_table(book: Book, start: PaceStart) -> Table:
    """Budgets beside their targets, and whether the distance had to be made smaller."""
    columns = [
        tables.text(capital(book.word("group"))),
        tables.number("Budget", "£000"),
        tables.number("Target", "£000"),
        tables.number("Distance", "%", additive=False),
        tables.text("Had to progress"),
    ]
    rows: list[list[Cell]] = []
    for each in start.standings:
        moves = start.has_to_move(each)
        told: Cell = Missing(start.threshold.path) if moves is None else Tag("yes", "orange") if moves else Tag("no")
        money = Figure(each.before, Style.THOUSANDS, start_address(book, each.code, "amount"))
        target = Figure(each.target, Style.THOUSANDS, start_address(book, each.code, "target"))
        distance = None if each.distance is None else rate(each.distance, start_address(book, each.code, "distance"))
        rows.append([start.names[each.code], money, target, distance, told])
    return tables.table("start", f"{start.title}: distance from target", columns, rows, cards=True)


def walk_table(book: Book, start: PaceStart, walk: PaceWalk) -> Table:
    """Each year's budgets and how far they then lie from target."""
    columns = [tables.text(capital(book.word("group")))]
    for number, _ in enumerate(walk.years, start=1):
        columns += [
            tables.number("Budget", "£000", group=f"Year {number}"),
            tables.number("Distance", "%", additive=False, group=f"Year {number}"),
        ]
    rows = [Row((start.names[each.code], *_line(walk, each.code))) for each in start.standings]
    for title, figure in (("All budgets", "amount"), ("Unallocated", "unallocated"), ("Money of the year", "pot")):
        cells: list[Cell] = [title]
        for number, year in enumerate(walk.years, start=1):
            value = {"amount": year.pot - year.unallocated, "unallocated": year.unallocated, "pot": year.pot}[figure]
            cells += [Figure(value, Style.THOUSANDS, walk.address("all", figure, number)), None]
        rows.append(Row(tuple(cells), total=True))
    return tables.table("walk", "The walk towards the targets", columns, rows)


def _line(walk: PaceWalk, code: str) -> list[Cell]:
    cells: list[Cell] = []
    for number, year in enumerate(walk.years, start=1):
        one = next(each for each in year.standings if each.code == code)
        distance = None if one.distance is None else rate(one.distance, walk.address(code, "distance", number))
        cells += [Figure(one.amount, Style.THOUSANDS, walk.address(code, "amount", number)), distance]
    return cells
