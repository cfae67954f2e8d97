"""The waiting list returns of a month: what came, whether it meets the duties, and the form that records one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import actions, reads
from openpbc.activity.reads import ReturnState
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.forms import CHOICE, Field, Form, day, one_of
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

DETAILS = (("totals", "Totals only"), ("specialty", "By specialty"))


def returns_href(place: str, month: Month) -> str:
    """The page of a month's returns."""
    return reverse("activity:returns", kwargs={"place": place, "month": str(month)})


def returns(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Every return of a month, provider by provider."""
    book, asked = organisations.book(place), Month.parse(month)
    page = Page(
        template="activity/returns.jinja",
        title=f"Returns of {asked.name}",
        book=book,
        trail=_trail(request, book, asked),
        tables=(returns_table(book, reads.returns(book, asked)),),
        rests_on=(book.table("submissions.returns"), book.table("submissions.expected")),
        context={"month": asked},
    )
    return respond(request, page)


def _trail(request: HttpRequest, book: Book, month: Month) -> tuple[Crumb, ...]:
    there = {"place": book.place.id, "month": str(month)}
    return (
        Crumb("Months", reverse("monitoring:months", kwargs={"place": book.place.id})),
        Crumb(f"Files of {month.name}", reverse("monitoring:files", kwargs=there)),
    )


def returns_table(book: Book, found: tuple[ReturnState, ...]) -> Table:
    """One return of one provider a row; a return as totals alone meets the national duty and not the local one."""
    names = {each.code: each.short_name for each in organisations.providers(book.place.id)}
    words = dict(DETAILS)
    columns = [tables.text(title) for title in ("Provider", "Return", "What came", "National duty", "Local duty")]
    rows: list[list[Cell]] = [
        [
            names.get(each.provider, each.provider),
            f"{each.kind.code}: {each.kind.title}",
            "; ".join(f"{words[detail]}, {on:%-d %B %Y}" for detail, on in each.came) or "nothing",
            _tag(each.met.national),
            _tag(each.met.local),
        ]
        for each in found
    ]
    empty = "No return is asked of anybody here."
    return tables.table("returns", "Waiting list returns", columns, rows, cards=True, empty=empty)


def _tag(reached: bool) -> Tag:
    return Tag("met", "green") if reached else Tag("missing", "red")


def record(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Record that a return came."""
    book, asked = organisations.book(place), Month.parse(month)
    names = {each.code: each.short_name for each in organisations.providers(place)}
    providers = tuple((code, names.get(code, code)) for code in reads.expected(book))
    kinds = tuple((each.code, f"{each.code}: {each.title}") for each in reads.return_kinds(book))

    def act(values: Mapping[str, Any]) -> str:
        actions.record_return(by=request.viewer.actor, place=place, month=asked, **values)
        return returns_href(place, asked)

    def choice(name: str, label: str, choices: tuple[tuple[str, str], ...]) -> Field:
        return Field(name, label, one_of(choices), required="Choose one.", kind=CHOICE, choices=choices)

    fields = (
        choice("provider", "Provider", providers),
        choice("code", "Return", kinds),
        choice("detail", "Detail", DETAILS),
        Field(
            "arrived_on", "Day on which it came", day, hint="Such as 14 July 2008", required="Give a day.", width="10"
        ),
    )
    writing = Writing(
        title=f"Record a return of {asked.name}",
        form=Form(fields),
        submit="Record it",
        act=act,
        book=book,
        trail=(*_trail(request, book, asked), Crumb("Returns", returns_href(place, asked))),
        lead="Nationally totals are enough; the commissioner asks for each specialty.",
    )
    return write(request, writing)
