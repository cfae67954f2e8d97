"""The monthly pack: position, activity, what became of every row, and decisions, as one paper in one click."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import conservation_tables, month_chart, position_tables
from openpbc.monitoring.pages.in_year import facts as position_facts
from openpbc.monitoring.pages.in_year import lead, rests_on, said
from openpbc.monitoring.pages.in_year_tables import differences_table, held_table, position_table, tasks_table
from openpbc.monitoring.pages.months import BY_UNIT, month_facts, run_rows
from openpbc.monitoring.reads import Holder, InYear, Position
from openpbc.monitoring.reads.holders import PCT
from openpbc.monitoring.reads.kept import kept_address
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Note, PageBreak, Paragraph, Part, Picture
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.pages import Crumb, Page, capital, respond

POD = "pod"


def pack(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """The pack of a month as a page; the same address gives it for Word, as PDF and as a workbook."""
    book, asked = open_book(place), Month.parse(month)
    made = monthly_pack(book, asked)
    there = {"place": place, "month": str(asked)}
    page = Page(
        template="openpbc/document.jinja",
        title=made.title,
        book=book,
        trail=(
            Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),
            Crumb(asked.name, reverse("monitoring:month", kwargs=there)),
        ),
        tables=made.tables,
        charts=made.charts,
        draft=made.draft,
        synthetic=made.synthetic,
        rests_on=rests_on(book),
        document=made,
    )
    return respond(request, page)


def monthly_pack(book: Book, month: Month) -> Document:
    """Gather the pack of a month from what the pages of the month show; what is not held is said."""
    place = book.place.id
    in_year = reads.in_year(place, month, Holder(PCT), "group")
    found = reads.position(place, month, BY_UNIT)
    held = Page("", "", book, facts=_facts(book, month, in_year, found), rests_on=rests_on(book))
    return Document(
        title=f"Monthly pack, {month.name}",
        subtitle=lead(in_year),
        facts=held.all_facts,
        parts=(
            *_money(book, month, in_year),
            *_activity(book, month, found),
            *_kept(book, month, found),
            *_decided(book, month),
            *_left_out(),
            *_made_from(book, month, found),
        ),
        draft=in_year.funds.source == "draft",
        synthetic=held.shows_synthetic,
        landscape=True,
        footer=f"Rulebook {book.hash[:12]}",
    )


def _facts(book: Book, month: Month, in_year: InYear, found: Position) -> tuple[tuple[str, str], ...]:
    """The facts of both pages, each once."""
    both = (*month_facts(book.place.id, month, found.run_id), *position_facts(in_year))
    return tuple(dict(both).items())


def _money(book: Book, month: Month, in_year: InYear) -> tuple[Part, ...]:
    """Where the budgets stand: by group, by service line, what is held apart, and what moved since a lock."""
    place = book.place.id
    lines = reads.in_year(place, month, in_year.holder, "line", in_year)
    shown = [position_table(book, in_year), position_table(book, lines), held_table(book, in_year)]
    moved, agreed = reads.lock_differences(place, month), reads.tasks(place, until=month)
    shown += [differences_table(in_year, moved)] if moved else []
    shown += [tasks_table(book, in_year, agreed, _nobody)] if agreed else []
    told = tuple(f"{about}: {note.text}" for about, note in said(book, in_year))
    noted = (Heading("What those who own the lines say", 2), Bullets(told)) if told else ()
    return (Heading("The money"), *_grids(shown), *noted)


def _nobody(*_route: str, **_about: str) -> bool:
    """On paper nobody may do anything."""
    return False


def _activity(book: Book, month: Month, found: Position) -> tuple[Part, ...]:
    """What hospitals did and charged against the plan: by unit, by kind of care, and month by month."""
    place = book.place.id
    by_month, by_pod = reads.position(place, month, "month"), reads.position(place, month, POD)
    title = Heading(f"Hospital {capital(book.word('activity_plan')).lower()} and actual")
    notes = tuple(Note(each) for each in found.notes)
    return (
        PageBreak(),
        title,
        *notes,
        *(Picture(chart) for chart in month_chart(by_month)),
        *_grids((*position_tables(book, found), *position_tables(book, by_pod), *position_tables(book, by_month))),
    )


def _grids(shown: Iterable[tables.Table]) -> tuple[Grid, ...]:
    return tuple(Grid(each) for each in shown)


def _kept(book: Book, month: Month, found: Position) -> tuple[Part, ...]:
    """Whether every row and every pound is where it should be."""
    title = Heading("Checks: nothing is lost")
    if not found.run_id:
        return (title, Paragraph(f"{month.name} is not closed, so no row of it has been counted."))
    place, kept = book.place.id, reads.conservation(book.place.id, month)
    told = (
        "Every row received is accepted, rejected or excluded, and every pound priced is charged to somebody."
        if kept.holds
        else "Rows or pounds do not add up in this run. The people who run this system must look."
    )
    return (title, Paragraph(told), *_grids(conservation_tables(kept, lambda *at: kept_address(place, month, *at))))


def _decided(book: Book, month: Month) -> tuple[Part, ...]:
    """What the place's bodies decided up to the end of the month."""
    names = governance.bodies(book)
    listed = [each for each in governance.decisions(book.place.id) if each.taken_on <= month.last]
    columns = [tables.text(title) for title in ("Taken on", "Body", "Minute", "What", "Outcome")]
    rows: list[list[Cell]] = [
        [_day(each), names.get(each.body, each.body), each.minute, each.title or each.matter, _outcome(each)]
        for each in listed
    ]
    caption = f"Recorded up to the end of {month.name}"
    shown = tables.table("decisions", caption, columns, rows, empty="No decision is recorded.")
    return (Heading("Decisions"), Grid(shown))


def _day(decision: Decision) -> str:
    return decision.when.name


def _outcome(decision: Decision) -> Tag:
    words = decision.outcome if decision.stands else f"{decision.outcome}, no longer stands"
    return Tag(f"{words} (SYNTHETIC)" if decision.synthetic else words)


def _left_out() -> tuple[Part, ...]:
    items = ("statistical process control of the year's measures", "an extract of declared interests")
    return (Heading("Not in this pack"), Paragraph("This site does not hold these yet:"), Bullets(items))


def _made_from(book: Book, month: Month, found: Position) -> tuple[Part, ...]:
    """The run behind the month's figures."""
    rows = [list(pair) for pair in run_rows(book.place.id, month)] if found.run_id else []
    columns = [tables.text("What"), tables.text("Which")]
    shown = tables.table("run", "How the month was run", columns, rows, empty=f"{month.name} is not closed.")
    return (Heading("Where the figures come from"), Grid(shown))
