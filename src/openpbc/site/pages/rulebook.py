"""The law book as a page: every subject with its value, status and source, and what is still to be filled in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.subjects import Subject
from openpbc.rulebook.values import NotSet, Status, Table, Value
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing, status_tag
from openpbc.ui.pages import Crumb, Page, first_sentence, respond
from openpbc.ui.paging import pager

ALL = "all"
Held = Value | Table | NotSet | Subject


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every subject that any place's packs know, with what this place's book says; ``?status=`` keeps one status."""
    book = organisations.book(place)
    held = {id: _held(book, id) for id in sorted({*book.subjects, *book.elsewhere})}
    counts = {status: sum(_status(each) is status for each in held.values()) for status in Status}
    wanted = request.GET.get("status", ALL)
    chosen = {id: each for id, each in held.items() if wanted == ALL or _status(each) == wanted}
    shown = tables.table(
        "rulebook",
        "Subjects" if wanted == ALL else f"Subjects: {wanted}",
        [tables.text(title) for title in ("Subject", "Meaning", "Value", "Status", "Source", "File")],
        [_row(book, id, each) for id, each in chosen.items()],
        cards=True,
        empty="No subject has this status.",
    )
    context = {"counts": counts, "wanted": wanted, "pager": pager(request.GET, len(shown.rows), 50)}
    return respond(request, Page("site/rulebook.jinja", "Rulebook", book, tables=(shown,), context=context))


def subject(request: HttpRequest, place: str, id: str) -> HttpResponse:
    """One subject: what the book says for the place's year, where it comes from, and its rows when it is a table."""
    book = organisations.book(place)
    if id not in book.subjects and id not in book.elsewhere:
        raise Http404(f"No pack knows the subject {id}.")
    held = _held(book, id)
    shown = (_rows_table(held),) if isinstance(held, Table) else ()
    context = {
        "held": held,
        "id": id,
        "status": _status(held),
        "source": _source(held),
        "value": _value(held),
        "path": _path(held),
        "pager": pager(request.GET, len(shown[0].rows)) if shown else None,
    }
    page = Page(
        template="site/subject.jinja",
        title=id,
        book=book,
        trail=(Crumb("Rulebook", reverse("rulebook", args=[place])),),
        tables=shown,
        context=context,
    )
    return respond(request, page)


def _held(book: Book, id: str) -> Held:
    subject = book.subjects.get(id)
    if subject is not None and subject.kind in ("words", "layout"):
        return subject
    model = subject or book.elsewhere[id][0]
    return book.table(id) if model.kind == "table" else book.value(id)


def _status(held: Held) -> Status:
    return held.entries[0].status if isinstance(held, Subject) else held.status


def _source(held: Held) -> str:
    if isinstance(held, NotSet):
        return ""
    return str(held.entries[0].citation if isinstance(held, Subject) else held.citation)


def _path(held: Held) -> str:
    return held.file.path if isinstance(held, Subject) else held.path


def _value(held: Held) -> Cell:
    if isinstance(held, NotSet):
        return Missing(held.path)
    if isinstance(held, Value):
        return f"{held.raw} ({held.unit.replace('_', ' ')})" if held.unit not in ("text", "flag", "code") else held.raw
    if isinstance(held, Table):
        return f"{len(held):,} rows"
    return "words" if held.kind == "words" else "layout"


def _row(book: Book, id: str, held: Held) -> list[Cell]:
    link = Link(id, reverse("rulebook-subject", args=[book.place.id, id]))
    status = status_tag(_status(held))
    return [link, first_sentence(held.meaning), _value(held), status, _source(held), _path(held)]


def _rows_table(held: Table) -> tables.Table:
    columns = [tables.text(name) for name in held.columns]
    rows = [[row[name] for name in held.columns] for row in held.rows]
    return tables.table("rows", f"Rows of {held.id}", columns, rows)
