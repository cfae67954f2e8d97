"""The months of the year, and one month: plan against actual, budgets, what became of every row, and the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity.reads import FALLBACK
from openpbc.kernel.periods import Month, moment_cell
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import (
    BY_WORDS,
    conservation_tables,
    month_chart,
    position_tables,
)
from openpbc.monitoring.pages.in_year_links import group_link, position_href
from openpbc.monitoring.pages.in_year_tables import position_table
from openpbc.monitoring.pages.sight import sees_practices
from openpbc.monitoring.reads import PositionRow
from openpbc.monitoring.reads.addresses import UNSTATED
from openpbc.monitoring.reads.kept import kept_address
from openpbc.monitoring.reads.progress import MonthProgress
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.pages import Crumb, Held, Page, respond
from openpbc.ui.tables import Table

STATES = {"open": Tag("open", "grey"), "closed": Tag("closed", "green"), "reopened": Tag("reopened", "orange")}
BY_UNIT = "unit"


def months(request: HttpRequest, place: str) -> HttpResponse:
    """The twelve months of the place's year: what is due, what came, what waits, and which are closed."""
    book = open_book(place)
    listed = reads.progress(book, timezone.now())
    sees = request.may("monitoring:files", place=place, month=str(listed[0].month))
    page = Page(
        template="monitoring/months.jinja",
        title="Months",
        book=book,
        tables=(months_table(book, listed, files=sees),),
        rests_on=(*behind(book), book.table("submissions.calendar"), book.value("submissions.cut_off")),
        context={
            "work": [(each, what) for each in listed for what in _work(each)],
            "fallback": any(each.log.dates.basis == FALLBACK for each in listed),
            "sees": sees,
        },
    )
    return respond(request, page)


def _work(found: MonthProgress) -> Iterator[tuple[str, str]]:
    """What waits for somebody in a month, each with the page on which to do it; the next two months to come count."""
    if found.log.waiting:
        told = "1 file waits" if found.log.waiting == 1 else f"{found.log.waiting} files wait"
        yield "files", f"{told} for a decision, having come after the freeze"
    if found.overdue and any(slot.files for slot in found.log.slots):
        yield "files", f"{len(found.overdue)} data sets have not come though flex is over"
    if found.untaken:
        yield "reopen-month", untaken(found)
    if found.state.state == "reopened":
        yield "close-month", "reopened: close it again"
    elif found.to_close and not found.state.published:
        yield "close-month", f"{found.to_close} is over: close it"


def untaken(found: MonthProgress) -> str:
    """Say that files which count now are not in the published figures."""
    number = len(found.untaken)
    told = "1 file that counts now is" if number == 1 else f"{number} files that count now are"
    return f"{told} not in the published figures, which change when the month is reopened"


def months_table(book: Book, listed: tuple[MonthProgress, ...], *, files: bool) -> Table:
    """One row a month."""
    rows: list[list[Cell]] = []
    for each in listed:
        state, log = each.state, each.log
        there = reverse("monitoring:files", kwargs={"place": book.place.id, "month": str(each.month)})
        came = f"{log.came} of {log.due}"
        rows.append(
            [
                Link(each.month.name, month_href(book, each.month)) if state.published else each.month.name,
                STATES[state.state],
                f"{state.point}, {moment(state.since)}" if state.point else moment(state.since),
                _day(log.dates.flex),
                _day(log.dates.freeze),
                Link(came, there) if files else came,
                Figure(len(each.overdue)),
                Figure(log.waiting),
                Link(f"Position, {each.month.name}", position_href(book, each.month)),
            ]
        )
    columns = [tables.text(title) for title in ("Month", "State", "Closed", "Flex ends", "Freeze ends", "Data sets in")]
    columns += [tables.number("Overdue"), tables.number("Wait"), tables.text("Budgets")]
    return tables.table("months", f"Months of {book.place.year.label}", columns, rows, cards=True)


def _day(day: date | None) -> Cell:
    return f"{day:%-d %b %Y}" if day else Missing(why="The rulebook sets no date.")


def moment(value: Any) -> str:
    """A point of time as people write it."""
    return moment_cell(timezone.localtime(value)) if value else ""


def month_href(book: Book, month: Month) -> str:
    """The page of a month."""
    return reverse("monitoring:month", kwargs={"place": book.place.id, "month": str(month)})


def month(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """One month; ``?by=`` cuts it by unit, provider, point of delivery or practice."""
    book, asked = open_book(place), Month.parse(month)
    cuts = [key for key in BY_WORDS if key != "practice" or sees_practices(request, place)]
    by = request.GET.get("by", BY_UNIT) if request.GET.get("by") in cuts else BY_UNIT
    found = reads.position(place, asked, by)
    by_month = reads.position(place, asked, "month")
    closed, history = bool(found.run_id), reads.history(place, asked)
    kept = reads.conservation(place, asked) if closed else None
    kept_tables = () if kept is None else conservation_tables(kept, lambda *at: kept_address(place, asked, *at))
    shown = (
        *position_tables(book, found, linking(request, book, found.by, asked)),
        position_table(book, reads.in_year(place, asked), group_link(request, book, asked), "budgets"),
        *position_tables(book, by_month),
        *kept_tables,
    )
    page = Page(
        template="monitoring/month.jinja",
        title=asked.name,
        book=book,
        trail=(Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),),
        tables=shown,
        charts=month_chart(by_month),
        facts=month_facts(place, asked, found.run_id),
        rests_on=behind(book),
        context={
            "position": found,
            "kept": kept,
            "cuts": [(key, book.word(BY_WORDS[key])) for key in cuts],
            "history": history,
            "points": sorted({each.point for each in history if each.state == "closed" and each.point}),
            "state": next((each.state for each in reads.months(place) if each.month == asked), ""),
            "moment": moment,
            "run": run_rows(place, asked) if closed else (),
            "position_href": position_href(book, asked),
        },
    )
    return respond(request, page)


def linking(request: HttpRequest, book: Book, by: str, month: Month) -> Callable[[PositionRow], Cell]:
    """Give the function that links a row's name to its own page of the same month, for those who may see it."""

    def linked(row: PositionRow) -> Cell:
        about = {"place": book.place.id, by: row.code}
        may = by in ("unit", "practice") and request.may(f"monitoring:{by}", **about)
        return row_link(book, by, row, month) if may else _plain_name(row)

    return linked


def _plain_name(row: PositionRow) -> str:
    return "Not stated" if row.name == UNSTATED else row.name


def row_link(book: Book, by: str, row: PositionRow, month: Month) -> Cell:
    """Units and practices have pages of their own; other rows are plain names."""
    if by not in ("unit", "practice") or not row.name or row.name == row.code:
        return _plain_name(row)
    there = reverse(f"monitoring:{by}", kwargs={"place": book.place.id, by: row.code})
    return Link(row.name, f"{there}?month={month}")


def month_facts(place: str, month: Month, run_id: str) -> tuple[tuple[str, str], ...]:
    """As at, state and run, for the foot of the page and the head of downloads."""
    state = next((each for each in reads.months(place) if each.month == month), None)
    told = f"{state.state} since {moment(state.since)}" if state and state.since else "open"
    last = month.last
    return (
        ("As at", f"{last.day} {last:%B %Y}"),
        ("State", f"{month.name} is {told}"),
        ("Run", run_id or "none: the month is not closed"),
    )


def run_rows(place: str, month: Month) -> tuple[tuple[str, str], ...]:
    """What the manifest of the month's run says it was made with."""
    manifest: Mapping[str, Any] = reads.manifest(place, month)
    wanted = (("run_id", "Run"), ("book", "Rulebook"), ("code", "Code"), ("engine", "Engine"))
    told = [(words, _plain(manifest[key])) for key, words in wanted if key in manifest]
    counted = (("Files received", "inputs"), ("Local codes mapped", "local_codes"))
    return (*told, *((words, f"{len(manifest.get(key, ()))}") for words, key in counted))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{key.replace('_', ' ')} {_plain(inner)}" for key, inner in value.items() if inner is not None
        )
    return str(value)


def behind(book: Book) -> tuple[Held, ...]:
    """The rulebook's tables by which activity is attributed and priced."""
    tariffs = ("payment.tariff_apc", "payment.tariff_op", "payment.tariff_ae")
    return (*(book.table(id) for id in (*tariffs, "organisations.practices")), book.value("payment.mff_payer"))
