"""Questions about shifts in counting and coding, and the form that answers one with a reason in the case mix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import reads as activity
from openpbc.kernel.periods import Month
from openpbc.measures import actions
from openpbc.measures.reads import measured_months, names
from openpbc.measures.reads import shifts as reads
from openpbc.measures.reads.shifts import Shift
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style, Tag
from openpbc.ui.forms import Field, Form, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

TITLE = "Shifts in coding"


def shifts(request: HttpRequest, place: str) -> HttpResponse:
    """The questions of ``?month=``, or of the last measured month."""
    book = organisations.book(place)
    months = [each.month for each in measured_months(place)]
    asked = request.GET.get("month", "")
    month = next((each for each in months if str(each) == asked), months[-1] if months else None)
    found = reads.shifts(book, month) if month else ()
    page = Page(
        template="measures/shifts.jinja",
        title=TITLE,
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(_table(request, book, month, found),),
        facts=(("As at", month.name if month else "no month is measured"),),
        rests_on=(book.value("measures.shift_rise"), book.value("measures.shift_fewest")),
        synthetic=activity.is_synthetic(book),
        context={
            "months": months,
            "month": month,
            "open": sum(not each.reason for each in found),
            "law": reads.shift_law(book),
            "rise": Figure(reads.shift_law(book).rise_ppm, Style.PERCENT, places=0).text,
        },
    )
    return respond(request, page)


def _table(request: HttpRequest, book: Book, month: Month | None, found: tuple[Shift, ...]) -> Table:
    titles, place = names(book, "provider"), book.place.id
    columns = [
        tables.text("Provider"),
        tables.text("Resource group"),
        tables.number("Now"),
        tables.number("Expected"),
        tables.number("Rise", additive=False),
        tables.number("Cost of the rise", "£"),
        tables.text("Compared with"),
        tables.text("State"),
    ]
    rows: list[list[Cell]] = []
    for each in found if month else ():
        at = {figure: reads.shift_address(place, month, each, figure) for figure in reads.FIGURES} if month else {}
        rise = each.counts.rise
        rows.append([
            titles.get(each.provider, each.provider),
            each.hrg,
            Figure(each.counts.count, Style.COUNT, at["now"]),
            Figure(each.expected, Style.COUNT, at["expected"]),
            None if rise is None else Figure(_ppm(each), Style.PERCENT, at["rise"], places=1, signed=True),
            Figure(each.pence, Style.POUNDS, at["pence"]),
            each.base_words,
            _state(request, book, month, each),
        ])  # fmt: skip
    caption = f"Questions of {month.name}" if month else "Questions"
    empty = "No resource group is coded more often than growth and chance explain."
    return tables.table("shifts", caption, columns, rows, cards=True, empty=empty)


def _ppm(each: Shift) -> int:
    return reads.millionths(each.counts.rise) if each.counts.rise is not None else 0


def _state(request: HttpRequest, book: Book, month: Month | None, each: Shift) -> Cell:
    if each.reason:
        return f"case mix: {each.reason}"
    about = {"place": book.place.id, "month": str(month), "provider": each.provider, "hrg": each.hrg}
    if not request.may("measures:answer-shift", **about):
        return Tag("question", "orange")
    return Link("question: answer it", reverse("measures:answer-shift", kwargs=about))


def answer(request: HttpRequest, place: str, month: str, provider: str, hrg: str) -> HttpResponse:
    """Answer a question with the reason in the case mix."""
    book, asked = organisations.book(place), Month.parse(month)
    found = next((e for e in reads.shifts(book, asked) if (e.provider, e.hrg) == (provider, hrg)), None)
    if found is None:
        raise Http404("There is no such question.")
    back = f"{reverse('measures:shifts', kwargs={'place': place})}?month={month}"

    def act(values: Mapping[str, Any]) -> str:
        actions.answer_shift(
            by=request.viewer.actor, place=place, month=asked, provider=provider, hrg=hrg, reason=values["reason"]
        )
        return back

    reason = Field("reason", "Reason in the case mix", words, required="Give the reason.", width="20", longest=300)
    writing = Writing(
        title=f"{hrg} at {provider}, {asked.name}",
        form=Form((reason,)),
        submit="Answer",
        act=act,
        check=lambda values: Checked(
            (("Reason", values["reason"]),), ("It is kept for good, with your name, and the question is closed.",)
        ),
        book=book,
        trail=(Crumb(TITLE, back),),
        lead=f"{found.counts.count:,} records, where {found.expected:,} were expected from {found.base_words}.",
    )
    return write(request, writing)
