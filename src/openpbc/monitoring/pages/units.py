"""How a commissioning unit or a practice stands: budget, activity by provider, point of delivery and month."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import month_chart, position_tables
from openpbc.monitoring.pages.group_functions import functions_list, functions_table
from openpbc.monitoring.pages.in_year_tables import position_table
from openpbc.monitoring.pages.months import behind, linking, month_facts
from openpbc.monitoring.pages.sight import sees_practices
from openpbc.monitoring.reads import Holder, InYear, Selection
from openpbc.monitoring.reads.holders import GROUP
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Practice, Unit
from openpbc.rulebook.reader import Book
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table

UNIT_CUTS = ("provider", "pod", "practice")
PRACTICE_CUTS = ("provider", "pod")


def unit(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """A unit's page after a month (``?month=``; the last closed one unless said)."""
    book = organisations.book(place)
    found = next((each for each in organisations.units(place) if each.code == unit), None)
    if found is None:
        raise Http404("There is no such unit.")
    month = asked_month(request, place)
    if month is None:
        return respond(request, _waiting(book, found.name, functions_table(request, book, found, None)))
    cut = Selection(unit=unit)
    cuts = UNIT_CUTS if sees_practices(request, place, unit) else PRACTICE_CUTS
    position = _budget(book, found, month)
    first = (position_table(book, position, id="budgets"),) if position else ()
    shown = (*first, *functions_table(request, book, found, position))
    return respond(request, _page(request, book, found.name, month, cut, cuts, shown))


def _budget(book: Book, found: Unit, month: Month) -> InYear | None:
    """The position of the group that carries the unit's money, by service line; none where no line carries it."""
    return reads.in_year(book.place.id, month, Holder(GROUP, found.budget_line)) if found.budget_line else None


def practice(request: HttpRequest, place: str, practice: str) -> HttpResponse:
    """A practice's page after a month; practices have no activity plan of their own yet, and the page says so."""
    book = organisations.book(place)
    found = next((each for each in organisations.practices(place) if each.code == practice), None)
    if found is None:
        raise Http404("There is no such practice.")
    month = asked_month(request, place)
    if month is None:
        return respond(request, _waiting(book, found.name))
    return respond(request, _page(request, book, found.name, month, Selection(practice=practice), PRACTICE_CUTS, ()))


def asked_month(request: HttpRequest, place: str) -> Month | None:
    """The month that the query names, else the last month with figures, else none."""
    if wanted := request.GET.get("month"):
        return Month.parse(wanted)
    closed = [each.month for each in reads.months(place) if each.published]
    return closed[-1] if closed else None


def _waiting(book: Book, name: str, shown: tuple[Table, ...] = ()) -> Page:
    return Page("monitoring/waiting.jinja", name, book, trail=(_listing(book),), rests_on=behind(book), tables=shown)


def _listing(book: Book) -> Crumb:
    return Crumb("Organisations", reverse("organisations:listing", kwargs={"place": book.place.id}))


def _page(
    request: HttpRequest,
    book: Book,
    name: str,
    month: Month,
    cut: Selection,
    cuts: tuple[str, ...],
    first: tuple[Table, ...],
) -> Page:
    place = book.place.id
    by_month = reads.position(place, month, "month", cut)
    shown = [*first]
    for by in cuts:
        found = reads.position(place, month, by, cut)
        shown.append(position_tables(book, found, linking(request, book, by, month))[1])
    shown += position_tables(book, by_month)
    return Page(
        template="monitoring/unit.jinja",
        title=name,
        book=book,
        trail=(_listing(book),),
        tables=tuple(shown),
        charts=month_chart(by_month),
        facts=month_facts(place, month, by_month.run_id),
        rests_on=(*behind(book), *(functions_list(book) if cut.unit else ())),
        context={
            "position": by_month,
            "month": month,
            "months": [each.month for each in reads.months(place) if each.published],
            "details": _details(book, cut),
            "statement": _statement(book, cut, month),
            "shared": shared_line(book, cut.unit),
            "practice": cut.practice,
            "unit": cut.unit,
        },
    )


def shared_line(book: Book, unit: str) -> str:
    """Say whose budget line carries the money of a unit that has none of its own; empty for every other unit."""
    names = {each.code: each for each in organisations.units(book.place.id)}
    own = names.get(unit)
    if own is None or own.budget_line in ("", own.code):
        return ""
    line = names[own.budget_line].name if own.budget_line in names else own.budget_line
    return (
        f"The budget of {own.name} lies inside the {book.word('budget_line')} of {line}; the figures are of that whole."
    )


def _statement(book: Book, cut: Selection, month: Month) -> str:
    """The address of the budget statement; empty where no budget can be stated."""
    kind, code = ("practice", cut.practice) if cut.practice else ("unit", cut.unit)
    lines = {each.code: each.budget_line for each in organisations.units(book.place.id)}
    own = reads.holders(book).unit_of.get(code, "") if cut.practice else lines.get(code, "")
    if not own:
        return ""
    at = {"place": book.place.id, kind: code}
    return f"{reverse(f'monitoring:{kind}-statement', kwargs=at)}?month={month}"


def _details(book: Book, cut: Selection) -> list[tuple[str, str]]:
    if cut.practice:
        found = next(each for each in organisations.practices(book.place.id) if each.code == cut.practice)
        return _practice_details(book, found)
    unit = next(each for each in organisations.units(book.place.id) if each.code == cut.unit)
    return _unit_details(book, unit)


def _practice_details(book: Book, found: Practice) -> list[tuple[str, str]]:
    names = {each.code: each.name for each in organisations.units(book.place.id)}
    size = "not set" if found.list_size is None else f"{found.list_size:,} people"
    return [("Code", found.code), (book.word("unit"), names.get(found.unit, found.unit)), (book.word("list"), size)]


def _unit_details(book: Book, found: Unit) -> list[tuple[str, str]]:
    members = [each for each in organisations.practices(book.place.id) if each.unit == found.code]
    line = found.budget_line or "not set"
    return [("Code", found.code), (book.word("budget_line"), line), (book.word("practices"), str(len(members)))]
