"""Who answers to whom on a day, as a picture and as its equal in words; and the people with their roles and seats."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from markupsafe import Markup

from openpbc.governance.pages.accountability_picture import svg
from openpbc.governance.pages.meeting_parts import at, on_day
from openpbc.governance.reads import seats
from openpbc.governance.reads.accountability import Accountability, Line, accountability
from openpbc.governance.reads.people import Role, roles_held
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import bodies as register
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import Field, Form, choice, day
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table

CLOCKS = Form(
    (
        Field("on", "On the day", day, "Such as 1 April 2008", width="10"),
        Field("known_on", "As known on", day, "Empty: as known now", width="10"),
    )
)
WHOM = Form(
    (
        Field("on", "On the day", day, "Such as 1 April 2008", width="10"),
        choice("who", "Show", (("several", "Those with several roles"),), blank="Everybody"),
    )
)
TITLE = "Who answers to whom"
NO_END = "No source gives an end where it is not known, and both sides are taken to go on."


def lines(request: HttpRequest, place: str) -> HttpResponse:
    """The lines of account of the place."""
    book = open_book(place)
    answer = CLOCKS.read(request.GET)
    on: date = answer.values.get("on") or organisations.standing_day(book)
    known_on = answer.values.get("known_on")
    found = accountability(book, on, known_on)
    page = Page(
        template="governance/accountability.jinja",
        title=TITLE,
        book=book,
        trail=(_organisations(place),),
        tables=(
            _lines_table(request, book, found),
            _duties_table(found),
            _seats_table(request, book, found),
        ),
        facts=(("So on", on_day(on)), ("As known on", on_day(known_on) or "now")),
        rests_on=tuple(book.table(id) for id in (seats.BODIES, organisations.OTHERS, organisations.LINKS)),
        context={
            "form": answer,
            "found": found,
            "on": on_day(on),
            "picture": Markup(svg(found, f"{TITLE} on {on_day(on)}")),  # every text in it was escaped
        },
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def _organisations(place: str) -> Crumb:
    return Crumb("Organisations", reverse("organisations:listing", args=[place]))


def _called(request: HttpRequest, book: Book, found: Accountability, code: str) -> Cell:
    one = found.standing[code]
    name = capital(one.name)
    if one.body:
        may = request.may("governance:body", place=book.place.id)
        return Link(name, at("body", book.place.id, code)) if may else name
    return Link(f"{name} ({code})", reverse("organisations:follow", args=[book.place.id, code]))


def _lines_table(request: HttpRequest, book: Book, found: Accountability) -> Table:
    ordered = sorted(found.lines, key=lambda line: (_layer(found, line), line.who, line.whom))
    rows: list[list[Cell]] = [
        [
            _called(request, book, found, line.who),
            line.how,
            _called(request, book, found, line.whom),
            line.about,
            line.until,
            line.source,
        ]
        for line in ordered
    ]
    columns = [tables.text(title) for title in ("Who", "How", "To whom", "For what", "Until", "Source")]
    empty = "No source says who answers to whom."
    return tables.table("lines", "The lines in words", columns, rows, cards=True, empty=empty, notes=(NO_END,))


def _layer(found: Accountability, line: Line) -> int:
    return next(at for at, row in enumerate(found.layers.rows) if line.who in row)


def _duties_table(found: Accountability) -> Table:
    rows: list[list[Cell]] = [
        [
            found.called.get(tie.member, tie.member),
            register.links.reads(tie.kind).forward,
            found.called.get(tie.holder, tie.holder),
            tie.about,
            register.told(tie.valid_to, tie.because),
            tie.source,
        ]
        for tie in found.duties
    ]
    columns = [tables.text(title) for title in ("Who", "How", "Whom", "About", "Until", "Source")]
    title = "Inspected and consulted"
    return tables.table("duties", title, columns, rows, cards=True, empty="No source says.", notes=(NO_END,))


def _seats_table(request: HttpRequest, book: Book, found: Accountability) -> Table:
    rows: list[list[Cell]] = [
        [_called(request, book, found, each.code), each.seats or 0] for each in found.standing.values() if each.body
    ]
    columns = [tables.text("Body"), tables.number("Seats held on the day", additive=False)]
    return tables.table("seats", "Bodies and their seats", columns, rows, cards=True)


def people(request: HttpRequest, place: str) -> HttpResponse:
    """Everybody with a role or a seat in the place on a day, each with all of them."""
    book = open_book(place)
    answer = WHOM.read(request.GET)
    on: date = answer.values.get("on") or organisations.today()
    held = roles_held(book, on)
    several = {name for name, roles in held.items() if len(roles) > 1}
    shown = several if answer.values.get("who") else set(held)
    page = Page(
        template="governance/people.jinja",
        title="People and their roles",
        book=book,
        trail=(_organisations(place),),
        tables=(_roles_table(request, book, {name: held[name] for name in sorted(shown)}),),
        facts=(("As at", on_day(on)),),
        context={"form": answer, "people": len(held), "several": len(several), "on": on_day(on)},
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def _roles_table(request: HttpRequest, book: Book, held: dict[str, tuple[Role, ...]]) -> Table:
    place = book.place.id
    may = request.may("governance:body", place=place)
    rows: list[list[Cell]] = [
        [
            name,
            each.what,
            Link(each.where, at("body", place, each.body)) if each.body and may else each.where,
            each.of,
            on_day(each.valid_from) if each.valid_from != organisations.FIRST_DAY else "from the start",
            on_day(each.valid_to) if each.valid_to != organisations.LAST_DAY else "",
            "SYNTHETIC" if each.synthetic else "",
        ]
        for name, roles in held.items()
        for each in roles
    ]
    titles = ("Person", "Role or seat", "Where", "For", "From", "To", "Note")
    columns = [tables.text(title) for title in titles]
    empty = "Nobody holds a role or a seat on that day."
    return tables.table("people", "Roles and seats", columns, rows, cards=True, empty=empty)
