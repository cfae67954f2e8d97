"""Where finance enters what no record of care tells: one amount by a form, or many by a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import actions, reads
from openpbc.monitoring.pages.entry_tables import entries_table, upload_table, uploads_table
from openpbc.monitoring.pages.in_year_links import position_href
from openpbc.monitoring.reads.entered import ACTUAL, KINDS, Entered
from openpbc.monitoring.rules.entry_file import COLUMNS, mend_file
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui.exports import CSV_TYPE
from openpbc.ui.forms import (
    HIDDEN,
    INCOMPLETE,
    Field,
    Form,
    choice,
    pounds_and_pence,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Page, attachment, capital, respond
from openpbc.ui.paging import pager
from openpbc.ui.writing import Checked, Writing, write

TEMPLATE_FILE = "monitoring/upload.jinja"
MEND = "mend.csv"
KIND_WORDS = tuple((kind, words_.split(":")[0]) for kind, words_ in KINDS.items())


def entries(request: HttpRequest, place: str) -> HttpResponse:
    """Every entry of the year and of the year before, newest first, and the files that were sent."""
    book = organisations.book(place)
    listed = reads.entries(place, [str(each) for each in (*book.place.year.previous.months, *book.place.year.months)])
    page = Page(
        template="monitoring/entries.jinja",
        title="Entered actuals",
        book=book,
        trail=(_months(book),),
        tables=(
            entries_table(book, listed, correcting=request.may("monitoring:correct", place=place)),
            uploads_table(book, reads.uploads(place)),
        ),
        synthetic=any("SYNTHETIC" in each.source for each in listed),
        context={"pages": pager(request.GET, len(listed))},
    )
    return respond(request, page)


def _months(book: Book) -> Crumb:
    return Crumb("Months", reverse("monitoring:months", kwargs={"place": book.place.id}))


def _listing(book: Book) -> tuple[Crumb, ...]:
    return (_months(book), Crumb("Entered actuals", reverse("monitoring:entries", kwargs={"place": book.place.id})))


def entry_form(book: Book) -> Form:
    """The fields of one entry."""
    groups = reads.holders(book).groups
    whose = (("-", f"The {book.word('commissioner_short')} itself"), *groups.items())
    lines = tuple((line.code, line.title) for line in reads.service_lines(book))
    year = book.place.year
    months = tuple((str(each), each.name) for each in (*year.months, *year.previous.months))
    fields = (
        choice("month", "Month", months, "Choose the month."),
        choice("unit", capital(book.word("group")), whose, "Choose whose money it is."),
        Field(
            "practice",
            capital(book.word("practice")),
            words,
            hint="Code of the practice; empty for the whole group",
            width="10",
        ),
        choice("service_line", "Service line", lines, "Choose the service line."),
        choice("kind", "Kind", KIND_WORDS, "Choose the kind.", "An accrual goes back by itself next month"),
        Field("amount", "Amount", pounds_and_pence, prefix="£", required="Give the amount.", width="10"),
        _source_field(),
    )
    return Form(fields)


def _source_field() -> Field:
    return Field(
        "source",
        "Source",
        words,
        hint="Where the amount comes from, such as a statement and its date",
        required="Say where the amount comes from.",
        width="20",
        longest=300,
    )


def enter(request: HttpRequest, place: str) -> HttpResponse:
    """Enter one amount; ``?month=&unit=&service_line=`` fills in what it is for."""
    book = organisations.book(place)

    def act(values: Mapping[str, Any]) -> str:
        actions.enter(by=request.viewer.actor, place=place, **_facts(values))
        return position_href(book, _shown_month(book, Month.parse(values["month"])))

    writing = Writing(
        title="Enter an amount",
        form=entry_form(book),
        submit="Enter",
        act=act,
        check=lambda values: _checked(book, values),
        book=book,
        trail=_listing(book),
        lead="For what no record of care tells: prescribing, community services, mental health; and for accruals.",
        first={"kind": ACTUAL},
    )
    return write(request, writing)


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "month": Month.parse(values["month"]),
        "unit": "" if values["unit"] == "-" else values["unit"],
        "practice": values.get("practice", ""),
        "service_line": values["service_line"],
        "kind": values["kind"],
        "pence": values["amount"],
        "source": values["source"],
    }


def _shown_month(book: Book, month: Month) -> Month:
    """Last year's months are seen beside the same month of this year."""
    return month if month.year_of == book.place.year else book.place.year.months[month.number - 1]


def _checked(book: Book, values: Mapping[str, Any]) -> Checked:
    facts = _facts(values)
    reads.check_amount(book, reads.holders(book), reads.Amount(**facts))
    groups, month = reads.holders(book).groups, facts["month"]
    whose = facts["practice"] or groups.get(facts["unit"], f"The {book.word('commissioner_short')} itself")
    back = f"It goes back by itself in {month.next().name}." if facts["kind"] == "accrual" else ""
    return Checked(
        rows=(
            ("Month", month.name),
            ("Whose", whose),
            ("Service line", reads.service_line(book, facts["service_line"]).title),
            ("Kind", dict(KIND_WORDS)[facts["kind"]]),
            ("Amount", pounds(facts["pence"])),
            ("Source", facts["source"]),
        ),
        consequences=tuple(
            text for text in ("The entry is kept for good; a mistake is corrected by a further entry.", back) if text
        ),
    )


def correct(request: HttpRequest, place: str, entry: int) -> HttpResponse:
    """Correct what a cell comes to; the first entry stays, a further one holds the difference."""
    book = organisations.book(place)
    cell = reads.cell_of(place, entry)
    if not cell:
        raise Http404("There is no such entry.")
    first = cell[0]
    line = reads.service_line(book, first.service_line)
    now = sum(each.pence for each in cell)

    def act(values: Mapping[str, Any]) -> str:
        actions.correct_entry(
            by=request.viewer.actor,
            place=place,
            month=Month.parse(first.month),
            unit=first.unit,
            practice=first.practice,
            service_line=first.service_line,
            kind=first.kind,
            pence=values["amount"],
            source=values["source"],
            seen=values["seen"],
        )
        return reverse("monitoring:entries", kwargs={"place": place})

    fields = (
        Field("amount", "Right amount", pounds_and_pence, prefix="£", required="Give the right amount.", width="10"),
        _source_field(),
        Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )
    writing = Writing(
        title=f"Correct {line.title.lower()} of {Month.parse(first.month).name}",
        form=Form(fields),
        submit="Correct",
        act=act,
        check=lambda values: _correction(first, now, values),
        book=book,
        trail=_listing(book),
        lead=f"{_whose(book, first)} has {pounds(now)} now: {cell[-1].source}, entered by {cell[-1].by}.",
        first={"seen": str(len(cell))},
    )
    return write(request, writing)


def _whose(book: Book, row: Entered) -> str:
    return row.practice or reads.holders(book).groups.get(row.unit, book.word("commissioner_short"))


def _correction(first: Entered, now: int, values: Mapping[str, Any]) -> Checked:
    rows = (("Now", pounds(now)), ("Corrected to", pounds(values["amount"])), ("Source", values["source"]))
    return Checked(rows, ("A further entry holds the difference. The earlier one stays, and both can be seen.",))


def upload(request: HttpRequest, place: str) -> HttpResponse:
    """Send a file of entries; it is checked row by row, and nothing is entered yet."""
    book = organisations.book(place)
    if request.method != "POST":
        return _upload_page(request, book, "", 200)
    sent = request.FILES.get("file")
    if sent is None:
        return _upload_page(request, book, "Choose the file to send.", 422)
    try:
        made = actions.upload_entries(
            by=request.viewer.actor, place=place, file_name=str(sent.name), content=sent.read()
        )
    except UserError as problem:
        return _upload_page(request, book, problem.sentence, getattr(problem, "status", 422))
    return HttpResponseRedirect(reverse("monitoring:uploaded", kwargs={"place": place, "number": made.number}))


def _upload_page(request: HttpRequest, book: Book, error: str, status: int) -> HttpResponse:
    lines = reads.service_lines(book)
    context = {"error": error, "columns": COLUMNS, "lines": lines, "kinds": KINDS, "groups": reads.holders(book).groups}
    page = Page(TEMPLATE_FILE, "Send a file of entries", book, trail=_listing(book), context=context, status=status)
    return respond(request, page)


def uploaded(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """A file as it was checked: its rows with what is wrong, to be sent back; or the button that enters them all."""
    book, found = organisations.book(place), reads.upload(place, number)
    if request.GET.get("download") == MEND:
        return attachment(mend_file(found.rows), CSV_TYPE, f"{place}_entries_{number}_to_mend.csv")
    error, status = "", 200
    if request.method == "POST":
        try:
            actions.enter_upload(by=request.viewer.actor, place=place, number=number)
        except UserError as problem:
            error, status = problem.sentence, getattr(problem, "status", 422)
        else:
            return HttpResponseRedirect(reverse("monitoring:entries", kwargs={"place": place}))
    page = Page(
        template="monitoring/uploaded.jinja",
        title=f"File {found.file_name}",
        book=book,
        trail=_listing(book),
        tables=(upload_table(found),),
        context={"upload": found, "error": error},
        status=status,
    )
    return respond(request, page)
