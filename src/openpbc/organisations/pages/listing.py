"""The pages of who is who: units with their practices, providers, commissioners."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads
from openpbc.organisations.reads import arrangements
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Row, Table


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """All units, practices, providers and commissioners of a place, with the dates of each membership."""
    book = reads.book(place)
    shown = (
        units_table(request, book),
        practices_table(request, book),
        providers_table(book),
        commissioners_table(book),
        kinds_table(book),
    )
    names = ("units", "practices", "providers", "commissioners", "provider_kinds")
    page = Page(
        template="organisations/listing.jinja",
        title=f"{capital(book.word('units'))}, practices and providers",
        book=book,
        tables=shown,
        rests_on=tuple(book.table(f"organisations.{name}") for name in names),
        context={"loaded": any(each.id == place for each in reads.places())},
    )
    return respond(request, page)


def day(value: date) -> str:
    """A date as people write it; an open end of the calendar is left empty."""
    return "" if value in (reads.FIRST_DAY, reads.LAST_DAY) else f"{value.day} {value:%B %Y}"


def units_table(request: HttpRequest, book: Book) -> Table:
    """Each unit with its budget line, and how many practices and registered people it has now."""
    practices = reads.practices(book.place.id)
    last = book.place.year.last
    rows: list[list[Cell] | Row] = []
    for unit in reads.units(book.place.id):
        own = [each for each in practices if each.unit == unit.code and each.valid_to >= last]
        sizes = [each.list_size for each in own if each.list_size is not None]
        rows.append(
            [
                _linked(request, book, "unit", unit.code, unit.name),
                unit.code,
                ", ".join(unit.aliases),
                unit.budget_line,
                Figure(len(own)),
                Figure(sum(sizes)) if sizes else Missing(_practices_file(book)),
            ]
        )
    columns = [
        tables.text(capital(book.word("unit"))),
        tables.text("Code"),
        tables.text("Also printed as"),
        tables.text(capital(book.word("budget_line"))),
        tables.number("Practices at the year's end"),
        tables.number(capital(book.word("list")), "people"),
    ]
    empty = "No unit has been loaded from the rulebook."
    return tables.table("units", capital(book.word("units")), columns, rows, cards=True, empty=empty)


def _practices_file(book: Book) -> str:
    found = book.table("organisations.practices")
    return found.path


def _linked(request: HttpRequest, book: Book, kind: str, code: str, name: str) -> Cell:
    """A name that leads to the page of its own for those who may see that page."""
    may = request.may(f"monitoring:{kind}", place=book.place.id, **{kind: code})
    return Link(name, reverse(f"monitoring:{kind}", args=[book.place.id, code])) if may else name


def practices_table(request: HttpRequest, book: Book) -> Table:
    """Each dated membership of a practice: a practice that moved has two rows."""
    names = {each.code: each.name for each in reads.practices(book.place.id)}
    units = {each.code: each.name for each in reads.units(book.place.id)}
    rows: list[list[Cell]] = [
        [
            _linked(request, book, "practice", each.practice, names.get(each.practice, each.practice)),
            each.practice,
            units.get(each.unit, each.unit),
            each.commissioner,
            Missing(_practices_file(book)) if each.list_size is None else Figure(each.list_size),
            day(each.valid_from),
            day(each.valid_to),
        ]
        for each in reads.membership_rows(book.place.id)
    ]
    columns = [
        tables.text("Practice"),
        tables.text("Code"),
        tables.text(capital(book.word("unit"))),
        tables.text("Commissioner"),
        tables.number(capital(book.word("list")), "people", additive=False),
        tables.text("Member from"),
        tables.text("Member to"),
    ]
    return tables.table(
        "practices",
        "Practices and their membership",
        columns,
        rows,
        cards=True,
        empty="No practice has been loaded from the rulebook.",
        notes=("A practice that moved or closed in the year has one row for each membership; no date means no end.",),
    )


def providers_table(book: Book) -> Table:
    """Each provider with its market forces factor."""
    found = book.table("organisations.providers")
    kinds = {each.code: each.name for each in arrangements.provider_kinds(book)}
    rows: list[list[Cell]] = [
        [
            Link(each.name, reverse("organisations:follow", args=[book.place.id, each.code])),
            each.code,
            kinds.get(each.kind, each.kind),
            each.coordinator,
            _factor(each.mff_e7, found.path),
        ]
        for each in reads.providers(book.place.id)
    ]
    columns = [
        tables.text("Provider"),
        tables.text("Code"),
        tables.text("Kind"),
        tables.text("Coordinating commissioner"),
        tables.number("Market forces factor", additive=False),
    ]
    return tables.table("providers", "Providers", columns, rows, cards=True)


def _factor(mff_e7: int | None, path: str) -> Cell:
    return Missing(path) if mff_e7 is None else f"{mff_e7 // 10**7}.{mff_e7 % 10**7:07d}"


def kinds_table(book: Book) -> Table:
    """Each kind of provider with those that are known by name, and what each of the kind sends every month."""
    kinds = tuple(each for each in arrangements.provider_kinds(book) if each.code != arrangements.EVERY)
    known = arrangements.of_kind(book.place.id, kinds)
    duties = arrangements.sent_monthly(book)
    rows: list[list[Cell]] = [
        [
            each.name,
            ", ".join(known[each.code].values()) or Missing(why="No source names one."),
            ", ".join(duties.get(each.code, ())) or "nothing is expected",
        ]
        for each in kinds
    ]
    columns = [tables.text(title) for title in ("Kind of provider", "Known by name", "Sends every month")]
    empty = "The rulebook of this place lists no kinds of provider."
    return tables.table("kinds", "Kinds of provider", columns, rows, cards=True, empty=empty)


def commissioners_table(book: Book) -> Table:
    """Each commissioner that a record may name."""
    rows: list[list[Cell]] = [[each.name, each.code] for each in reads.commissioners(book.place.id)]
    columns = [tables.text("Commissioner"), tables.text("Code")]
    return tables.table("commissioners", "Commissioners", columns, rows, cards=True)
