"""The budget statement of a group or a practice: one page that is read in two minutes, on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month, day_text
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import MILLION_POUNDS, THOUSAND_POUNDS, cell, to_date
from openpbc.monitoring.pages.in_year import facts, lead, rests_on, unit_of
from openpbc.monitoring.pages.in_year_links import links
from openpbc.monitoring.pages.units import asked_month, shared_line
from openpbc.monitoring.reads import Holder, Measured, Reason, Statement
from openpbc.monitoring.reads.holders import GROUP, PRACTICE
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import ROLES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Part, Picture, Text
from openpbc.ui.figures import Figure, Missing, Style
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Row, Table

SHORT = (
    ("budget", "What you have for the year"),
    ("compared", "Of which for the months with figures"),
    ("actual-to-date", "What you used in those months"),
    ("variance", "More (+) or less (-) than the budget of those months"),
    ("forecast", "What the year will come to"),
    ("outlook", "More (+) or less (-) than the budget of the year"),
)
# What was used and how far that is from the budget come first: a phone shows two columns.
LINE_COLUMNS = (
    ("actual-to-date", "Used"),
    ("variance", "Difference"),
    ("compared", "Budget"),
    ("outlook", "At year end"),
)
SIGNED = frozenset({"variance", "outlook"})


def group(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """The statement of a group after a month (``?month=``; the last closed one unless said)."""
    own = unit_of(place, unit)
    return _answer(request, place, Holder(GROUP, own.budget_line), unit)


def practice(request: HttpRequest, place: str, practice: str) -> HttpResponse:
    """The statement of a practice; it sees its own only."""
    if practice not in reads.holders(organisations.book(place)).unit_of:
        raise Http404("There is no such practice with a budget.")
    return _answer(request, place, Holder(PRACTICE, practice))


def _answer(request: HttpRequest, place: str, holder: Holder, unit: str = "") -> HttpResponse:
    book = organisations.book(place)
    month = asked_month(request, place) or book.place.year.months[0]
    found = reads.statement(place, month, holder)
    made = paper(book, found)
    shown = (*made.tables, months_table(found))
    page = Page(
        template="monitoring/statement.jinja",
        title=made.title,
        book=book,
        trail=(Crumb(f"Position, {month.name}", _position(book, holder, month)),),
        tables=shown,
        charts=made.charts,
        facts=facts(found.position),
        draft=made.draft,
        rests_on=rests_on(book),
        document=made,
        context={
            "months": [each.month for each in reads.months(place) if each.published],
            "month": month,
            "shared": shared_line(book, unit),
            "links": links(request, book, found.position)[1:],
        },
    )
    return respond(request, page)


def _position(book: Book, holder: Holder, month: Month) -> str:
    name = "unit" if holder.kind == GROUP else "practice"
    at = {"place": book.place.id, name: holder.code, "month": str(month)}
    return reverse(f"monitoring:{name}-position", kwargs=at)


def paper(book: Book, found: Statement) -> Document:
    """The statement as a paper of one page."""
    position = found.position
    held = Page("", "", book, facts=facts(position), rests_on=rests_on(book))
    return Document(
        title=f"Budget statement of {position.name}, {position.month.name}",
        subtitle=lead(position),
        facts=tuple(fact for fact in held.all_facts if fact[0] in ("Place", "As at", "Position")),
        parts=tuple(_parts(book, found)),
        draft=position.funds.source == "draft",
        compact=True,
        synthetic=held.shows_synthetic,
    )


def _parts(book: Book, found: Statement) -> Iterator[Part]:
    yield Grid(short_table(found))
    yield Heading("Why", 1)
    yield Bullets(tuple(_reasons(found)))
    yield Grid(lines_table(found))
    yield from (Picture(chart) for chart in _charts(found))
    yield Heading("Where the budget came from", 1)
    yield Bullets(tuple((_piece(origin.figure, signed=origin.signed), f" {origin.words}.") for origin in found.origins))
    yield Heading("What to do next", 1)
    yield Bullets(tuple(next_steps(found)))


def _piece(measured: Measured, *, signed: bool = False) -> Figure | Missing:
    """A figure among words."""
    if measured.value is None:
        return Missing(why=measured.why)
    style = Style.PERCENT if measured.unit == "ppm" else Style.POUNDS
    return Figure(measured.value, style, measured.address, places=1, signed=signed)


def short_table(found: Statement) -> Table:
    """The whole statement in six figures."""
    figures = found.position.total.figures
    # Where a line has no figures, the forecast is that of the others, and its words say so.
    partly = {"forecast": ", lines with figures only"} if found.position.gaps else {}
    rows = [
        (words + partly.get(measure, ""), cell(figures[measure], signed=measure in SIGNED)) for measure, words in SHORT
    ]
    columns = (tables.text("In short"), tables.number("Amount", "£", additive=False))
    return tables.table("in-short", f"{found.position.name}, {to_date(found.position.month)}", columns, rows)


def lines_table(found: Statement) -> Table:
    """Each service line in four figures."""
    columns = [tables.text("Service line"), *(tables.number(title, "£") for _, title in LINE_COLUMNS)]
    rows = [
        Row((row.name, *(cell(row.figures[measure], signed=measure in SIGNED) for measure, _ in LINE_COLUMNS)))
        for row in (*found.position.rows, found.position.total)
    ]
    rows[-1] = Row(rows[-1].cells, total=True)
    return tables.table("by-line", "By service line, the months with figures", columns, rows)


def _reasons(found: Statement) -> Iterator[Text]:
    for reason in found.reasons:
        yield _reason(reason)
    if not found.reasons:
        yield "No service line has both a budget and an actual yet, so nothing can be compared."
    yield from found.position.gaps


def _reason(reason: Reason) -> Text:
    gap, rate = reason.row.figures["variance"], reason.row.figures["variance-rate"]
    way = "more" if (gap.value or 0) > 0 else "less"
    told: list[str | Figure | Missing] = [f"{reason.row.name} took {way} than its budget: "]
    told += [_piece(gap, signed=True), " (", _piece(rate, signed=True), ")"]
    if reason.part and reason.part_figure is not None:
        told += [f". Furthest from the hospital plan is {reason.part}: ", _piece(reason.part_figure, signed=True)]
    told.append(f". {reason.said}" if reason.said else ".")
    return tuple(told)


def next_steps(found: Statement) -> Iterator[Text]:
    """What is agreed and still open, else what the largest difference asks for."""
    position = found.position
    unit = position.holder.code
    if position.holder.kind == PRACTICE:
        unit = position.found.holders.unit_of[unit]
    agreed = [each for each in reads.tasks(position.place, unit=unit, until=position.month) if each.is_open]
    for each in agreed[:3]:
        yield f"{each.text}: {ROLES[each.role].lower()}, by {day_text(each.due)}."
    over = [reason for reason in found.reasons if (reason.row.figures["variance"].value or 0) > 0]
    if over and not over[0].said:
        yield f"{over[0].row.name} is furthest above its budget, and nobody has said why: ask the group's manager."
    if not agreed and not over:
        yield "Nothing is above its budget and no action is open."
    yield from position.notes[1:]


def months_table(found: Statement) -> Table:
    """Budget, actual and difference to date, month by month: what the chart draws."""
    titles = ("Budget", "Actual", "Difference")
    columns = (tables.text("To the end of"), *(tables.number(title, "£", additive=False) for title in titles))
    rows = [
        (each.month.name, cell(each.budget), cell(each.actual), cell(each.variance, signed=True))
        for each in found.months
    ]
    return tables.table("by-month", "Budget and actual to date", columns, rows)


def _charts(found: Statement) -> tuple[Chart, ...]:
    values = [
        (each.month.name.split(" ")[0][:3], each.variance.value)
        for each in found.months
        if each.variance.value is not None
    ]
    if not values:
        return ()
    words, unit = ("£ thousand", THOUSAND_POUNDS)
    if max(abs(value) for _, value in values) >= MILLION_POUNDS:
        words, unit = ("£ million", MILLION_POUNDS)
    last = found.months[-1]
    way = Figure(last.variance.value or 0, Style.POUNDS, signed=True).text
    return (
        Chart(
            id="to-date",
            title=f"More or less than the budget to date, {words}",
            sentence=f"More (above nought) or less used than the budget to date, after each month; {way} by"
            f" {last.month.name}.",
            table="by-month",
            points=tuple(Point(x, "Difference to date", value / unit) for x, value in values),
            axis=words,
        ),
    )
