"""The minimum operating standard: its points, what each group says of itself, the form, and what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime

from openpbc.governance import actions
from openpbc.governance.actions.standard import LONGEST_NOTE
from openpbc.governance.pages.meeting_parts import at, on_day
from openpbc.governance.reads.standard import STANDARD, Assessment, assessments, latest_assessments, standard
from openpbc.governance.rules.standard import (
    MET,
    NOT_ANSWERED,
    NOT_MET,
    PARTLY,
    RESULTS,
    Point,
    Said,
    counted,
    fingerprint,
    held_against,
)
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Unit
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import HIDDEN, Field, Form, choice, day, line, whole_number, words
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

TITLE = "Minimum operating standard"
SHEET = "openpbc/sheet.jinja"
_COLOURS = {MET: "green", PARTLY: "yellow", NOT_MET: "red", NOT_ANSWERED: "grey"}
_CHOICES = tuple((each, capital(each)) for each in RESULTS)


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """The points of the standard, and each group's results against them as they are now."""
    book = open_book(place)
    points, latest = standard(book), latest_assessments(place)
    units = organisations.units(place)
    shown: tuple[Table, ...] = ()
    if not isinstance(points, NotSet):
        said = {each.code: _held(points, latest.get(each.code)) for each in units}
        shown = (
            _groups_table(request, book, units, points, latest),
            _points_table(book, points, list(said.values())),
            _notes_table(book, units, said),
        )
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        tables=shown,
        synthetic=any(each.synthetic for each in latest.values()),
        rests_on=(book.table(STANDARD),),
        context={"lead": _lead(book, points, units, latest)},
    )
    return respond(request, page)


def _lead(
    book: Book, points: tuple[Point, ...] | NotSet, units: Sequence[Unit], latest: Mapping[str, Assessment]
) -> str:
    if isinstance(points, NotSet):
        return f"No standard is set for the {book.word('units')} of this place, so nobody is asked about one."
    done = sum(each.code in latest for each in units)
    return (
        f"What every {book.word('unit')} keeps to at least, and what each says of itself."
        f" {done} of {len(units)} have assessed themselves."
    )


def _held(points: Sequence[Point], latest: Assessment | None) -> tuple[Said, ...]:
    return held_against(points, latest.said if latest else ())


def _tag(said: Said) -> Tag:
    return Tag(said.result, _COLOURS[said.result])


def _groups_table(
    request: HttpRequest,
    book: Book,
    units: Sequence[Unit],
    points: Sequence[Point],
    latest: Mapping[str, Assessment],
) -> Table:
    place = book.place.id
    rows: list[list[Cell]] = []
    for unit in units:
        last = latest.get(unit.code)
        may = request.may("governance:standard-assess", "POST", place=place, unit=unit.code)
        rows.append([
            Link(unit.name, at("standard-record", place, unit.code)) if last else unit.name,
            *(_tag(each) for each in _held(points, last)),
            on_day(last.assessed_on) if last else "not yet",
            last.by if last else "",
            Link("Assess", at("standard-assess", place, unit.code)) if may else "",
        ])  # fmt: skip
    titles = (capital(book.word("unit")), *(each.key for each in points), "Assessed on", "Recorded by", "Your turn")
    columns = [tables.text(title) for title in titles]
    notes = ("A point that came, or was worded anew, after a group's assessment is not answered by it.",)
    caption = f"How the {book.word('units')} meet it"
    return tables.table("standard", caption, columns, rows, cards=True, empty="There is no group.", notes=notes)


def _points_table(book: Book, points: Sequence[Point], said: Sequence[tuple[Said, ...]]) -> Table:
    rows: list[list[Cell]] = []
    for number, point in enumerate(points):
        found = counted(each[number] for each in said)
        rows.append([point.key, point.words, *found.values()])
    counts = [tables.number(capital(name), additive=False) for name in (*RESULTS, NOT_ANSWERED)]
    columns = [tables.text("Point"), tables.text("What is asked"), *counts]
    note = f"The figures count {book.word('units')}."
    return tables.table(
        "points", "The points", columns, rows, cards=True, empty="The standard has no point.", notes=(note,)
    )


def _notes_table(book: Book, units: Sequence[Unit], said: Mapping[str, tuple[Said, ...]]) -> Table:
    rows: list[list[Cell]] = [
        [unit.name, each.point.key, _tag(each), each.note] for unit in units for each in said[unit.code] if each.note
    ]
    columns = [tables.text(title) for title in (capital(book.word("unit")), "Point", "Result", "Evidence or note")]
    return tables.table("notes", "Evidence and notes", columns, rows, cards=True, empty="Nobody wrote a note.")


def record(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Every assessment of one group, the latest first, against the points as they were then."""
    book, group = open_book(place), organisations.unit_by_alias(place, unit)
    every = assessments(place, group.code)
    may = request.may("governance:standard-assess", "POST", place=place, unit=group.code)
    page = Page(
        template=SHEET,
        title=f"{TITLE}: {group.name}",
        book=book,
        trail=(_crumb(book),),
        tables=(_record_table(every),),
        synthetic=any(each.synthetic for each in every),
        rests_on=(book.table(STANDARD),),
        context={
            "lead": f"Every assessment that {group.name} made of itself, against the points as they were then.",
            "links": (("Assess it now", at("standard-assess", place, group.code)),) if may else (),
        },
    )
    return respond(request, page)


def _record_table(every: Sequence[Assessment]) -> Table:
    rows: list[list[Cell]] = [
        [
            each.number,
            on_day(each.assessed_on),
            said.point.key,
            said.point.words,
            _tag(said),
            said.note,
            f"{each.by}, {day_text(localtime(each.at))}",
        ]
        for each in every
        for said in each.said
    ]
    titles = ("Assessed on", "Point", "What was asked", "Result", "Evidence or note", "Recorded by")
    columns = [tables.number("Assessment", additive=False), *(tables.text(title) for title in titles)]
    return tables.table("assessments", "Assessments", columns, rows, cards=True, empty="There is none yet.")


def assess(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Record for one group how it meets each point of the standard."""
    book, group = open_book(place), organisations.unit_by_alias(place, unit)
    points = standard(book)
    if isinstance(points, NotSet):
        raise points.problem
    last = latest_assessments(place).get(group.code)

    def act(values: Mapping[str, Any]) -> str:
        if values.get("points") != fingerprint(points):
            raise Stale("the points changed after you opened this page", do="Look at them, then answer.")
        results = {
            point.key: (values.get(_name("result", point), NOT_ANSWERED), values.get(_name("note", point), ""))
            for point in points
        }
        if all(result == NOT_ANSWERED for result, _ in results.values()):
            first = next((_name("result", point) for point in points), "")
            raise UserError("no point is answered", first, "Say of at least one whether the group meets it.")
        actions.assess_standard(
            by=request.viewer.actor, place=place, unit=group.code, assessed_on=values["assessed_on"],
            results=results, points=values["points"], seen=values.get("seen"),
        )  # fmt: skip
        return f"{at('standard', place)}#table-standard"

    writing = Writing(
        f"Assess {group.name} against the standard", _form(points), "Record the assessment", act, book=book,
        first=_first(points, last), trail=(_crumb(book),),
        lead="Say of each point whether the group meets it. Every assessment stays on record; the latest one counts.",
        notes=("Everybody who plans in this place can read it. Write no names of patients.",),
    )  # fmt: skip
    return write(request, writing)


def _form(points: Sequence[Point]) -> Form:
    fields: list[Field] = [
        Field("assessed_on", "Assessed on", day, "The day on which the group looked at itself, such as 1 April 2008",
              required="Give the day.", width="10"),
    ]  # fmt: skip
    for point in points:
        result, note = _name("result", point), _name("note", point)
        fields.append(choice(result, point.key, _CHOICES, hint=point.words, blank=capital(NOT_ANSWERED)))
        fields.append(line(note, f"Evidence or note on: {point.key}", longest=LONGEST_NOTE))
    fields.append(Field("points", "Points", words, kind=HIDDEN, longest=64))
    fields.append(Field("seen", "Version that was seen", whole_number, kind=HIDDEN))
    return Form(tuple(fields))


def _name(what: str, point: Point) -> str:
    """Name a field by its point and not by its place, so that no answer goes over to another point."""
    return f"{what}_{fingerprint((point,))[:12]}"


def _first(points: Sequence[Point], last: Assessment | None) -> dict[str, str]:
    """What stands in the form: what the group said last of each point as it is now, and no day."""
    found = {"points": fingerprint(points), "seen": f"{last.number if last else 0}"}
    for said in _held(points, last):
        found[_name("result", said.point)] = said.result if said.result != NOT_ANSWERED else ""
        found[_name("note", said.point)] = said.note
    return found


def _crumb(book: Book) -> Crumb:
    return Crumb(TITLE, at("standard", book.place.id))
