"""The live register for staff, its public extract, and the register of late declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.governance import actions, reads
from openpbc.governance.pages.interest_tables import (
    SHEET,
    breach_table,
    crumb,
    outstanding_table,
    public_table,
    register_table,
    say_day,
)
from openpbc.governance.pages.interests import FOR_OTHERS
from openpbc.governance.reads import Breach, Declared
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Person
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import AREA, Field, Form, choice, lines
from openpbc.ui.pages import AS_AT, Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write


def _people() -> dict[str, Person]:
    return {each.sign_in: each for each in organisations.people()}


def register(request: HttpRequest, place: str) -> HttpResponse:
    """Every interest that was declared, and who has still to declare; ``?standing=yes`` leaves out what has ended."""
    book, only = open_book(place), request.GET.get("standing") == "yes"
    found = tuple(each for each in reads.declarations(place) if each.stands or not only)
    waiting = reads.outstanding(book, organisations.today())
    detail = request.may(FOR_OTHERS, place=place)
    way = ("Show all", "?") if only else ("Only those that stand", "?standing=yes")
    page = Page(
        template=SHEET,
        title="Register of interests",
        book=book,
        trail=(crumb(book),),
        tables=(outstanding_table(waiting), register_table(book, found, _people(), detail=detail)),
        synthetic=any(each.synthetic for each in found),
        rests_on=(
            book.value("governance.declaration_months"),
            book.table("governance.declaring_roles"),
            book.table("governance.interest_natures"),
        ),
        context={
            "lead": f"{len(waiting)} people have to declare before they can vote; {len(found)} interests are listed.",
            "links": [way, ("What everybody can see", reverse("governance:interest-public", args=[place]))],
        },
    )
    return respond(request, page)


def public(request: HttpRequest, place: str) -> HttpResponse:
    """The extract for everybody: body, role and kind of interest, as it stands or as at the end of a month."""
    book, found = open_book(place), reads.declarations(place)
    asking = _months(found).read(request.GET)
    month = Month.parse(asking.values["month"]) if asking.values.get("month") else None
    on = month.last if month else organisations.today()
    page = Page(
        template=SHEET,
        title="Declared interests",
        book=book,
        tables=(public_table(book, found, _people(), on),),
        facts=((AS_AT, say_day(on)),),
        synthetic=any(each.synthetic for each in found),
        context={
            "lead": "Interests of those who take part here. A material one keeps its holder out of the matter.",
            "links": [("Who decides what", reverse("governance:delegation", args=[place]))],
            "asking": asking if found else None,
            "notes": (
                "Addresses, sums and family links are not published.",
                "The register of a month is what was known at its end, and does not change any more.",
            ),
        },
        status=422 if asking.errors else 200,
    )
    return respond(request, page)


def _months(found: Iterable[Declared]) -> Form:
    """Each month that is over since the first declaration, the latest first."""
    first = min((timezone.localdate(each.declared_at) for each in found), default=None)
    over, months = Month.of(organisations.today()).previous(), []
    while first is not None and over >= Month.of(first):
        months.append((str(over), over.name))
        over = over.previous()
    return Form((choice("month", "As at the end of", months, blank="Now"),))


def breaches(request: HttpRequest, place: str) -> HttpResponse:
    """Every interest that was declared late, newest first."""
    book = open_book(place)
    found = reads.breaches(book)
    untold = sum(each.told is None for each in found)
    page = Page(
        template=SHEET,
        title="Late declarations",
        book=book,
        trail=(crumb(book),),
        tables=(breach_table(book, found, _people()),),
        rests_on=(book.value("governance.declaration_days"),),
        context={"lead": f"{len(found)} interests were declared late; of {untold} the chair has not been told."},
    )
    return respond(request, page)


def breach(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One late declaration: what its holder opened, what was decided meanwhile, and the record that the chair knows."""
    book = open_book(place)
    found = reads.breach(book, number)
    if found is None:
        raise UserError(f"interest {number} was not declared late", do="Choose one from the list.")
    name = _people()[found.declared.person].name

    def act(values: Mapping[str, Any]) -> str:
        actions.tell_chair(by=request.viewer.actor, place=place, number=number, text=values["text"])
        return reverse("governance:interest-breaches", args=[place])

    told = found.told
    writing = Writing(
        title=f"Late declaration {number}",
        form=Form((Field("text", "What the chair decided to do", lines, "The chair has read the list below", kind=AREA,
                         longest=2000, required="Say what is to be done."),)),
        submit="Record that the chair was told",
        act=act,
        book=book,
        trail=(crumb(book), Crumb("Late declarations", reverse("governance:interest-breaches", args=[place]))),
        lead=f"{name} has had an interest in {found.declared.organisation} since {say_day(found.declared.held_from)}"
        f" and declared it on {say_day(found.declared_on)}.",
        notes=(f"The chair was told on {say_day(told.at)}: {told.reason}",) if told else (),
        tables=(_opened_table(found), _decided_table(request, book, found)),
    )  # fmt: skip
    return write(request, writing)


def _opened_table(found: Breach) -> Table:
    rows: list[list[Cell]] = [[say_day(each.day), each.what, each.matter] for each in found.opened]
    columns = [tables.text(title) for title in ("Opened on", "What", "Matter")]
    empty = "Nothing of a matter that it touches was opened before."
    return tables.table("opened", "What was opened before it was declared", columns, rows, cards=True, empty=empty)


def _decided_table(request: HttpRequest, book: Book, found: Breach) -> Table:
    sealed = reads.sealed_matters(request.viewer, book.place.id)
    rows: list[list[Cell]] = [
        [
            "A matter in which you have an interest"
            if each.decision.matter in sealed
            else Link(each.decision.title, reverse("governance:decision", args=[book.place.id, each.decision.id])),
            each.decision.when.name,
            each.decision.outcome,
            each.vote or "did not vote",
        ]
        for each in found.decided
    ]
    columns = [tables.text(title) for title in ("Decision", "Taken on", "Outcome", "Their vote")]
    empty = "Nothing that it touches was decided before."
    return tables.table("decided", "What was decided before it was declared", columns, rows, cards=True, empty=empty)
