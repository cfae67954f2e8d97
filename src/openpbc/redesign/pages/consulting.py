"""Consultation on primary care: the register of notes, the form for one, and an intention with how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.actions.consulting import REST
from openpbc.redesign.pages.listing import SHEET, case_link
from openpbc.redesign.reads import consulting as reads
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.consulting import Consultation, Consulting
from openpbc.redesign.reads.registers import INTENTIONS, Intention, barrier, barriers, barriers_beside, intentions
from openpbc.redesign.reads.seeing import opened_case, seen
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing, Tag
from openpbc.ui.forms import HIDDEN, INCOMPLETE, YES_NO, Field, Form, choice, day, line, whole_number
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

TITLE = "Consultations"
_NOTE = ("Body", "Asked", "On", "What they said, or why they were not asked", "Noted by")
STATE_COLOURS = {reads.OPEN: "grey", reads.UNDER_WAY: "blue", reads.DONE: "green", reads.GIVEN_UP: "orange"}


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every note of consultation that the reader may see, the newest first."""
    book = open_book(place)
    known, consulting = cases(place), Consulting(book)
    visible = seen(request.viewer, place, known)
    shown = reads.beside(consulting.every, place, visible, barriers_beside(barriers(place), visible))
    back = len(consulting.every) - len(shown)
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        tables=(
            notes_table(book, reversed(shown), known),
            wanted_table(consulting),
        ),
        rests_on=(book.table(reads.PRIMARY_CARE),),
        synthetic=any(each.synthetic for each in shown),
        context={
            "lead": "What falls on primary care is closed once each body below was asked, or a note says why not.",
            "links": [("Intentions", reverse("redesign:intentions", args=[place]))],
            "notes": [f"{back} more on cases that are withheld from you."] if back else [],
        },
    )
    return respond(request, page)


def notes_table(book: Book, noted: Iterable[Consultation], known: Iterable[Case]) -> Table:
    """Notes one a row, with what each is about."""
    held, called = reads.matters(book.place.id, known), reads.consultable(book)
    rows: list[list[Cell]] = [
        [str(each.number), _about(book, each.about, held), *_note(each, called)] for each in noted
    ]
    columns = [tables.text(each) for each in ("Note", "About", *_NOTE)]
    return tables.table("consultations", TITLE, columns, rows, cards=True, empty="Nobody has noted a consultation yet.")


def about_table(book: Book, noted: Iterable[Consultation]) -> Table:
    """The notes on one thing, on its own page."""
    called = reads.consultable(book)
    rows: list[list[Cell]] = [_note(each, called) for each in noted]
    columns = [tables.text(each) for each in _NOTE]
    return tables.table("consulted", "Consultation", columns, rows, cards=True, empty="Nobody has noted any.")


def _note(each: Consultation, called: Mapping[str, str]) -> list[Cell]:
    return [
        called.get(each.body, each.body),
        Tag("asked", "green") if each.asked else Tag("not asked", "orange"),
        day_text(each.on) if each.on else "",
        each.said,
        f"{each.by}, {day_text(localtime(each.at))}",
    ]


def _about(book: Book, about: str, known: Mapping[str, Case]) -> Cell:
    if about in known:
        return case_link(known[about])
    kind, _, rest = about.partition("/")
    ref, place = rest.partition("/")[2], book.place.id
    if kind == reads.INTENTION:
        return Link(f"Intention {ref}", reverse("redesign:intention", args=[place, ref]))
    return Link(f"Barrier {ref}", reverse("redesign:barriers", args=[place]))


def wanted_table(consulting: Consulting) -> Table:
    """Whom the commissioners consult on primary care, as the register says."""
    rows: list[list[Cell]] = [[name, code] for code, name in consulting.wanted.items()]
    empty = "The register names nobody who is consulted on primary care."
    columns = [tables.text("Body"), tables.text("Code")]
    return tables.table("to-consult", "Consulted on primary care", columns, rows, cards=True, empty=empty)


def add(request: HttpRequest, place: str, kind: str, ref: str) -> HttpResponse:
    """Note what a body said, or why it was not asked."""
    book = open_book(place)
    trail, name = _opened(request, book, kind, ref)
    consulting = Consulting(book)
    about = f"redesign/{place}/{ref}" if kind == reads.CASE else f"{kind}/{place}/{ref}"
    missing = consulting.missing(about)
    offered = [(REST, f"All {len(missing)} still to be asked (one reason why not)")] if len(missing) > 1 else []
    offered += list(reads.consultable(book).items())
    form = Form(
        (
            choice("body", "Body", offered, "Choose a body."),
            choice("asked", "Was it asked?", YES_NO, "Say whether it was asked."),
            Field("on", "On", day, "The day on which it answered; empty if it was not asked", width="10"),
            line("said", "What it said, or why it was not asked", required="Write a few words.", longest=500),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        facts = dict(values) | {"asked": values["asked"] == "yes"}
        actions.note_consultation(by=request.viewer.actor, place=place, kind=kind, ref=ref, **facts)
        return trail[-1].href

    still = f"Still to be asked on primary care: {', '.join(missing.values())}." if missing else ""
    lead = f"A note stays as it is written. {still}".strip()
    return write(
        request, Writing(f"Note a consultation on {name}", form, "Note it", act, book=book, trail=trail, lead=lead)
    )


def _opened(request: HttpRequest, book: Book, kind: str, ref: str) -> tuple[tuple[Crumb, ...], str]:
    """The way back to what is consulted about, and its name; what is withheld is refused."""
    place = book.place.id
    if kind == reads.INTENTION:
        found = _intention(book, ref)
        return (_crumb(place), Crumb(found.key, reverse("redesign:intention", args=[place, ref]))), f"intention {ref}"
    if kind not in reads.KINDS or not ref.isdecimal() or len(ref) > 9:
        raise Http404("There is no such thing to consult about.")
    if kind == reads.BARRIER:
        noted = barrier(place, int(ref))
        if noted.case:
            opened_case(request.viewer, place, noted.case)
        return (Crumb("Barriers", reverse("redesign:barriers", args=[place])),), f"barrier {ref}"
    known = opened_case(request.viewer, place, int(ref))
    return (Crumb(known.title, reverse("redesign:case", args=[place, known.number])),), f"case {ref}"


def _crumb(place: str) -> Crumb:
    return Crumb("Commissioning intentions", reverse("redesign:intentions", args=[place]))


def _intention(book: Book, key: str) -> Intention:
    found = next((each for each in intentions(book) if each.key == key), None)
    if found is None:
        raise Http404("There is no such intention.")
    return found


def intention(request: HttpRequest, place: str, key: str) -> HttpResponse:
    """One intention: what it asks, how it stands and stood, who was consulted, and the cases that serve it."""
    book = open_book(place)
    found, consulting = _intention(book, key), Consulting(book)
    stood = reads.states(place).get(key, ())
    noted = consulting.noted.get(reads.about_intention(place, key), ())
    lacks = consulting.of_intention(key)
    page = Page(
        template=SHEET,
        title=f"{found.key} {found.area}",
        book=book,
        trail=(_crumb(place),),
        tables=(
            facts_table(found, key in consulting.keys),
            history_table(stood),
            about_table(book, noted),
            serving_table(seen(request.viewer, place, found.cases)),
        ),
        rests_on=(book.table(INTENTIONS), book.table(reads.PRIMARY_CARE)),
        synthetic=any(each.synthetic for each in stood) or any(each.synthetic for each in noted),
        context={
            "lead": f"It is {stood[-1].state if stood else reads.OPEN}. {' '.join(lacks)}".strip(),
            "links": _links(request, place, key),
        },
    )
    return respond(request, page)


def _links(request: HttpRequest, place: str, key: str) -> list[tuple[str, str]]:
    found = []
    if request.may("redesign:intention-state", "POST", place=place):
        found.append(("Say how it stands", reverse("redesign:intention-state", args=[place, key])))
    if request.may("redesign:consultation-add", "POST", place=place):
        href = reverse("redesign:consultation-add", args=[place, reads.INTENTION, key])
        found.append(("Note a consultation", href))
    return found


def facts_table(found: Intention, primary: bool) -> Table:
    """What the source says of an intention."""
    open_ = Missing(why="The source does not say.")
    rows: list[list[Cell]] = [
        ["What is to be done", found.action],
        ["Wanted", found.outcome or open_],
        ["By whom", found.providers or open_],
        ["How it would be seen", found.indicator or open_],
        ["Now", found.baseline or open_],
        ["Target", found.target or open_],
        ["By when", found.deadline or open_],
        ["Falls on primary care", "yes: it is closed once everybody below was consulted" if primary else "no"],
        ["Note", found.note],
    ]
    columns = [tables.text("What"), tables.text("What the source says")]
    return tables.table("intention", "The intention", columns, rows)


def history_table(stood: tuple[reads.Stood, ...]) -> Table:
    """How people said that it stands, the newest first."""
    rows: list[list[Cell]] = [
        [Tag(each.state, STATE_COLOURS[each.state]), each.reason, f"{each.by}, {day_text(localtime(each.at))}"]
        for each in reversed(stood)
    ]
    columns = [tables.text(each) for each in ("State", "Why", "Said by")]
    return tables.table("states", "How it stands", columns, rows, cards=True, empty="Nobody has said how it stands.")


def serving_table(known: list[Case]) -> Table:
    """The cases that serve it, as far as the reader may see them."""
    rows: list[list[Cell]] = [[case_link(each), each.at.title] for each in known]
    columns = [tables.text("Case"), tables.text("Stage")]
    return tables.table("serving", "Cases that serve it", columns, rows, cards=True, empty="No case serves it.")


def state(request: HttpRequest, place: str, key: str) -> HttpResponse:
    """Say how an intention stands."""
    book = open_book(place)
    found = _intention(book, key)
    stood = reads.states(place).get(key, ())
    here = reverse("redesign:intention", args=[place, key])
    offered = tuple((each, each.capitalize()) for each in reads.INTENTION_STATES)
    form = Form(
        (
            choice("state", "State", offered, "Choose a state."),
            line("reason", "Why", required="Say why it stands so.", longest=500),
            Field("seen", "Word looked at", whole_number, kind=HIDDEN, required=INCOMPLETE),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.say_how_intention_stands(by=request.viewer.actor, place=place, key=key, **values)
        return here

    first = {"seen": str(stood[-1].number if stood else 0), "state": stood[-1].state if stood else reads.OPEN}
    trail = (_crumb(place), Crumb(key, here))
    lead = " ".join(Consulting(book).of_intention(key))
    writing = Writing(
        f"How {key} {found.area} stands", form, "Say so", act, book=book, trail=trail, lead=lead, first=first
    )
    return write(request, writing)
