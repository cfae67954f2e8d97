"""The pages of who is who: units with their practices, providers with their accreditation, commissioners."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.reads.arrangements import STANDINGS, Reviewed
from openpbc.organisations.reads.cover import Cover, cover
from openpbc.organisations.reads.providing import Named, named_providers
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Row, Table

_COLOURS = {"accredited": "green", "conditions": "yellow", "refused": "red", "ended": "grey", "reviewed": "blue"}


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """All units, practices, providers and commissioners of a place, with the dates of each membership."""
    book = reads.book(place)
    accredited = arrangements.accreditations(place, reads.today())
    shown = (
        units_table(request, book),
        practices_table(request, book),
        providers_table(book),
        named_table(book),
        accreditation_table(book, accredited),
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
        synthetic=any(each.synthetic for each in accredited),
        context={
            "loaded": any(each.id == place for each in reads.places()),
            "covered": share(cover(book, reads.standing_day(book))),
        },
    )
    return respond(request, page)


def share(found: Cover) -> str:
    """How many practices have an arrangement of how many, in a sentence."""
    if found.share is None:
        return "No practice is loaded, so that none can be covered."
    many = f"{found.arranged} of {len(found.practices)} practices have an arrangement"
    return f"{many} ({Figure(found.share, Style.PERCENT).text})."


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
                linked(request, book, "unit", unit.code, unit.name),
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


def linked(request: HttpRequest, book: Book, kind: str, code: str, name: str) -> Cell:
    """A name that leads to the page of its own for those who may see that page."""
    may = request.may(f"monitoring:{kind}", place=book.place.id, **{kind: code})
    return Link(name, reverse(f"monitoring:{kind}", args=[book.place.id, code])) if may else name


def practices_table(request: HttpRequest, book: Book) -> Table:
    """Each dated membership of a practice: a practice that moved has two rows."""
    names = {each.code: each.name for each in reads.practices(book.place.id)}
    units = {each.code: each.name for each in reads.units(book.place.id)}
    rows: list[list[Cell]] = [
        [
            linked(request, book, "practice", each.practice, names.get(each.practice, each.practice)),
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
    """Each provider with its kind, its area, its co-ordinating commissioner and its market forces factor."""
    found = book.table("organisations.providers")
    kinds = {each.code: each.name for each in arrangements.provider_kinds(book)}
    listed = reads.providers(book.place.id)
    areas = {each.code: each.area for each in bodies.bodies(book.place.id, codes=[each.code for each in listed])}
    nobody = Missing(why="No source says who co-ordinates it.")
    rows: list[list[Cell]] = [
        [
            Link(each.name, reverse("organisations:follow", args=[book.place.id, each.code])),
            each.code,
            kinds.get(each.kind, each.kind),
            capital(areas.get(each.code, "")),
            each.coordinator or nobody,
            _factor(each.mff_e7, found.path),
        ]
        for each in listed
    ]
    columns = [
        tables.text("Provider"),
        tables.text("Code"),
        tables.text("Kind"),
        tables.text("Area"),
        tables.text("Coordinating commissioner"),
        tables.number("Market forces factor", additive=False),
    ]
    return tables.table("providers", "Providers", columns, rows, cards=True)


def named_table(book: Book) -> Table:
    """Everybody that sources name as a provider, with who co-ordinates the contract and who is an associate to it."""
    called = bodies.names(book.place.id)
    kinds = {each.code.replace("_", " "): each.name for each in arrangements.provider_kinds(book)}
    rows: list[list[Cell]] = [
        [
            Link(each.name, reverse("organisations:follow", args=[book.place.id, each.code])),
            each.code,
            kinds.get(each.kind, capital(each.kind)),
            capital(each.area) or Missing(why="No source says for which area it is."),
            called.get(each.within, each.within),
            coordinated(each, called),
            ", ".join(called.get(code, code) for code in each.associates)
            or Missing(why="No source names an associate."),
        ]
        for each in named_providers(book)
    ]
    titles = ("Provider", "Code", "Kind", "Area", "Part of", "Coordinating commissioner", "Associate commissioners")
    columns = [tables.text(title) for title in titles]
    note = "Groups of trusts stand as the sources name them. Money follows the providers of the table above."
    return tables.table(
        "named-providers", "Everybody that sources name as a provider", columns, rows, cards=True, notes=(note,)
    )


def coordinated(each: Named, called: dict[str, str]) -> Cell:
    """Who co-ordinates the contract of a provider, and by whose contract where it has none of its own."""
    if not each.coordinator:
        return Missing(why="No source says who co-ordinates it.")
    name = called.get(each.coordinator, each.coordinator)
    return f"{name}, by the contract of {called.get(each.within, each.within)}" if each.theirs else name


def accreditation_table(book: Book, said: list[Reviewed]) -> Table:
    """Each provider with the last word of each regulator on its accreditation; of others that nobody recorded one."""
    place, called = book.place.id, bodies.names(book.place.id)
    silent = Missing(why="Nobody has recorded what a regulator found.")
    words: dict[str, list[Reviewed]] = {each.code: [] for each in reads.providers(place)}
    for each in said:
        words.setdefault(each.provider, []).append(each)
    rows: list[list[Cell]] = []
    for code, found in words.items():
        name = Link(called.get(code, code), reverse("organisations:follow", args=[place, code]) + "#table-reviews")
        rows += [[name, called.get(each.regulator, each.regulator), standing(each), day(each.on)] for each in found]
        rows += [] if found else [[name, "", silent, ""]]
    columns = [tables.text(title) for title in ("Provider", "Regulator", "Accreditation", "On")]
    accredited = {each.provider for each in said if each.accredits}
    note = f"{len(accredited)} of {len(words)} providers are accredited by the last word of a regulator until today."
    return tables.table("accreditation", "Accreditation of providers", columns, rows, cards=True, notes=(note,))


def standing(said: Reviewed) -> Tag:
    """What a regulator said of a provider, in the colour of that word."""
    return Tag(STANDINGS[said.status].lower(), _COLOURS[said.status])


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
