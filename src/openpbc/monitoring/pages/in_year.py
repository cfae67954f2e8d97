"""The position in the year: of the whole place, of a group and of a practice."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import to_date
from openpbc.monitoring.pages.in_year_links import group_link, links
from openpbc.monitoring.pages.in_year_tables import (
    differences_table,
    held_table,
    position_table,
    tasks_table,
    whereabouts_table,
)
from openpbc.monitoring.pages.months import behind, moment, month_href
from openpbc.monitoring.pages.sight import sees_practices
from openpbc.monitoring.reads import Holder, InYear, InYearRow
from openpbc.monitoring.reads.funds import LEDGER
from openpbc.monitoring.reads.holders import GROUP, HELD, PCT, PRACTICE
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell, Figure, Link, Style
from openpbc.ui.pages import Crumb, Held, Page, respond

RESTS_ON = ("monitoring.urgent_care_alert", "monitoring.risk_pool_rules")
CUT_WORDS = {"group": "group", "line": "service line", "practice": "practice"}


def whole(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """The whole commissioner; ``?by=`` cuts it by group or by service line."""
    book, asked = organisations.book(place), Month.parse(month)
    found = reads.in_year(place, asked, Holder(PCT), request.GET.get("by", ""))
    return respond(request, _page(request, book, found, group_link(request, book, asked)))


def group(request: HttpRequest, place: str, unit: str, month: str) -> HttpResponse:
    """One group by service line, or by practice for those who may see practices beside each other."""
    book, asked = organisations.book(place), Month.parse(month)
    own = unit_of(place, unit)
    by = request.GET.get("by", "") if sees_practices(request, place, unit) else ""
    found = reads.in_year(place, asked, Holder(GROUP, own.budget_line), by)
    return respond(request, _page(request, book, found, practice_link(request, book, asked)))


def practice(request: HttpRequest, place: str, practice: str, month: str) -> HttpResponse:
    """One practice by service line."""
    book, asked = organisations.book(place), Month.parse(month)
    if practice not in {each.code for each in organisations.practices(place)}:
        raise Http404("There is no such practice.")
    found = reads.in_year(place, asked, Holder(PRACTICE, practice))
    return respond(request, _page(request, book, found, practice_link(request, book, asked)))


def unit_of(place: str, unit: str) -> organisations.Unit:
    """Find a unit that a budget line carries."""
    found = next((each for each in organisations.units(place) if each.code == unit and each.budget_line), None)
    if found is None:
        raise Http404("There is no such unit with a budget.")
    return found


def practice_link(request: HttpRequest, book: Book, month: Month) -> Callable[[InYearRow], Cell]:
    """Link a practice's row to its own position, for those who may see it."""

    def linked(row: InYearRow) -> Cell:
        if row.holder.kind != PRACTICE or row.line != "all":
            return row.name
        there = {"place": book.place.id, "practice": row.holder.code, "month": str(month)}
        may = request.may("monitoring:practice-position", **there)
        return Link(row.name, reverse("monitoring:practice-position", kwargs=there)) if may else row.name

    return linked


def _page(request: HttpRequest, book: Book, found: InYear, named: Callable[[InYearRow], Cell]) -> Page:
    place, month = book.place.id, found.month
    shown = [position_table(book, found, named)]
    if found.by in ("group", "practice"):
        lines = reads.in_year(place, month, found.holder, "line", found)
        shown.append(position_table(book, lines))
    unit = found.holder.code if found.holder.kind == GROUP else ""
    own = found.holder.kind in (PCT, GROUP)
    agreed = reads.tasks(place, unit=unit or None, until=month) if own else ()
    if agreed:
        shown.append(tasks_table(book, found, agreed, request.may))
    if found.holder.kind in (PCT, GROUP):
        shown.append(held_table(book, found))
    if found.holder.kind == PCT and found.funds.source == LEDGER:
        shown.append(whereabouts_table(book))
    differences = reads.lock_differences(place, month) if found.holder.kind == PCT else ()
    if differences:
        shown.append(differences_table(found, differences))
    events = reads.period_events(place, month)
    return Page(
        template="monitoring/position.jinja",
        title=f"Budget position of {found.name[:1].lower() + found.name[1:]}, {month.name}"
        if found.holder.kind == PCT
        else f"{found.name}, budget position, {month.name}",
        book=book,
        trail=(Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),),
        tables=tuple(shown),
        facts=facts(found),
        draft=found.funds.source == "draft",
        rests_on=rests_on(book),
        context={
            "position": found,
            "lead": lead(found),
            "cuts": _cuts(request, found),
            "months": [each.month for each in reads.months(place)],
            "period": reads.period(place, str(book.place.year)),
            "events": events,
            "moment": moment,
            "activity_href": month_href(book, month),
            "notes": said(book, found),
            "links": links(request, book, found),
        },
    )


def said(book: Book, found: InYear) -> list[tuple[str, reads.NoteFound]]:
    """What the owners of the lines say, each with the line that it is about."""
    titles = {line.code: line.title for line in found.found.lines} | {"all": "All service lines"}
    units = [found.holder.code] if found.holder.kind == GROUP else ["", *sorted(found.found.holders.groups)]
    if found.holder.kind == PRACTICE:
        units = [found.found.holders.unit_of[found.holder.code]]
    names = {"": found.found.holders.name(Holder(PCT)), **found.found.holders.groups}
    told = []
    for unit in units:
        whose = f"{names[unit]}, " if len(units) > 1 else ""
        told += [(f"{whose}{titles[each.service_line]}", each) for each in reads.notes(found.place, found.month, unit)]
    return told


def _cuts(request: HttpRequest, found: InYear) -> list[tuple[str, str]]:
    if found.holder.kind == PCT:
        return [(key, CUT_WORDS[key]) for key in ("group", "line")]
    if found.holder.kind == GROUP and sees_practices(request, found.place, found.holder.code):
        return [(key, CUT_WORDS[key]) for key in ("line", "practice")]
    return []


def rests_on(book: Book) -> tuple[Held, ...]:
    """The rulebook's values on which a position stands."""
    tables = (book.table("monitoring.service_lines"), book.table("monitoring.service_line_pods"))
    return (*behind(book), *tables, *(book.value(id) for id in RESTS_ON))


def facts(found: InYear) -> tuple[tuple[str, str], ...]:
    """As at, locked or open, and what the budgets are, for the foot of the page and the head of downloads."""
    last, basis = found.month.last, found.found.basis
    runs = ", ".join(run for _, run in basis.runs.runs[-1:]) or "none"
    locked = "locked" if basis.last_entry is not None else "open"
    return (
        ("As at", f"{last.day} {last:%B %Y}"),
        ("Position", f"{found.month.name} is {locked}"),
        ("Budgets", found.funds.sentence),
        ("Last run", runs),
    )


def lead(found: InYear) -> str:
    """The position in a sentence, and a second one where money is in no difference."""
    return " ".join((_compared(found), *_not_compared(found)))


def _compared(found: InYear) -> str:
    figures = found.total.figures
    actual, gap, outlook = (figures[name].value for name in ("actual-to-date", "variance", "outlook"))
    if actual is None:
        return f"No figure is known for {to_date(found.month)} yet."
    told = f"{to_date(found.month)}: {_pounds(actual)} used"
    if gap is None:
        return f"{told}. There is no budget by service line to compare it with."
    way = "more than" if gap > 0 else "less than" if gap < 0 else "exactly"
    size = f"{_pounds(abs(gap))} " if gap else ""
    told = f"{told}, {size}{way} the budget of the same months"
    if outlook is None:
        return f"{told}."
    end = f"{_pounds(abs(outlook))} {'over' if outlook > 0 else 'under'} budget" if outlook else "on budget"
    return f"{told}. The year is forecast to end {end}."


def _not_compared(found: InYear) -> tuple[str, ...]:
    """Say that money held above the groups has no actual to compare it with."""
    if found.holder.kind != PCT or found.total.figures["variance"].value is None:
        return ()
    held = Holder(HELD)
    values, name = found.reckoning.values(held), found.found.holders.name(held)
    if not values["budget"] or values["variance"] is not None:
        return ()
    return (f"Money {name[:1].lower()}{name[1:]} is not compared.",)


def _pounds(pence: int) -> str:
    return Figure(pence, Style.POUNDS).text
