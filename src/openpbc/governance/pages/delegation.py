"""The scheme of delegation: a public page for any day, and the forms that upload one and put it in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.casework.cells import Cell as TableCell
from openpbc.casework.cells import as_read
from openpbc.governance import actions, reads
from openpbc.governance.pages.interest_tables import SHEET, say_day
from openpbc.governance.pages.interests import ON
from openpbc.governance.reads import Scheme
from openpbc.governance.rules.delegation import NO_SCHEME, QUESTIONS, SCOPES
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import AREA, FILE, Field, Form, choice, day, lines, whole_number, words
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

MATTER = "scheme"
ASK = Form((Field("on", "As on", day, ON, width="10"),))
_WAITING = Tag("not in force", "grey")


def delegation(request: HttpRequest, place: str) -> HttpResponse:
    """Who decides what on a day (``?on=``; today): the rules in force with their six answers, and every version."""
    book = open_book(place)
    asking = ASK.read(request.GET)
    on = asking.values.get("on", organisations.today())
    found = reads.scheme_in_force(place, on)
    shown = (answers_table(found), rules_table(book, found)) if found else ()
    page = Page(
        template=SHEET,
        title="Who decides what",
        book=book,
        tables=(*shown, levels_table(book), versions_table(request, book)),
        facts=(("As on", say_day(on)), *((("Scheme", f"{found.number}, SHA-256 {found.sha256}"),) if found else ())),
        rests_on=(book.table("governance.levels"), book.table("governance.scheme_bodies")),
        context={
            "lead": _lead(book, found, on),
            "links": _links(request, book),
            "asking": asking,
            "notes": (
                "A case is valued for its whole life. Cases of one group in one specialty that lie close together are"
                " valued as one. No scheme can hand down a case in which somebody has an interest, or a disputed one.",
            ),
        },
    )
    return respond(request, page)


def _lead(book: Book, found: Scheme | None, on: date) -> str:
    if found is None:
        return f"{NO_SCHEME} That is the {reads.level_names(book)['D3']}. No limits were published for {say_day(on)}."
    return f"On {say_day(on)} scheme {found.number} is in force: {found.title}. It holds for {SCOPES[found.scope]}."


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    steps = (
        ("Upload a scheme", "governance:delegation-new"),
        ("Put a scheme in force", "governance:delegation-force"),
        ("Declared interests", "governance:interest-public"),
        ("Route map for innovation", "governance:route-map"),
    )
    place = book.place.id
    return [(text, reverse(name, args=[place])) for text, name in steps if request.may(name, place=place)]


def levels_table(book: Book) -> Table:
    """The levels with what the place calls whoever decides there."""
    rows: list[list[Cell]] = [[code, capital(name)] for code, name in reads.level_names(book).items()]
    return tables.table("levels", "Levels", [tables.code("Level"), tables.text("Who decides")], rows, cards=True)


def rules_table(book: Book, found: Scheme) -> Table:
    """The rules of a scheme as they are read: one a row, and an empty cell where a rule does not ask."""
    table, names = found.table, reads.level_names(book)
    rows: list[list[Cell]] = [
        [
            f"{rule.number}",
            *(_said(column.name, cell) for column, cell in zip(table.inputs, rule.cells, strict=True)),
            f"{rule.outputs[0]}: {names[str(rule.outputs[0])]}",
            rule.said,
        ]
        for rule in table.rules
    ]
    columns = [tables.text(title) for title in ("Rule", *(capital(c.label) for c in table.inputs), "Decides", "Why")]
    return tables.table("rules", "The rules in force", columns, rows, cards=True)


def _said(name: str, cell: TableCell) -> str:
    if cell.anything:
        return ""
    return {"true": "yes", "false": "no"}.get(cell.text, as_read(name, cell.text))


def answers_table(found: Scheme) -> Table:
    """The six questions that every rule has to answer."""
    rows: list[list[Cell]] = [[QUESTIONS[each], found.answers.get(each, "")] for each in QUESTIONS]
    columns = [tables.text("Question"), tables.text("Answer")]
    return tables.table("answers", "What this scheme is", columns, rows, cards=True)


def versions_table(request: HttpRequest, book: Book) -> Table:
    """Every version with the day from which it is in force and the decision behind it."""
    place, may_see = book.place.id, request.may("governance:decision", place=book.place.id)
    rows: list[list[Cell]] = [
        [
            f"{each.number}",
            each.title,
            say_day(each.at),
            Tag(f"in force from {say_day(each.valid_from)}", "green")
            if each.valid_from
            else Tag("not in force", "grey"),
            _decision(place, each, may_see=may_see),
        ]
        for each in reads.schemes(place)
    ]
    columns = [tables.text(title) for title in ("Version", "Title", "Uploaded", "Standing", "Decision")]
    empty = "No scheme has been uploaded."
    return tables.table("versions", "Versions of the scheme", columns, rows, cards=True, empty=empty)


def _decision(place: str, each: Scheme, *, may_see: bool) -> Cell:
    if each.decision is None:
        return ""
    text = f"Record {each.decision}"
    return Link(text, reverse("governance:decision", args=[place, each.decision])) if may_see else text


def matter_page(address: str) -> str:
    """The page of a scheme as a matter."""
    return reverse("governance:delegation", args=[address.split("/")[1]])


def _crumb(book: Book) -> tuple[Crumb, ...]:
    return (Crumb("Who decides what", reverse("governance:delegation", args=[book.place.id])),)


def new(request: HttpRequest, place: str) -> HttpResponse:
    """Upload a scheme as a decision table; it decides nothing before a body has approved it."""
    book, scopes = open_book(place), tuple((code, capital(text)) for code, text in SCOPES.items())

    def act(values: Mapping[str, Any]) -> str:
        table = _text(values["table"])
        told = {each: values[each] for each in QUESTIONS}
        actions.upload_scheme(by=request.viewer.actor, place=place, title=values["title"], table=table,
                              scope=values["scope"], answers=told)  # fmt: skip
        return reverse("governance:delegation", args=[place])

    questions = tuple(
        Field(each, text, lines, kind=AREA, longest=1000, required=f"Answer: {text}")
        for each, text in QUESTIONS.items()
    )
    form = Form(
        (
            Field("title", "Title", words, required="Give it a title.", longest=200, width="20"),
            Field(
                "table", "Decision table", words, "A DMN file of at most 1 MiB", kind=FILE, required="Choose the file."
            ),
            choice("scope", "Holds for", scopes, "Choose for whom."),
            *questions,
        )
    )  # fmt: skip
    lead = "Overlaps and gaps are refused. It decides nothing until a body has approved it."
    writing = Writing("Upload a scheme of delegation", form, "Upload", act, None, book, _crumb(book), lead)
    return write(request, writing)


def _text(sent: UploadedFile) -> str:
    try:
        return sent.read(1_048_577).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError("the file is not UTF-8 text", "table", "Save the table as a DMN file.") from error


def force(request: HttpRequest, place: str) -> HttpResponse:
    """Put a version in force from a day on, by a recorded decision."""
    book = open_book(place)
    versions = tuple(
        (str(each.number), f"{each.number}: {each.title}") for each in reads.schemes(place) if each.valid_from is None
    )

    def act(values: Mapping[str, Any]) -> str:
        told = dict(values) | {"number": int(values["number"])}
        actions.put_scheme_in_force(by=request.viewer.actor, place=place, **told)
        return reverse("governance:delegation", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Version", dict(versions)[values["number"]]), ("From", say_day(values["valid_from"])))
        told = "From that day on it says who decides. It can only be followed by another version."
        return Checked((*rows, ("Record of the decision", f"{values['decision']}")), (told,))

    form = Form(
        (
            choice("number", "Version", versions, "Choose the version."),
            Field("valid_from", "In force from", day, ON, required="Give the day.", width="10"),
            Field("decision", "Record that approves it", whole_number, "Its number in the register of decisions",
                  required="Give the record's number."),
        )
    )  # fmt: skip
    note = f"The body decides on the matter {MATTER}/{place}/NUMBER. Whoever uploaded a version cannot put it in force."
    writing = Writing("Put a scheme in force", form, "Put in force", act, check, book, _crumb(book), notes=(note,))
    return write(request, writing)
