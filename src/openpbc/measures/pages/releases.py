"""The register of releases: which version of which month was shown, when, by whom, and under which rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import reads as activity
from openpbc.kernel.periods import moment_cell
from openpbc.measures import reads
from openpbc.organisations import reads as organisations
from openpbc.rulebook.disclosure import AUDIENCES, PROFILES
from openpbc.ui import tables
from openpbc.ui.figures import Cell
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.warehouse import runs


def releases(request: HttpRequest, place: str) -> HttpResponse:
    """Every release of a month's measures, newest first."""
    book = organisations.book(place)
    columns = [tables.text(title) for title in ("Month", "Version", "Released", "By")]
    columns += [tables.code(title) for title in ("Run", "Of the month's run", "Rulebook")]
    rows: list[list[Cell]] = [
        [
            one.month.name,
            f"{one.number}",
            moment_cell(timezone.localtime(one.at)),
            one.by,
            one.run_id,
            one.source_run,
            str(runs.read(activity.store(), one.run_id).manifest["book"]["hash"])[:12],
        ]
        for one in sorted(reads.releases(place), key=lambda each: each.at, reverse=True)
    ]
    shown = tables.table("releases", "Releases", columns, rows, cards=True, empty="No month is measured yet.")
    page = Page(
        template="measures/releases.jinja",
        title="Releases of measures",
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(shown,),
        rests_on=(book.table(PROFILES), book.table(AUDIENCES)),
        synthetic=activity.is_synthetic(book),
    )
    return respond(request, page)
