"""The route map: the ground rules for innovation that groups and each commissioner signed, public with its versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from openpbc.governance import actions
from openpbc.governance.pages.meeting_parts import at, on_day, public_feed
from openpbc.governance.reads import papers
from openpbc.governance.reads import route_maps as reads
from openpbc.governance.reads.delegation import deciders
from openpbc.governance.reads.route_maps import SIGNING_ROLES, RouteMap
from openpbc.governance.reads.seats import BODIES, all_bodies
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import FILE, HIDDEN, Field, Form, choice, day, line, whole_number, words
from openpbc.ui.pages import Crumb, Page, attachment, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

TITLE = "Route map for innovation"
SHEET = "openpbc/sheet.jinja"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """The signed map of each commissioner of the place, and every version; public as the scheme of delegation is."""
    book, every = open_book(place), reads.route_maps(place)
    links = [("Record a signed route map", at("route-map-new", place))]
    links = links if request.may("governance:route-map-new", place=place) else []
    signers = sorted({each.for_commissioner for each in every} & set(all_bodies(book)))
    told = tuple(public_feed(book, code) for code in signers)
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        tables=(_current_table(book), _versions_table(book, every)),
        synthetic=any(each.synthetic for each in every),
        rests_on=(book.table(BODIES),),
        context={
            "lead": f"How {book.word('units')} may try something new: the ground rules that they and their commissioner"
            " agreed and signed. The document itself says what they are.",
            "links": [*links, *((f"{title} (Atom)", href) for title, href in told)],
        },
        feeds=told,
    )
    return respond(request, page)


def _current_table(book: Book) -> Table:
    now, names = reads.signed_maps(book.place.id), {each.code: each.name for each in organisations.units(book.place.id)}
    rows: list[list[Cell]] = []
    for code, name in reads.commissioners_of(book).items():
        each = now.get(code)
        missing = ", ".join(unit for key, unit in names.items() if each is None or key not in each.for_groups)
        rows.append([
            name,
            Tag("signed", "green") if each else Tag("none signed yet", "grey"),
            on_day(each.signed_on) if each else "",
            _body(book, each) if each else "",
            groups_signed(names, each) if each else "",
            missing or "none",
            _file(book, each) if each else "",
        ])  # fmt: skip
    titles = (
        "Commissioner", "State", "Signed on", "For the commissioner", f"For the {book.word('units')}",
        f"{capital(book.word('units'))} that have not signed", "Document",
    )  # fmt: skip
    columns = [tables.text(title) for title in titles]
    return tables.table("signed", "What is signed now", columns, rows, cards=True)


def _versions_table(book: Book, every: tuple[RouteMap, ...]) -> Table:
    commissioners = reads.commissioners_of(book)
    names = {each.code: each.name for each in organisations.units(book.place.id)}
    rows: list[list[Cell]] = [
        [
            _file(book, each),
            commissioners.get(each.commissioner, each.commissioner),
            on_day(each.signed_on),
            _body(book, each),
            groups_signed(names, each),
            each.sha256[:12],
            each.note,
        ]
        for each in every
    ]
    titles = (
        "Document", "Commissioner", "Signed on", "For the commissioner", f"For the {book.word('units')}", "SHA-256",
        "Note",
    )  # fmt: skip
    columns = [tables.text(title) for title in titles]
    empty = "No signed route map is recorded."
    return tables.table("versions", "Versions", columns, rows, cards=True, empty=empty)


def _file(book: Book, each: RouteMap) -> Link:
    return Link(f"Version {each.number}", at("route-map-file", book.place.id, each.commissioner, each.number))


def _body(book: Book, each: RouteMap) -> str:
    return capital(deciders(book).get(each.for_commissioner, each.for_commissioner))


def groups_signed(names: Mapping[str, str], each: RouteMap) -> str:
    """Each group with the role in which somebody signed for it."""
    return "; ".join(f"{names.get(unit, unit)}: {SIGNING_ROLES[role]}" for unit, role in each.for_groups.items())


def document(request: HttpRequest, place: str, commissioner: str, number: int) -> HttpResponse:
    """One version, as it was recorded."""
    found = reads.route_map(place, commissioner, number)
    return attachment(papers.content(found.sha256), "application/octet-stream", found.file_name)


def new(request: HttpRequest, place: str) -> HttpResponse:
    """Record a route map that was signed."""
    book, units = open_book(place), organisations.units(place)
    commissioners = reads.commissioners_of(book)

    def act(values: Mapping[str, Any]) -> str:
        sent = values["file"]
        signed = {each.code: values[f"unit_{each.code}"] for each in units if values.get(f"unit_{each.code}")}
        actions.record_route_map(
            by=request.viewer.actor, place=place, commissioner=values["commissioner"], signed_on=values["signed_on"],
            name=sent.name, content=sent.read(), for_commissioner=values["for_commissioner"], for_groups=signed,
            note=values.get("note", ""), seen=values.get("seen"),
        )  # fmt: skip
        return at("route-map", place)

    bodies = [(code, capital(name)) for code, name in reads.signing_bodies(book).items()]
    form = Form((
        Field("file", "The signed document", words, f"One of {', '.join(papers.ENDINGS)}", kind=FILE,
              required="Choose the document."),
        choice("commissioner", "Commissioner", commissioners.items(), "Choose the commissioner."),
        Field("signed_on", "Signed on", day, "Such as 1 April 2008", required="Give the day.", width="10"),
        choice("for_commissioner", "Who signed for the commissioner", bodies, "Choose who signed."),
        *(choice(f"unit_{each.code}", f"Who signed for {each.name}", SIGNING_ROLES.items(), blank="Did not sign")
          for each in units),
        line("note", "Note", longest=500),
        Field("seen", "Version that was seen", whole_number, kind=HIDDEN),
    ))  # fmt: skip
    first = {"seen": f"{len(reads.route_maps(place))}"}
    if len(commissioners) == 1:
        first["commissioner"] = next(iter(commissioners))
    writing = Writing(
        "Record a signed route map", form, "Record the route map", act, book=book, first=first,
        trail=(Crumb(TITLE, at("route-map", place)),),
        lead="The document becomes public with who signed it by role; leave out names and signatures of people."
        " Earlier versions stay as they are.",
    )  # fmt: skip
    return write(request, writing)
