"""Files of the register: sending one, seeing what it would change, and only then taking it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.csv_rows import MEGABYTE
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.pages.listing import day
from openpbc.organisations.pages.register import crumb
from openpbc.organisations.reads import register
from openpbc.organisations.reads.register import LARGEST_FILE, LAYOUTS, Change, Effect, Preview, RegisterFile
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Tag
from openpbc.ui.forms import FILE, Field, Form, choice, whole, words
from openpbc.ui.forms import day as day_field
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.paging import pager
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

LINES = 10
EFFECTS = {
    Effect.NEW: Tag("new", "green"),
    Effect.CHANGED: Tag("changed", "blue"),
    Effect.CLOSED: Tag("closed", "orange"),
    Effect.LATER: Tag("left out", "grey"),
}
COUNTED = {
    "rows": "Rows in the file",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "excluded": "Left out",
    "new": "New",
    "changed": "Changed",
    "closed": "Closed",
    "as it is": "Known already",
}
UPLOAD = Form(
    (
        Field(
            "file",
            "The file",
            str,
            kind=FILE,
            hint=f"CSV as it was published, at most {LARGEST_FILE // MEGABYTE} MB. Nothing counts until you say so.",
            required="Choose the file.",
        ),
        choice("layout", "What it holds", ((id, each.title) for id, each in LAYOUTS.items()), "Say what it holds."),
        Field("as_at", "As it stood on", day_field, "The day of the file, such as 1 October 2019", width="10",
              required="Give the day on which the file was made."),
        Field("only", "Only of these", words, "Codes such as 06N 06K; empty: every row", width="20", longest=200),
    )
)  # fmt: skip


def files(request: HttpRequest, place: str) -> HttpResponse:
    """The files that were sent, and what became of each."""
    book = reads.book(place)
    page = Page(
        template="organisations/files.jinja",
        title="Files of the register",
        book=book,
        trail=(crumb(book),),
        tables=(_files_table(place, register.files(place)),),
    )
    return respond(request, page)


def _files_table(place: str, found: list[RegisterFile]) -> Table:
    rows: list[list[Cell]] = [
        [
            Link(f"{each.number}", reverse("organisations:file", args=[place, each.number])),
            each.name,
            each.title,
            day(each.as_at),
            each.only or "all rows",
            each.received_by,
            _taken(each),
        ]
        for each in found
    ]
    titles = ("File", "Name", "What it holds", "As it stood on", "Only of", "Sent by", "What became of it")
    empty = "No file of the register was sent yet."
    return tables.table("files", "Files", [tables.text(title) for title in titles], rows, cards=True, empty=empty)


def _taken(each: RegisterFile) -> str:
    if each.taken_at is None:
        return "Not taken: it counts for nothing"
    return (
        f"Taken by {each.taken_by} on {day_text(timezone.localtime(each.taken_at))}: {each.counts['accepted']} of"
        f" {each.counts['rows']} rows"
    )


def send(request: HttpRequest, place: str) -> HttpResponse:
    """Send a file; what it would change is shown next."""
    book = reads.book(place)

    def act(values: Mapping[str, Any]) -> str:
        sent: UploadedFile = values["file"]
        large = UserError(f"the file is larger than {LARGEST_FILE // MEGABYTE} MB", "file", "Send it in parts.")
        number = actions.receive_register(
            by=request.viewer.actor,
            place=place,
            name=str(sent.name),
            content=whole(sent, LARGEST_FILE, large),
            layout=values["layout"],
            as_at=values["as_at"],
            only=values.get("only", "").replace(",", " ").split(),
        )
        return reverse("organisations:file", args=[place, number])

    lead = "A file of the national register tells who is who: practices, trusts, commissioners, boards. Rows that are"
    writing = Writing(
        title="Send a file of the register",
        form=UPLOAD,
        submit="Show what would change",
        act=act,
        book=book,
        trail=(crumb(book), _files_crumb(place)),
        lead=f"{lead} wrong are told one by one, and what was believed before stays to be seen.",
    )
    return write(request, writing)


def _files_crumb(place: str) -> Crumb:
    return Crumb("Files of the register", reverse("organisations:files", args=[place]))


def check(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Show what a file would change; a POST takes it, unless somebody took another one since."""
    book = reads.book(place)
    if request.method != "POST":
        return _check_page(request, book, number)
    text = request.POST.get("seen", "")
    try:
        seen = int(text) if text.isdecimal() and len(text) < 10 else -1
        actions.take_register(by=request.viewer.actor, place=place, number=number, seen=seen)
    except UserError as problem:
        return _check_page(request, book, number, problem)
    return HttpResponseRedirect(reverse("organisations:file", args=[place, number]))


def _check_page(request: HttpRequest, book: Book, number: int, problem: UserError | None = None) -> HttpResponse:
    place = book.place.id
    found, shown = register.file(place, number), register.preview(place, number)
    counts = found.counts if found.taken is not None else shown.counts
    effective = [each for each in shown.changes if each.effect is not Effect.SAME]
    lengths = {"changes": len(effective), "rejected": len(shown.rejected)}
    page = Page(
        template="organisations/file.jinja",
        title=f"{found.name}: what it {'changed' if found.taken is not None else 'would change'}",
        book=book,
        trail=(crumb(book), _files_crumb(place)),
        tables=(
            _counts_table(counts),
            _changes_table(shown, effective),
            _rejected_table(shown),
            _excluded_table(shown),
        ),
        facts=(("File", f"{found.name}, as it stood on {day(found.as_at)}"), ("SHA-256", found.sha256)),
        context={
            "file": found,
            "shown": shown,
            "counts": counts,
            "pagers": {name: pager(request.GET, total, key=name) for name, total in lengths.items()},
            "problems": [{"text": problem.sentence, "href": "#counts"}] if problem else [],
        },
        status=getattr(problem, "status", 422) if problem else 200,
    )
    return respond(request, page)


def _counts_table(counts: Mapping[str, int]) -> Table:
    rows: list[list[Cell]] = [[title, Figure(counts.get(name, 0))] for name, title in COUNTED.items()]
    columns = [tables.text("What"), tables.number("Rows", additive=False)]
    notes = ("Rows in the file = accepted + rejected + left out.",)
    return tables.table("counts", "What becomes of the rows", columns, rows, notes=notes)


def _changes_table(shown: Preview, found: list[Change]) -> Table:
    rows: list[list[Cell]] = [
        [f"{each.row.line}", each.row.code, EFFECTS[each.effect], each.sentence] for each in found
    ]
    columns = [tables.text("Line"), tables.code("Code"), tables.text("What"), tables.text("In words")]
    empty = "Nothing would change: all of it is known already." if shown.accepted else "No row is accepted."
    return tables.table("changes", "What changes", columns, rows, cards=True, empty=empty)


def _rejected_table(shown: Preview) -> Table:
    rows: list[list[Cell]] = [[f"{each.line}", each.code, each.rejected] for each in shown.rejected]
    columns = [tables.text("Line"), tables.code("Code"), tables.text("Why")]
    return tables.table("rejected", "Rows that are rejected", columns, rows, cards=True, empty="None.")


def _excluded_table(shown: Preview) -> Table:
    """Why rows are left out, with how many and the first of them: there may be thousands for one reason."""
    why: dict[str, list[int]] = {}
    for line, sentence in (
        *((each.row.line, each.sentence) for each in shown.later),
        *((each.line, each.excluded) for each in shown.read.excluded),
    ):
        why.setdefault(sentence, []).append(line)
    rows: list[list[Cell]] = [
        [sentence, Figure(len(found)), ", ".join(map(str, found[:LINES])) + (" ..." if len(found) > LINES else "")]
        for sentence, found in why.items()
    ]
    columns = [tables.text("Why"), tables.number("Rows"), tables.text("Lines")]
    return tables.table("excluded", "Rows that are left out", columns, rows, cards=True, empty="None.")
