"""Who sets the priorities of each area, and who owns each function of the commissioner, on two clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text, moment_cell
from openpbc.organisations import actions, reads
from openpbc.organisations.pages.listing import day
from openpbc.organisations.pages.register import CLOCKS, asked, clocks, crumb
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.reads.arrangements import ARRANGED, COVER, FORM, FORMS, FUNCTION, LEVEL, PRIORITIES, Arranged
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing
from openpbc.ui.forms import AREA, INCOMPLETE, Field, Form, choice, line, whole_number, words
from openpbc.ui.forms import day as day_field
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

_NOBODY = Missing(why="An administrator has not recorded it.")
_OTHERS = {PRIORITIES: "With the hospital trust", FUNCTION: "Performed by an outside body"}
_HOLDERS = {
    PRIORITIES: "Priorities are set by",
    FUNCTION: "Owner",
    FORM: "Form",
    COVER: "Care is arranged by",
    LEVEL: "Level",
}
_KINDS = (PRIORITIES, FUNCTION, FORM)  # those of practices have a page of their own
_SUBJECTS = {PRIORITIES: "Area", FUNCTION: "Function"}
_CAPTIONS = {PRIORITIES: "Who sets the priorities of each area", FUNCTION: "Who owns each function"}
_OF_THE_REGISTER = "A name or code of the register, or the name in plain words"
_ENDS = "; none if that arrangement ends on the day"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Each area with the body that sets its priorities, each function with its owner, and what was believed before."""
    book = reads.book(place)
    answer = CLOCKS.read(request.GET)
    on, known_on = asked(answer)
    on = on or (None if known_on else reads.standing_day(book))
    shown = {kind: arrangements.arrangements(place, kind, on, known_on) for kind in _KINDS}
    called = bodies.names(place)
    functions = arrangements.subjects(book, FUNCTION)
    page = Page(
        template="organisations/arrangements.jinja",
        title="Who sets priorities, and who owns each function",
        book=book,
        trail=(crumb(book),),
        tables=(
            _held(request, book, PRIORITIES, shown[PRIORITIES], called),
            _held(request, book, FUNCTION, shown[FUNCTION], called),
            _forms(request, book, shown[FORM]),
            _before(book, called),
        ),
        facts=clocks(on, known_on),
        rests_on=(book.table(arrangements.AREAS), book.table(arrangements.FUNCTIONS)),
        synthetic=any(each.synthetic for held in shown.values() for each in held.values()),
        context={
            "form": answer,
            "areas": len(arrangements.subjects(book, PRIORITIES)),
            "without_body": len(set(arrangements.subjects(book, PRIORITIES)) - set(shown[PRIORITIES])),
            "functions": len(functions),
            "without_owner": len(set(functions) - set(shown[FUNCTION])),
        },
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def _held(
    request: HttpRequest, book: Book, kind: str, held: Mapping[str, Arranged], called: Mapping[str, str]
) -> Table:
    """Each area or function with who holds it on the day; what nobody has recorded is shown as not set."""
    place = book.place.id
    homes = arrangements.homes(book) if kind == PRIORITIES else {}
    rows: list[list[Cell]] = []
    for code, name in arrangements.subjects(book, kind).items():
        each = held.get(code)
        may = request.may("organisations:arrange", "POST", place=place)
        rows.append(
            [
                Link(name, reverse("organisations:arrange", args=[place, kind, code])) if may else name,
                *([called.get(homes[code], homes[code])] if homes else []),
                *(
                    (*_who(place, each, called), *stood(each))
                    if each
                    else [_NOBODY, "" if kind == PRIORITIES else _NOBODY, "", "", ""]
                ),
            ]
        )
    titles = [_SUBJECTS[kind]]
    titles += ["Commissioner"] if homes else []
    titles += [_HOLDERS[kind], _OTHERS[kind], "From", "To", "Recorded"]
    empty = "The rulebook of this place lists no functions yet."
    columns = [tables.text(title) for title in titles]
    return tables.table(kind, _CAPTIONS[kind], columns, rows, cards=True, empty=empty)


def _forms(request: HttpRequest, book: Book, held: Mapping[str, Arranged]) -> Table:
    """Each group with the form that a person recorded, else the kind that the rulebook gives."""
    place, may = book.place.id, request.may("organisations:arrange", "POST", place=book.place.id)
    rows: list[list[Cell]] = []
    for unit in reads.units(place):
        each = held.get(unit.code)
        name = Link(unit.name, reverse("organisations:arrange", args=[place, FORM, unit.code])) if may else unit.name
        told = FORMS[each.holder] if each else unit.kind or _NOBODY
        rows.append([name, told, *((day(each.valid_from), _recorded(each)) if each else ("", "From the rulebook"))])
    titles = (capital(book.word("unit")), _HOLDERS[FORM], "From", "Recorded")
    columns = [tables.text(title) for title in titles]
    note = "One that is a company is advised to have standing orders on interests of its own (K9): no block."
    return tables.table(FORM, f"Form of each {book.word('unit')}", columns, rows, cards=True, notes=(note,))


def _recorded(each: Arranged) -> str:
    return f"{each.by}, {day_text(localtime(each.known_from))}: {each.reason}"


def stood(each: Arranged) -> list[Cell]:
    """From when to when something was arranged, and who recorded it why."""
    return [day(each.valid_from), day(each.valid_to) if each.valid_to else "", _recorded(each)]


def before_table(titles: tuple[str, ...], was: Iterable[tuple[list[Cell], Arranged]]) -> Table:
    """What is not believed any more: what was said under these titles, when it stood, and until when that held."""
    rows = [[*said, *stood(each), moment_cell(localtime(each.known_to)) if each.known_to else ""] for said, each in was]
    columns = [tables.text(title) for title in (*titles, "From", "To", "Recorded", "Believed until")]
    return tables.table("before", "What was believed before", columns, rows, cards=True, empty="Nothing.")


def _who(place: str, each: Arranged, called: Mapping[str, str]) -> list[Cell]:
    return [
        _organisation(place, each.holder, called),
        _organisation(place, each.other, called) if each.other else "nobody else",
    ]


def _organisation(place: str, told: str, called: Mapping[str, str]) -> Cell:
    """An organisation of the register with its own page; any other by its name."""
    if told not in called:
        return told
    return Link(called[told], reverse("organisations:follow", args=[place, told]))


def _before(book: Book, called: Mapping[str, str]) -> Table:
    place = book.place.id
    known = {kind: arrangements.subjects(book, kind) for kind in _KINDS}
    was: list[tuple[list[Cell], Arranged]] = [
        ([known[kind].get(each.subject, each.subject), *_who(place, each, called)], each)
        for kind in _KINDS
        for each in arrangements.believed_before(place, kind)
    ]
    return before_table(("What", "Who", "With, or by"), was)


def arrange(request: HttpRequest, place: str, kind: str, subject: str) -> HttpResponse:
    """Say who holds an area or a function, or the form of a group, from a day on."""
    book = reads.book(place)
    if kind not in _KINDS or subject not in arrangements.subjects(book, kind):
        raise Http404("There is no such area or function.")
    trail = (crumb(book), Crumb("Priorities and functions", reverse("organisations:arrangements", args=[place])))
    return write(request, recording(request, book, kind, subject, trail))


def recording(request: HttpRequest, book: Book, kind: str, subject: str, trail: tuple[Crumb, ...]) -> Writing:
    """The form by which something is said from a day on; it leads back to the last page of the trail."""
    place, called = book.place.id, bodies.names(book.place.id)
    name, held = arrangements.subject(book, kind, subject), arrangements.history(place, kind, subject=subject)
    form = Form(
        (
            *_whose(book, kind),
            Field("valid_from", "From", day_field, "Such as 1 April 2008", required="Give the first day.", width="10"),
            Field("reason", "Why", words, "Everybody can read it", required="Say why.", kind=AREA, longest=500),
            Field("seen", "Version", whole_number, kind="hidden", required=INCOMPLETE),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.arrange(by=request.viewer.actor, place=place, kind=kind, subject=subject, **values)
        return trail[-1].href

    first = {"seen": str(arrangements.seen(place, kind, subject))}
    if held:
        first |= {
            each: called.get(told, told) for each, told in (("holder", held[-1].holder), ("other", held[-1].other))
        }
    lead = "What was so before that day, and what was believed until now, stays readable."
    title = f"{ARRANGED[kind]}: {name}"
    return Writing(title, form, "Record it", act, book=book, trail=trail, first=first, lead=lead)


def _whose(book: Book, kind: str) -> tuple[Field, ...]:
    """What is asked for: one of the choices where the words are fixed, else an organisation, and maybe another."""
    fixed = arrangements.choices(book, kind)
    if fixed:
        return (choice("holder", _HOLDERS[kind], fixed.items(), f"Choose the {_HOLDERS[kind].lower()}."),)
    if kind == COVER:
        return (line("holder", _HOLDERS[kind], "Say who.", _OF_THE_REGISTER + _ENDS),)
    other = line("other", _OTHERS[kind], hint=f"{_OF_THE_REGISTER}; empty if there is none")
    return line("holder", _HOLDERS[kind], "Say who.", _OF_THE_REGISTER), other
