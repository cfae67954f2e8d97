"""A group's information pack: five areas with the day of their last data, and whether packs went out in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month, day_text
from openpbc.monitoring import actions, reads
from openpbc.monitoring.pages.in_year import unit_of
from openpbc.monitoring.pages.months import behind
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing, Tag
from openpbc.ui.forms import Field, Form, day
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

COLOURS = {
    "late": "red",
    "not sent": "grey",
    "month not closed": "grey",
    "sent late": "orange",
    "sent in time": "green",
}
NO_DATA = "No data of this kind is held yet."


def pack(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """The five areas of the pack, with the way into each, and the packs of the year."""
    book, own = organisations.book(place), unit_of(place, unit)
    states = reads.pack_states(book, own.budget_line, organisations.today())
    page = Page(
        template="monitoring/pack.jinja",
        title=f"Information pack of {own.name}",
        book=book,
        trail=(Crumb("Organisations", reverse("organisations:listing", kwargs={"place": place})),),
        tables=(areas_table(book, own), states_table(request, book, own, states)),
        rests_on=(*behind(book), book.value("monitoring.pack_working_day")),
        context={"late": reads.late_packs(states), "sent": sum(each.sent is not None for each in states)},
    )
    return respond(request, page)


def areas_table(book: Book, own: organisations.Unit) -> Table:
    """The five areas, each with its last data or shown as empty."""
    at = {"place": book.place.id, "unit": own.code}
    ways = {
        "budgets": Link("Budget statement", reverse("monitoring:unit-statement", kwargs=at)),
        "activity": Link("Hospital activity", reverse("monitoring:unit", kwargs=at)),
    }
    rows: list[list[Cell]] = [
        [
            area.title,
            f"{area.last.day} {area.last:%B %Y}" if area.last else Missing(why=NO_DATA),
            ways.get(area.code, "Empty") if area.last else "Empty",
        ]
        for area in reads.pack_areas(book)
    ]
    columns = (tables.text("Area"), tables.text("Last data"), tables.text("Where it is"))
    return tables.table("areas", "The five areas", columns, rows, cards=True)


def states_table(
    request: HttpRequest, book: Book, own: organisations.Unit, states: tuple[reads.PackState, ...]
) -> Table:
    """The packs of the months that have ended: due, sent, late."""
    at = {"place": book.place.id, "unit": own.code}
    may = request.may("monitoring:pack-sent", **at)
    rows: list[list[Cell]] = []
    for each in states:
        there = reverse("monitoring:pack-sent", kwargs={**at, "month": str(each.month)})
        record: Cell = Link(f"Record {each.month.name} as sent", there) if may and each.sent is None else ""
        rows.append(
            [
                each.month.name,
                day_text(each.due) if each.due else Missing(why="No interval is set."),
                day_text(each.sent) if each.sent else "",
                Tag(each.state, COLOURS[each.state]),
                record,
            ]
        )
    columns = [tables.text(title) for title in ("Pack of", "Due", "Sent", "State", "Record")]
    return tables.table("packs", "Packs of the year", columns, rows, cards=True)


def sent(request: HttpRequest, place: str, unit: str, month: str) -> HttpResponse:
    """Record the day on which the pack of a month was sent."""
    book, own, asked = organisations.book(place), unit_of(place, unit), Month.parse(month)
    there = reverse("monitoring:unit-pack", kwargs={"place": place, "unit": unit})

    def act(values: Mapping[str, Any]) -> str:
        actions.send_pack(
            by=request.viewer.actor, place=place, month=asked, unit=own.budget_line, sent_on=values["sent_on"]
        )
        return there

    due = reads.due_day(book, asked)
    writing = Writing(
        title=f"Pack of {own.name}, {asked.name}",
        form=Form((Field("sent_on", "Sent on", day, required="Give the day.", width="10"),)),
        submit="Record",
        act=act,
        book=book,
        trail=(Crumb("Information pack", there),),
        lead=f"Due on {day_text(due)}." if due else "No interval is set.",
    )
    return write(request, writing)
