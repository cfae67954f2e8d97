"""Organisations of every kind, and who was in what: on a day, as known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.problems import UserError
from openpbc.organisations import reads
from openpbc.organisations.pages.listing import day
from openpbc.organisations.reads import bodies
from openpbc.organisations.reads.bodies import Body, Tie
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import Answer, Field, Form, choice, line
from openpbc.ui.forms import day as day_field
from openpbc.ui.pages import Crumb, Held, Page, capital, respond
from openpbc.ui.paging import pager
from openpbc.ui.tables import Table

ON = Field("on", "On the day", day_field, "Such as 1 April 2008", width="10")
KNOWN = Field("known_on", "As known on", day_field, "Empty: as known now", width="10")
CLOCKS = Form((ON, KNOWN))
_WAYS = ((bodies.MEMBER, bodies.links.MEMBERSHIP), *bodies.LINKS.items())
WHO = Form(
    (
        line("code", "Of", hint="Name or code; empty: all"),
        choice("kind", "How", ((each, kind.forward) for each, kind in _WAYS), blank="In any way"),
        ON,
        KNOWN,
    )
)


def register(request: HttpRequest, place: str) -> HttpResponse:
    """Every organisation by name, or those with a text in their name, code or other names."""
    book = reads.book(place)
    answer = Form((line("name", "Name or code"), ON, KNOWN)).read(request.GET)
    on, known_on = asked(answer)
    found = bodies.bodies(place, on, known_on, str(answer.values.get("name", "")))
    page = Page(
        template="organisations/register.jinja",
        title="Register of organisations",
        book=book,
        trail=(crumb(book),),
        tables=(_bodies_table(place, found, on, known_on),),
        facts=clocks(on, known_on),
        rests_on=rests_on(book),
        context={"form": answer, "pager": pager(request.GET, len(found)), "count": len(found)},
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def who(request: HttpRequest, place: str) -> HttpResponse:
    """Who belonged to what on a day, as known on a day."""
    book = reads.book(place)
    answer = WHO.read(request.GET)
    on, known_on = asked(answer)
    on = on or (reads.today() if not answer.asked else None)
    wanted, unknown = _code(place, str(answer.values.get("code", "")), known_on)
    kind = str(answer.values.get("kind", ""))
    found = [] if unknown else bodies.who_in_what(place, on, known_on, kind, wanted)
    page = Page(
        template="organisations/who.jinja",
        title="Who was in what",
        book=book,
        trail=(crumb(book),),
        tables=(ties_table(place, found, bodies.names(place, on, known_on), "ties", "Who was in what"),),
        facts=clocks(on, known_on),
        rests_on=rests_on(book),
        context={
            "form": answer,
            "pager": pager(request.GET, len(found)),
            "count": len(found),
            "unknown": unknown,
            "on": on,
        },
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def _code(place: str, text: str, known_on: date | None) -> tuple[str, str]:
    """Find the organisation that was asked for; what it may not be is told beside the form."""
    if not text:
        return "", ""
    try:
        return bodies.find(place, text, known_on), ""
    except UserError as problem:
        return "", problem.sentence


def asked(answer: Answer) -> tuple[date | None, date | None]:
    """Give the two days of a form: when it was so, and when it was known."""
    return answer.values.get("on"), answer.values.get("known_on")


def crumb(book: Book) -> Crumb:
    """The way back to the organisations of the place."""
    return Crumb(
        f"{capital(book.word('units'))}, practices and providers",
        reverse("organisations:listing", args=[book.place.id]),
    )


def rests_on(book: Book) -> tuple[Held, ...]:
    """What the pages of the register rest on."""
    return tuple(book.table(id) for id in (reads.OTHERS, reads.LINKS))


def clocks(on: date | None, known_on: date | None) -> tuple[tuple[str, str], ...]:
    """The two clocks, for the foot of a page and the head of its downloads."""
    return (("So on", day(on) if on else "any day"), ("As known on", day(known_on) if known_on else "now"))


def followed(place: str, code: str, called: Mapping[str, str]) -> Cell:
    """An organisation's name with the page that follows it; one of which only the code is known says so."""
    name = f"{called[code]} ({code})" if code in called else f"{code} (name not known)"
    return Link(name, reverse("organisations:follow", args=[place, code]))


def _bodies_table(place: str, found: list[Body], on: date | None, known_on: date | None) -> Table:
    rows: list[list[Cell]] = [
        [
            Link(each.name, reverse("organisations:follow", args=[place, each.code])),
            each.code,
            ", ".join(each.aliases),
            capital(each.kind),
            each.area,
            since(each.valid_from, seen=each.seen),
            day(each.valid_to),
            each.source,
        ]
        for each in found
    ]
    titles = ("Name", "Code", "Also printed as", "Kind", "Area", "From", "To", "Source")
    columns = [tables.code(title) if title == "Code" else tables.text(title) for title in titles]
    empty = "No organisation fits." if on or known_on else "No organisation is loaded."
    return tables.table("organisations", "Organisations", columns, rows, cards=True, empty=empty)


def since(value: date, *, seen: bool = False) -> str:
    """A first day as people write it: one that is not known says so, and one that was only seen too."""
    if value == reads.FIRST_DAY:
        return "not known"
    return f"seen on {day(value)}" if seen else day(value)


def until(tie: Tie) -> str:
    """A last day as people write it; a succession has none."""
    return "" if tie.kind == bodies.SUCCEEDED else bodies.told(tie.valid_to, tie.because)


def ties_table(place: str, found: list[Tie], called: Mapping[str, str], id: str, caption: str) -> Table:
    """Ties as rows: who, how, to whom, about what, from and to when, and by which source."""
    rows: list[list[Cell]] = [
        [
            followed(place, each.member, called),
            bodies.links.reads(each.kind).forward,
            followed(place, each.holder, called),
            each.about,
            since(each.valid_from, seen=each.seen),
            until(each),
            each.source,
        ]
        for each in found
    ]
    titles = ("Who", "How", "To whom", "About", "From", "To", "Source")
    notes = (
        "'Seen on' is the first day on which the source saw it so: since when it was so is not known.",
        "No source gives an end where it is not known, and both sides are taken to go on.",
    )
    columns = [tables.text(title) for title in titles]
    return tables.table(id, caption, columns, rows, cards=True, empty="Nothing is known.", notes=notes)
