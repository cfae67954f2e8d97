"""Whom a matter concerns, who therefore has an interest in it, and what was ruled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.pages.interest_tables import SHEET, crumb, names_of, say_day
from openpbc.governance.reads import PARTS, RULINGS, Party, Standing
from openpbc.kernel.problems import UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import AREA, HIDDEN, INCOMPLETE, Field, Form, choice, lines, whole_number, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

COLOURS = {"takes-part": "green", "without-vote": "orange", "leaves": "red"}
_MATTER = Field("matter", "Matter's address", words, "Such as case/PLACE/17", required="Name the matter.",
                longest=200, width="20")  # fmt: skip


def matters(request: HttpRequest, place: str) -> HttpResponse:
    """Every matter for which somebody said whom it concerns; those withheld from the reader say so."""
    book, sealed = open_book(place), reads.sealed_matters(request.viewer, place)
    called = names_of(place)
    rows: list[list[Cell]] = [
        [each.matter, Tag("withheld from you", "grey"), "", ""]
        if each.matter in sealed
        else [
            Link(each.matter, f"{reverse('governance:matter', args=[place])}?matter={each.matter}"),
            "; ".join(f"{called.get(one.organisation, one.organisation)} {PARTS[one.part]}" for one in each.parties),
            say_day(each.at),
            each.by,
        ]
        for each in reads.listed(place)
    ]
    columns = [tables.text(title) for title in ("Matter", "Whom it concerns", "Listed on", "By")]
    empty = "Nobody has said yet whom a matter concerns."
    links = [
        (text, reverse(name, args=[place]))
        for text, name in (("Say whom a matter concerns", "governance:matter-parties"), ("Who owns whom", OWNERS))
        if request.may(name, place=place)
    ]
    page = Page(
        template=SHEET,
        title="Whom matters concern",
        book=book,
        trail=(crumb(book),),
        tables=(tables.table("matters", "Matters", columns, rows, cards=True, empty=empty),),
        context={"lead": "From these lists it is worked out who has an interest in what.", "links": links},
    )
    return respond(request, page)


OWNERS = "governance:owners"


def _matters_crumb(book: Book) -> tuple[Crumb, ...]:
    return (crumb(book), Crumb("Whom matters concern", reverse("governance:matters", args=[book.place.id])))


def matter(request: HttpRequest, place: str) -> HttpResponse:
    """One matter (``?matter=``): whom it concerns, who has an interest and how each takes part, and what was opened."""
    book, asked = open_book(place), request.GET.get("matter", "")
    _refuse(request, place, asked)
    stands, seen = reads.standings(place, asked), reads.opened(place, asked)
    people = {each.sign_in: each.name for each in organisations.people()}
    opened: list[list[Cell]] = [[people.get(each.person, each.person), say_day(each.day), each.what] for each in seen]
    columns = [tables.text(title) for title in ("Person", "On", "What")]
    page = Page(
        template=SHEET,
        title=f"Interests in {asked[:60]}",
        book=book,
        trail=_matters_crumb(book),
        tables=(
            _parties_table(place, reads.parties(place, asked)),
            _standings_table(stands, people),
            tables.table("openings", "Who opened what", columns, opened, cards=True, empty="Nothing was opened."),
        ),
        rests_on=(book.table("governance.interest_natures"),),
        context={"lead": _told(stands), "links": _links(request, place, asked)},
    )
    return respond(request, page)


def _refuse(request: HttpRequest, place: str, asked: str) -> None:
    if not asked:
        raise UserError("no matter is named", do="Open a matter from the list.")
    if why := reads.withheld(request.viewer, place, asked):
        raise Withheld(why)


def _told(stands: Mapping[str, Standing]) -> str:
    out = sum(not each.sees for each in stands.values())
    return f"{len(stands)} accounts have an interest in this matter; {out} of them see nothing of it."


def _links(request: HttpRequest, place: str, asked: str) -> list[tuple[str, str]]:
    steps = (("Change whom it concerns", "governance:matter-parties"), ("Rule on somebody", "governance:matter-ruling"))
    return [
        (text, f"{reverse(name, args=[place])}?matter={asked}")
        for text, name in steps
        if request.may(name, place=place)
    ]


def _parties_table(place: str, parties: tuple[Party, ...]) -> Table:
    called = names_of(place)
    rows: list[list[Cell]] = [[called.get(each.organisation, each.organisation), PARTS[each.part]] for each in parties]
    columns = [tables.text("Organisation"), tables.text("Its part")]
    empty = "Nobody has said yet whom this matter concerns."
    return tables.table("parties", "Whom it concerns", columns, rows, cards=True, empty=empty)


def _standings_table(stands: Mapping[str, Standing], people: Mapping[str, str]) -> Table:
    rows: list[list[Cell]] = [
        [people.get(person, person), Tag(RULINGS[each.ruling], COLOURS[each.ruling]), each.because]
        for person, each in stands.items()
    ]
    columns = [tables.text(title) for title in ("Person", "How they take part", "Why")]
    empty = "Nobody has an interest in this matter."
    return tables.table("standings", "Who has an interest", columns, rows, cards=True, empty=empty)


def parties(request: HttpRequest, place: str) -> HttpResponse:
    """Say whom a matter concerns, an organisation a line."""
    book, asked = open_book(place), request.POST.get("matter") or request.GET.get("matter", "")
    found = reads.listed(place, asked) if asked else ()
    if asked:
        _refuse(request, place, asked)

    def act(values: Mapping[str, Any]) -> str:
        actions.set_parties(by=request.viewer.actor, place=place, **values)
        return f"{reverse('governance:matter', args=[place])}?matter={values['matter']}"

    def check(values: Mapping[str, Any]) -> Checked:
        rows = tuple((each.organisation, PARTS[each.part]) for each in values["parties"])
        return Checked((("Matter", values["matter"]), *rows), ("Whoever has a material interest in one of them is kept"
                       " out of the matter at once, on every page and in every file.",))  # fmt: skip

    listing = Field("parties", "Whom it concerns", _parties, f"One a line: organisation; part. Parts: {_part_words()}",
                    kind=AREA, longest=4000, required="Name at least one organisation.")  # fmt: skip
    seen = Field("seen", "Version", whole_number, kind=HIDDEN, required=INCOMPLETE)
    first = {"matter": asked, "seen": str(found[0].number if found else 0)}
    if found:
        first["parties"] = "\n".join(f"{each.organisation}; {each.part}" for each in found[0].parties)
    writing = Writing("Whom a matter concerns", Form((_MATTER, listing, seen)), "Keep the list", act, check, book,
                      _matters_crumb(book), first=first)  # fmt: skip
    return write(request, writing)


def _part_words() -> str:
    return ", ".join(PARTS)


def _parties(text: str) -> list[Party]:
    found = []
    for number, line in enumerate(lines(text).splitlines(), start=1):
        name, _, part = (each.strip() for each in line.rpartition(";"))
        if not name or part not in PARTS:
            raise UserError(f"line {number} is not 'organisation; part'", do=f"The part is one of {_part_words()}.")
        found.append(Party(name, part))
    return found


def ruling(request: HttpRequest, place: str) -> HttpResponse:
    """Rule how somebody takes part in a matter."""
    book, asked = open_book(place), request.POST.get("matter") or request.GET.get("matter", "")
    if asked:
        _refuse(request, place, asked)
    people = tuple((each.sign_in, f"{each.name} ({each.sign_in})") for each in organisations.people())
    rulings = tuple(RULINGS.items())

    def act(values: Mapping[str, Any]) -> str:
        actions.rule_on_interest(by=request.viewer.actor, place=place, **values)
        return f"{reverse('governance:matter', args=[place])}?matter={values['matter']}"

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Matter", values["matter"]), ("Person", dict(people)[values["person"]]))
        return Checked((*rows, ("Ruling", RULINGS[values["ruling"]]), ("Reason", values["reason"])))

    form = Form(
        (
            _MATTER,
            choice("person", "Person", people, "Choose the person."),
            choice("ruling", "The person", rulings, "Choose a ruling."),
            Field("reason", "Reason", words, required="Give the reason.", longest=500, width="20"),
        )
    )  # fmt: skip
    lead = "A ruling can send somebody out. It lets nobody in whose interest is material; nobody rules on themselves."
    writing = Writing("Rule on an interest", form, "Rule", act, check, book, _matters_crumb(book), lead,
                      {"matter": asked})  # fmt: skip
    return write(request, writing)
