"""Whether every practice of a place is covered by an arrangement, and, apart from that, how far each takes part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads
from openpbc.organisations.pages.arrangements import before_table, recording
from openpbc.organisations.pages.listing import day, linked, share
from openpbc.organisations.pages.register import CLOCKS, asked, clocks, crumb
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.reads.arrangements import COVER, LEVEL, OF_PRACTICES, Arranged
from openpbc.organisations.reads.cover import TARGET, Cover, Practised, cover, levels
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import write

TITLE = "Cover of practices"
_NOT_TOLD = "not told"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """How many practices have an arrangement, those that have none, and how many take part at each level."""
    book = reads.book(place)
    answer = CLOCKS.read(request.GET)
    on, known_on = asked(answer)
    on = on or reads.standing_day(book)
    found, named, called = cover(book, on, known_on), levels(book), bodies.names(place)
    words = {} if isinstance(named, NotSet) else named
    held = {kind: arrangements.arrangements(place, kind, on, known_on) for kind in OF_PRACTICES}
    page = Page(
        template="organisations/cover.jinja",
        title=TITLE,
        book=book,
        trail=(crumb(book),),
        tables=(
            _figures(book, found),
            _without(request, book, found, called),
            _levels(found, named),
            _practices(request, book, found, called, words),
            _before(book, called, words),
        ),
        facts=clocks(on, known_on),
        rests_on=(book.value(TARGET), book.table(arrangements.LEVELS), book.table("organisations.practices")),
        synthetic=any(each.synthetic for kind in held.values() for each in kind.values()),
        context={"form": answer, "said": share(found)},
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def _figures(book: Book, found: Cover) -> Table:
    """The counts that the share is made of, beside the target."""
    target = book.value(TARGET)
    row: list[Cell] = [
        Figure(len(found.practices)),
        Figure(found.in_group),
        Figure(found.otherwise),
        Figure(len(found.without)),
        Missing(why="No practice is loaded.") if found.share is None else Figure(found.share, Style.PERCENT),
        Missing(target.path) if isinstance(target, NotSet) else Figure(target.ppm, Style.PERCENT),
    ]
    columns = [
        tables.number("Practices", additive=False),
        tables.number(f"In a {book.word('unit')}", additive=False),
        tables.number("By another arrangement", additive=False),
        tables.number("Without an arrangement", additive=False),
        tables.number("Coverage", "%", additive=False),
        tables.number("Target", "%", additive=False),
    ]
    note = (
        "Coverage is the practices with an arrangement of all practices of the place. It counts arrangements, and says"
        " nothing of how far a practice takes part. A practice in a group is counted there alone."
    )
    return tables.table("coverage", "Coverage", columns, [row], cards=True, notes=(note,))


def _without(request: HttpRequest, book: Book, found: Cover, called: Mapping[str, str]) -> Table:
    """Each practice for which nothing is arranged on the day, with the group that it left or will join."""
    rows: list[list[Cell]] = [
        [
            linked(request, book, "practice", each.code, each.name),
            each.code,
            _moved(each.left, called),
            _moved(each.joins, called),
            _way(request, book, COVER, each) or "",
        ]
        for each in found.without
    ]
    columns = [
        tables.text("Practice"),
        tables.code("Code"),
        tables.text("Left"),
        tables.text("Joins"),
        tables.text("What to do"),
    ]
    note = (
        "A practice that closed is left out from the day on which another stands for it"
        " (organisations.successions in the rulebook)."
    )
    empty = "Every practice has an arrangement." if found.practices else "No practice is loaded."
    caption = "Practices without an arrangement"
    return tables.table("without", caption, columns, rows, cards=True, empty=empty, notes=(note,))


def _moved(way: tuple[str, date] | None, called: Mapping[str, str]) -> str:
    return f"{called.get(way[0], way[0])}, {day(way[1])}" if way else ""


def _levels(found: Cover, named: Mapping[str, str] | NotSet) -> Table:
    """How many practices take part at each level; those that have told none are counted as such."""
    words = {} if isinstance(named, NotSet) else named
    rows: list[list[Cell]] = [
        [words.get(code, code) if code else capital(_NOT_TOLD), Figure(count)]
        for code, count in found.by_level(words).items()
    ]
    columns = [tables.text("How far they take part"), tables.number("Practices")]
    notes: tuple[str, ...] = ("How far a practice takes part is its own choice; no level is better than another.",)
    if isinstance(named, NotSet):
        notes = (*notes, f"The levels are not set, so that nobody can tell one: fill in {named.path}.")
    return tables.table("levels", "Practices by level", columns, rows, cards=True, notes=notes)


def _practices(
    request: HttpRequest, book: Book, found: Cover, called: Mapping[str, str], words: Mapping[str, str]
) -> Table:
    """Every practice with who arranges care for its people and its level."""
    rows: list[list[Cell]] = [
        [
            linked(request, book, "practice", each.code, each.name),
            each.code,
            called.get(each.unit, each.unit),
            called.get(each.other, each.other),
            words.get(each.level, each.level) or _NOT_TOLD,
            (_way(request, book, LEVEL, each) if words else None) or "",
        ]
        for each in found.practices
    ]
    columns = [
        tables.text("Practice"),
        tables.code("Code"),
        tables.text(capital(book.word("unit"))),
        tables.text("Another arrangement"),
        tables.text("Level"),
        tables.text("What to do"),
    ]
    empty = "No practice has been loaded from the rulebook."
    return tables.table("practices", "Every practice", columns, rows, cards=True, empty=empty)


def _way(request: HttpRequest, book: Book, kind: str, each: Practised) -> Link | None:
    """The way to record something of a practice, for those who may."""
    about = {"place": book.place.id, "practice": each.code}
    if not request.may("organisations:cover-record", "POST", **about):
        return None
    text = "Record an arrangement" if kind == COVER else "Record the level"
    return Link(f"{text} of {each.name}", reverse("organisations:cover-record", kwargs={**about, "kind": kind}))


def _before(book: Book, called: Mapping[str, str], words: Mapping[str, str]) -> Table:
    """What was said of practices once and is not believed any more."""
    known, said = arrangements.subjects(book, COVER), {COVER: called, LEVEL: words}
    was: list[tuple[list[Cell], Arranged]] = [
        (
            [
                known.get(each.subject, each.subject),
                arrangements.ARRANGED[kind],
                said[kind].get(each.holder, each.holder),
            ],
            each,
        )
        for kind in OF_PRACTICES
        for each in arrangements.believed_before(book.place.id, kind)
    ]
    return before_table(("Practice", "What", "Said"), was)


def record(request: HttpRequest, place: str, practice: str, kind: str) -> HttpResponse:
    """Say from a day on who arranges care for a practice, or how far it takes part."""
    book = reads.book(place)
    if kind not in OF_PRACTICES or practice not in arrangements.subjects(book, kind):
        raise Http404("There is no such practice.")
    trail = (crumb(book), Crumb(TITLE, reverse("organisations:cover", args=[place])))
    return write(request, recording(request, book, kind, practice, trail))
