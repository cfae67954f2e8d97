"""Explain this number: what stands behind a figure, worked out again before the reader's eyes."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.steps import Explanation, Step, recompute
from openpbc.organisations import reads as organisations
from openpbc.site import access, rooms
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Row, Table

OWN_PARAMETERS = ("download", "chart", "page")
_STYLES = {"pence": Style.PENCE, "ppm": Style.PERCENT, "count": Style.COUNT}
_PPM_PLACES = 4


def explain(request: HttpRequest, address: str) -> HttpResponse:
    """Show formula, inputs, rules, sources, files, run and records of one figure to those who may see it."""
    full = address_of(request, address)
    refused = access.refusal(request, access.may_explain(request.viewer, full))
    if refused is not None:
        return refused
    found = rooms.explain(full, request.viewer)
    again = recompute(found)
    page = Page(
        template="site/explain.jinja",
        title="Explain this number",
        book=organisations.book(rooms.place_of(full)),
        tables=(steps_table(found),),
        facts=(("Address", full), *found.evidence),
        context={
            "explanation": found,
            "shown": figure(found.value, found.unit).text,
            "again": figure(again, found.unit).text,
            "same": again == found.value,
            "how": "parts" if found.ratio else "steps",
            "record_count": sum(link.count for link in found.records),
        },
    )
    return respond(request, page)


def address_of(request: HttpRequest, path: str) -> str:
    """Give the figure's address: the path, and the query without what belongs to the page itself."""
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name not in OWN_PARAMETERS]
    return f"{path}?{urlencode(kept)}" if kept else path


def figure(value: int, unit: str, address: str = "") -> Figure:
    """Give a figure in the unit of its explanation."""
    return Figure(value, _STYLES.get(unit, Style.COUNT), address, places=_PPM_PLACES if unit == "ppm" else 2)


def steps_table(found: Explanation) -> Table:
    """The steps with their effects and the sum, or the two parts of a rate."""
    columns = [
        tables.text("Step"),
        tables.number("Effect", "" if found.unit in _STYLES else found.unit),
        tables.text("Worked out from"),
        tables.text("Rule"),
        tables.text("Source"),
    ]
    rows = _ratio_rows(found) if found.ratio else [_step_row(step, found.unit) for step in found.steps]
    total: tuple[Cell, ...] = ("Total", figure(found.value, found.unit), "", "", "")
    return tables.table("steps", "Steps", columns, [*rows, Row(total, total=True)], cards=True)


def _step_row(step: Step, unit: str) -> tuple[Cell, ...]:
    inputs = "; ".join(f"{name} {text}" for name, text in step.inputs)
    return (step.label, figure(step.effect, unit, step.address), inputs, step.rule, str(step.citation or ""))


def _ratio_rows(found: Explanation) -> list[tuple[Cell, ...]]:
    if found.ratio is None:
        return []
    rows: list[tuple[Cell, ...]] = [
        ("Part", Figure(found.ratio.part), "", "", ""),
        ("Whole", Figure(found.ratio.whole), "", "", ""),
    ]
    if found.ratio.less_ppm:
        rows.append(("Less", Figure(found.ratio.less_ppm, Style.PERCENT), "", "", ""))
    return rows


def page_of(address: str) -> str:
    """Give the page that explains an address."""
    return reverse("explain", args=[address])
