"""What practice-based commissioning is for, function by function, and what a group has of each now."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import cell
from openpbc.monitoring.reads import InYear
from openpbc.organisations.reads import Unit
from openpbc.redesign.reads import registers
from openpbc.redesign.reads.cases import Case, cases, is_open
from openpbc.redesign.reads.seeing import seen
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table as Listed
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link
from openpbc.ui.tables import Table

FUNCTIONS = "organisations.group_functions"
PATHWAYS, SERVICES, BUDGET, MANAGING = "pathways", "services", "budget", "managing"
_NOTHING = "nothing yet"
_Shown = tuple[int, Cell, Cell]


def functions_list(book: Book) -> tuple[Listed, ...]:
    """The list of functions as what a page rests on; nothing in a place that lists none."""
    listed = book.table(FUNCTIONS)
    return (listed,) if isinstance(listed, Listed) else ()


def functions_table(request: HttpRequest, book: Book, unit: Unit, position: InYear | None) -> tuple[Table, ...]:
    """Each function with the group's current items; no table in a place that lists no functions of its groups."""
    listed = functions_list(book)
    if not listed:
        return ()
    shown = {
        PATHWAYS: _pathways(request, book, unit),
        SERVICES: _services(request, book, unit),
        BUDGET: _budget(request, book, unit, position),
        MANAGING: _managing(request, book, unit, position),
    }
    rows: list[list[Cell]] = []
    for row in listed[0]:
        count, what, way = shown[row["code"]]
        rows.append([row["name"], Figure(count), what, way])
    columns = [
        tables.text("Function"),
        tables.number("Now", "items", additive=False),
        tables.text("What they are"),
        tables.text("More"),
    ]
    return (tables.table("functions", "What the group is for, and what it has now", columns, rows, cards=True),)


def _pathways(request: HttpRequest, book: Book, unit: Unit) -> _Shown:
    """The cases on their way that the group proposed, leads or gave a rank, as far as the reader may see them."""
    place = book.place.id
    own = [each for each in cases(place) if is_open(each) and _of_group(each, unit.code)]
    found = sorted(seen(request.viewer, place, own), key=lambda each: each.number)
    what = "; ".join(f"{each.title} ({each.at.title.lower()})" for each in found)
    return len(found), what or _NOTHING, _way(request, "redesign:cases", "Cases of redesign", place=place)


def _of_group(case: Case, unit: str) -> bool:
    """A case may concern every group of the place; it is a group's own work when the group has done something in it."""
    return unit in (case.lead_group, case.proposed_by) or any(each.unit == unit and each.rank for each in case.groups)


def _services(request: HttpRequest, book: Book, unit: Unit) -> _Shown:
    found = [each for each in registers.services(book) if each.unit == unit.code]
    what = "; ".join(f"{each.specialty} ({each.state})" for each in found)
    way = _way(request, "redesign:services", "Assessment and treatment services", place=book.place.id)
    return len(found), what or _NOTHING, way


def _budget(request: HttpRequest, book: Book, unit: Unit, position: InYear | None) -> _Shown:
    """The service lines that the group's budget line carries in the year."""
    lines = [row for row in position.rows if row.figures["budget"].value] if position else []
    way = _way(request, "finance:plan-of-unit", "Plan of the group", place=book.place.id, unit=unit.code)
    return len(lines), "; ".join(row.name for row in lines) or _NOTHING, way


def _managing(request: HttpRequest, book: Book, unit: Unit, position: InYear | None) -> _Shown:
    """The actions that are open, and how far the budget is from what was used."""
    found = [each for each in reads.tasks(book.place.id, unit=unit.code) if each.is_open]
    if position is None:
        return len(found), _NOTHING, ""
    gap = cell(position.total.figures["variance"], signed=True)
    told = f"{gap.text} against the budget to {position.month.name}" if isinstance(gap, Figure) else gap
    month = str(position.month)
    way = _way(
        request, "monitoring:unit-position", "Position of the group", place=book.place.id, unit=unit.code, month=month
    )
    return len(found), told, way


def _way(request: HttpRequest, route: str, text: str, **kwargs: str) -> Cell:
    """The way to a page, for those who may open it."""
    return Link(text, reverse(route, kwargs=kwargs)) if request.may(route, **kwargs) else ""
