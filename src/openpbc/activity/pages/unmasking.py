"""A practice's own records, without names; and the way to see who one patient is, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.flow.canonical import EVERY, STREAM_WORDS
from openpbc.activity.reads import RecordOf
from openpbc.kernel.periods import Month, moment_cell
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style
from openpbc.ui.forms import AREA, LONGEST_TEXT, Field, Form, lines
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.paging import pager
from openpbc.ui.writing import Checked, Writing, write

ON_A_PAGE = 50
TOLD = "Your name, the record and the reason are kept and shown to the commissioner's analysts at once."


def practice_records(request: HttpRequest, place: str, practice: str) -> HttpResponse:
    """The care of a practice's own patients in a month (``?month=``, else the last one), record by record."""
    book = organisations.book(place)
    ran = [month for month in book.place.year.months if reads.last_run(place, month)]
    asked = request.GET.get("month", "")
    month = Month.parse(asked) if asked else (ran[-1] if ran else book.place.year.months[0])
    total, _ = reads.practice_records(place, practice, month, 1, 0)
    pages = pager(request.GET, total, ON_A_PAGE)
    _, found = reads.practice_records(place, practice, month, pages.size, (pages.number - 1) * pages.size)
    names = {each.code: each.short_name for each in organisations.providers(place)}
    columns = [tables.text("Data set"), tables.text("Provider"), tables.code("Point of delivery"), tables.code("Group")]
    columns += [tables.number("Price", "£", additive=False), tables.text("Patient")]
    rows: list[list[Cell]] = [
        [
            STREAM_WORDS[row["stream"]],
            names.get(row["provider"], row["provider"]),
            row["pod"] or "",
            row["hrg"] or "",
            Figure(row["price"], Style.PENCE) if row["price"] is not None else "not priced",
            Link("See who it is", _href("unmask", RecordOf(place, practice, month, *_at(row)))),
        ]
        for row in found
    ]
    page = Page(
        template="activity/practice_records.jinja",
        title=f"Records of {_name(place, practice)}",
        book=book,
        tables=(tables.table("records", f"Care in {month.name}", columns, rows, cards=True),),
        facts=(("As at", month.name),),
        synthetic=reads.is_synthetic(book),
        context={"months": ran, "month": month, "pager": pages},
    )
    return respond(request, page)


def _at(row: Mapping[str, Any]) -> tuple[str, str, int]:
    return row["stream"], row["file"], row["line"]


def _name(place: str, practice: str) -> str:
    return next((each.name for each in organisations.practices(place) if each.code == practice), practice)


def _href(name: str, record: RecordOf) -> str:
    return reverse(f"activity:{name}", kwargs=vars(record) | {"month": str(record.month)})


def _record(place: str, practice: str, month: str, stream: str, file: str, line: int) -> RecordOf:
    if stream not in EVERY:
        raise Http404("There is no such record.")
    return RecordOf(place, practice, Month.parse(month), stream, file, line)


def _trail(record: RecordOf) -> tuple[Crumb, ...]:
    there = reverse("activity:practice-records", kwargs={"place": record.place, "practice": record.practice})
    return (Crumb(f"Records of {_name(record.place, record.practice)}", f"{there}?month={record.month}"),)


def unmask(
    request: HttpRequest, place: str, practice: str, month: str, stream: str, file: str, line: int
) -> HttpResponse:
    """Ask, with a reason, who the patient of one record is."""
    record, book = _record(place, practice, month, stream, file, line), organisations.book(place)

    def act(values: Mapping[str, Any]) -> str:
        actions.unmask(by=request.viewer.actor, record=record, reason=values["reason"])
        return _href("unmasked", record)

    reason = Field("reason", "Why you must know", lines, required="Say why.", kind=AREA, longest=LONGEST_TEXT)
    writing = Writing(
        title="See who a patient is",
        form=Form((reason,)),
        submit="Show me who it is",
        act=act,
        check=lambda values: Checked((*_rows(book, record), ("Why", values["reason"])), consequences=(TOLD,)),
        book=book,
        trail=_trail(record),
        lead="Records are read without names. Where care needs it, a practice may see who one of its own patients is.",
        notes=(TOLD, f"One person may see {book.need('people.unmaskings_an_hour').int} patients an hour."),
    )
    return write(request, writing)


def _rows(book: Book, record: RecordOf) -> tuple[tuple[str, Cell], ...]:
    return (
        ("Record", f"{STREAM_WORDS[record.stream]}, file {record.file}, line {record.line:,}"),
        ("Month", record.month.name),
        ("Practice", _name(book.place.id, record.practice)),
    )


def unmasked(
    request: HttpRequest, place: str, practice: str, month: str, stream: str, file: str, line: int
) -> HttpResponse:
    """Who the patient is, for the few minutes after somebody asked."""
    record, book = _record(place, practice, month, stream, file, line), organisations.book(place)
    found = reads.person_of(record, request.viewer.actor.id)
    page = Page(
        template="activity/unmasked.jinja",
        title="Who the patient is",
        book=book,
        trail=_trail(record),
        synthetic=reads.is_synthetic(book),
        context={"person": [(name.replace("_", " "), text) for name, text in found]},
    )
    if request.GET.get("download"):
        raise Http404("Who people are is not downloaded.")
    response = respond(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def unmaskings(request: HttpRequest, place: str) -> HttpResponse:
    """Who was shown whom: everything that was asked for, newest first."""
    book = organisations.book(place)
    columns = [tables.text(title) for title in ("When", "Who", "Practice", "Record", "Why")]
    rows: list[list[Cell]] = [
        [
            moment_cell(timezone.localtime(each.at)),
            each.who_name,
            _name(place, each.record.practice),
            f"{each.record.stream}, {each.record.month}, file {each.record.file}, line {each.record.line}",
            each.reason,
        ]
        for each in reads.unmaskings(place)
    ]
    empty = "Nobody has asked to see who a patient is."
    page = Page(
        template="activity/unmaskings.jinja",
        title="Patients who were shown by name",
        book=book,
        tables=(tables.table("unmaskings", "Who asked, and why", columns, rows, cards=True, empty=empty),),
        rests_on=(book.value("people.unmaskings_an_hour"),),
        synthetic=reads.is_synthetic(book),
    )
    return respond(request, page)
