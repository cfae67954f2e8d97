"""Providers' own codes: which of them nobody has mapped, by volume, and the forms that map one or a file of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.actions.local_codes import COLUMNS
from openpbc.activity.flow.canonical import STREAM_WORDS
from openpbc.activity.reads import CodeRecord, LocalCode, UnmappedCode
from openpbc.activity.rules.local_codes import KINDS, WORDS
from openpbc.kernel.periods import Month, day_text, moment_cell
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style
from openpbc.ui.forms import (
    AREA,
    FILE,
    HIDDEN,
    LONGEST_TEXT,
    Field,
    Form,
    choice,
    day,
    lines,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Held, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

TITLE = "Local codes"
KIND_CHOICES = tuple(WORDS.items())
CLOSED_MONTHS = "A closed month takes this in only when it is reopened by a recorded decision."


def codes_href(place: str) -> str:
    """The page of a place's local codes."""
    return reverse("activity:codes", kwargs={"place": place})


def about_href(name: str, place: str, kind: str, provider: str, code: str) -> str:
    """A page about one code; what it is about stands in the query, since a code may hold any letter."""
    query = urlencode({"kind": kind, "provider": provider, "code": code})
    return f"{reverse(f'activity:{name}', kwargs={'place': place})}?{query}"


def codes(request: HttpRequest, place: str) -> HttpResponse:
    """What is unmapped in one month (``?month=``, else the last with files), and what every mapped code stands for."""
    book = organisations.book(place)
    came = sorted({Month.parse(each.month) for each in reads.submissions(place) if each.month and each.current})
    asked = request.GET.get("month", "")
    month = Month.parse(asked) if asked else (came[-1] if came else book.place.year.months[0])
    page = Page(
        template="activity/local_codes.jinja",
        title=TITLE,
        book=book,
        tables=(unmapped_table(request, book, month), mapped_table(request, book)),
        facts=(("As at", month.name),),
        rests_on=_lists(book),
        synthetic=reads.is_synthetic(book),
        context={"months": came, "month": month},
    )
    return respond(request, page)


def _lists(book: Book) -> tuple[Held, ...]:
    return tuple(book.table(f"data.codes.{names[0]}") for kind, names in KINDS.items() if kind != "site")


def _providers(book: Book) -> dict[str, str]:
    return {each.code: each.short_name for each in organisations.providers(book.place.id)}


def unmapped_table(request: HttpRequest, book: Book, month: Month) -> Table:
    """One code a row, most records first."""
    place, names = book.place.id, _providers(book)
    columns = [
        tables.code("Code"),
        tables.text("What it should be"),
        tables.text("Provider"),
        tables.number("Records"),
        tables.number("Priced", "£"),
        tables.text("Found in"),
        tables.text("Next"),
    ]
    rows: list[list[Cell]] = [
        [
            one.code,
            WORDS[one.kind],
            names.get(one.provider, one.provider),
            Figure(one.records, Style.COUNT, reads.code_address(place, month, one, "records")),
            _price(place, month, one),
            ", ".join(sorted({STREAM_WORDS[each.stream] for each in one.files})),
            _map_link(request, place, one),
        ]
        for one in reads.unmapped(place, month)
    ]
    empty = f"Every code in the files of {month.name} is a national one or is mapped."
    return tables.table(
        "unmapped", f"Codes of {month.name} that stand for nothing yet", columns, rows, cards=True, empty=empty
    )


def _price(place: str, month: Month, one: UnmappedCode) -> Cell:
    if one.price is None:
        return "not priced"
    return Figure(one.price, Style.POUNDS, reads.code_address(place, month, one, "price"))


def _map_link(request: HttpRequest, place: str, one: UnmappedCode) -> Cell:
    if not request.may("activity:code-map", place=place):
        return ""
    return Link("Map it", about_href("code-map", place, one.kind, one.provider, one.code))


def mapped_table(request: HttpRequest, book: Book) -> Table:
    """What is believed of every code that was mapped, with its history."""
    place, names = book.place.id, _providers(book)
    columns = [
        tables.code("Code"),
        tables.text("Provider"),
        tables.text("What it is"),
        tables.code("Stands for"),
        tables.text("From"),
        tables.text("To"),
        tables.text("How that came about"),
    ]
    rows: list[list[Cell]] = [
        [
            one.code,
            names.get(one.provider, one.provider),
            WORDS[one.kind],
            one.national,
            written(one.valid_from),
            written(one.valid_to),
            Link("History", about_href("code-history", place, one.kind, one.provider, one.code)),
        ]
        for one in reads.local_codes(place)
    ]
    return tables.table("mapped", "What local codes stand for", columns, rows, cards=True, empty="No code is mapped.")


def written(on: date | None) -> str:
    """A day as people write it; an open end is left empty."""
    return "" if on in (None, date.min, date.max) else day_text(on)


def history(request: HttpRequest, place: str) -> HttpResponse:
    """Everything that was recorded of one code: who, when, old, new, why."""
    book = organisations.book(place)
    kind, provider, code = (request.GET.get(name, "") for name in ("kind", "provider", "code"))
    found = reads.code_history(place, kind, provider, code)
    columns = [tables.code(title) for title in ("Old", "New")]
    columns += [tables.text(title) for title in ("From", "To", "Who", "When", "Why")]
    rows: list[list[Cell]] = []
    for before, one in zip((None, *found), found, strict=False):
        rows.append([
            _stood_for(before),
            _stood_for(one),
            written(one.valid_from),
            written(one.valid_to),
            one.recorded_by,
            moment_cell(timezone.localtime(one.known_from)),
            one.reason,
        ])  # fmt: skip
    shown = tables.table("history", "What was recorded", columns, rows, cards=True, empty="Nothing was recorded of it.")
    page = Page(
        template="activity/local_code.jinja",
        title=f"{WORDS.get(kind, 'Code')} '{code[:40]}' of {_providers(book).get(provider, provider)}",
        book=book,
        trail=(Crumb(TITLE, codes_href(place)),),
        tables=(shown,),
        synthetic=reads.is_synthetic(book),
        context={"change": about_href("code-map", place, kind, provider, code) if found else ""},
    )
    return respond(request, page)


def _stood_for(record: CodeRecord | None) -> str:
    return (record.national or "nothing") if record else "not mapped"


def map_code(request: HttpRequest, place: str) -> HttpResponse:
    """Say what a code stands for, from which day, and why."""
    book = organisations.book(place)
    asked = {name: request.GET.get(name, "") for name in ("kind", "provider", "code")}
    found = reads.code_history(place, asked["kind"], asked["provider"], asked["code"])
    last = found[-1] if found else None

    def act(values: Mapping[str, Any]) -> str:
        actions.map_code(by=request.viewer.actor, place=place, mapping=_mapping(values), seen=values.get("seen"))
        return about_href("code-history", place, values["kind"], values["provider"], values["code"])

    writing = Writing(
        title="Map a local code",
        form=Form(_fields(book)),
        submit="Record the mapping",
        act=act,
        check=lambda values: _checked(book, values),
        book=book,
        trail=(Crumb(TITLE, codes_href(place)),),
        lead="From then on records with the provider's code are read as if they held the national one.",
        first={"seen": str(last.number if last else 0), "valid_from": str(book.place.year.first)},
        notes=(f"It stands for {_stood_for(last)} now, as {last.recorded_by} recorded.",) if last else (),
        ways=(("Map a file of codes instead", reverse("activity:codes-load", kwargs={"place": place})),),
    )
    return write(request, writing)


def _fields(book: Book) -> tuple[Field, ...]:
    providers = tuple(_providers(book).items())
    days = "Such as 1 April 2008"
    return (
        choice("kind", "What it is", KIND_CHOICES, "Choose."),
        choice("provider", "Provider", providers, "Choose one."),
        Field("code", "The provider's code", words, required="Give the code.", width="10", longest=40),
        Field("national", "Stands for", words, "The national code; empty if it stands for nothing", width="10"),
        Field("valid_from", "First day of care", day, days, required="Give a day.", width="10"),
        Field("valid_to", "Last day of care", day, "Empty while it goes on", width="10"),
        Field("reason", "Why", lines, required="Say why.", kind=AREA, longest=LONGEST_TEXT),
        Field("seen", "Seen", whole_number, kind=HIDDEN),
    )


def _mapping(values: Mapping[str, Any]) -> actions.CodeMapping:
    given = {name: values.get(name, "") for name in ("kind", "provider", "code", "national", "reason")}
    return actions.CodeMapping(**given, valid_from=values["valid_from"], valid_to=values.get("valid_to"))


def _checked(book: Book, values: Mapping[str, Any]) -> Checked:
    mapping = _mapping(values)
    held = reads.local_codes(book.place.id)
    now = [one for one in held if (one.kind, one.provider, one.code) == (mapping.kind, mapping.provider, mapping.code)]
    rows: list[tuple[str, Cell]] = [
        ("Code", f"{mapping.code} ({WORDS[mapping.kind].lower()}) of {_providers(book).get(mapping.provider)}"),
        ("Stands for now", "; ".join(_told(one) for one in now) or "nothing"),
        ("Will stand for", mapping.national or "nothing"),
        ("First day of care", written(mapping.valid_from)),
        ("Last day of care", written(mapping.valid_to) or "none: it goes on"),
        ("Why", mapping.reason),
    ]
    return Checked(tuple(rows), consequences=(CLOSED_MONTHS, *_frozen(book, mapping)))


def _told(one: LocalCode) -> str:
    last = f" to {written(one.valid_to)}" if written(one.valid_to) else ""
    return f"{one.national} from {written(one.valid_from)}{last}"


def _frozen(book: Book, mapping: actions.CodeMapping) -> tuple[str, ...]:
    last = mapping.valid_to or date.max
    closed = [
        month.name
        for month in book.place.year.months
        if month.last >= mapping.valid_from and month.first <= last and reads.frozen(book.place.id, month)
    ]
    return (f"Closed at the freeze, and left as they are: {', '.join(closed)}.",) if closed else ()


def load(request: HttpRequest, place: str) -> HttpResponse:
    """Map a file of codes at once, whole or not at all."""
    book = organisations.book(place)

    def act(values: Mapping[str, Any]) -> str:
        actions.load_codes(by=request.viewer.actor, place=place, content=values["file"].read())
        return codes_href(place)

    hint = f"CSV with the columns {', '.join(COLUMNS)}"
    writing = Writing(
        title="Map a file of codes",
        form=Form((Field("file", "File", words, hint, kind=FILE, required="Choose a file."),)),
        submit="Record them all",
        act=act,
        book=book,
        trail=(Crumb(TITLE, codes_href(place)),),
        lead="A file with a wrong line is not taken in. What was recorded before and is the same is passed over.",
        notes=(CLOSED_MONTHS, f"Kinds are {', '.join(KINDS)}; days are written YYYY-MM-DD."),
    )
    return write(request, writing)
