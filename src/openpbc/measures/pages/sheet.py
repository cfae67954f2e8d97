"""One measure: what it says, how it is made, providers against their peers, groups, practices, specialties, months."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import reads as activity
from openpbc.measures import reads
from openpbc.measures.pages import pictures, sheet_tables
from openpbc.measures.pages.cells import HIDDEN, entered_cell, rate_text, value_cell
from openpbc.measures.pages.listing import behind, period_facts
from openpbc.measures.pages.sheet_tables import Sight
from openpbc.measures.reads import Period
from openpbc.measures.reads.addresses import Address
from openpbc.measures.reads.small import hidden
from openpbc.measures.rules.declaring import Better, Measure
from openpbc.measures.rules.quartiles import METHODS
from openpbc.organisations import reads as organisations
from openpbc.rulebook.disclosure import PROFILES
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table

PROVIDER = "provider"
CUTS = {PROVIDER: "provider", "unit": "group", "practice": "practice", "tfc": "specialty", "hrg": "resource group"}
INTERVALS = {"wilson": "Wilson's interval of a share", "byar": "Byar's interval of a rate", "": "none is stated"}
DIRECTIONS = {
    Better.LOW: "a low value is better",
    Better.HIGH: "a high value is better",
    Better.UNSETTLED: "not agreed, so nobody is ranked",
}


def measure(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One measure over ``?period=``, cut ``?by=`` provider, unit, practice, tfc or hrg."""
    book = organisations.book(place)
    found = reads.measure_of(book, code)
    if found is None:
        raise Http404("There is no such measure.")
    period = reads.period(place, request.GET.get("period", ""))
    sees_records = request.may("measures:records", place=place, code=code)
    cuts = [cut for cut in CUTS if cut != "practice" or sees_records]
    by = request.GET.get("by", PROVIDER) if request.GET.get("by") in cuts else PROVIDER
    computed = found.computed and period is not None
    may_act = request.may("measures:task", place=place, code=code, provider="")
    sight = Sight(sees_records, may_act, request.may("measures:target", place=place, code=code, provider=""))
    shown = _tables(book, found, period, by, sight) if computed and period else ()
    page = Page(
        template="measures/measure.jinja",
        title=found.title,
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(
            *shown,
            *sheet_tables.told_table(book, found),
            sheet_tables.entered_table(book, found),
            sheet_tables.tasks_table(book, found),
        ),
        charts=pictures.charts(book, found, period, sees_records=sees_records) if computed and period else (),
        facts=period_facts(book, period),
        rests_on=(*behind(book), book.table(PROFILES)),
        synthetic=activity.is_synthetic(book),
        context={
            "measure": found,
            "period": period,
            "months": reads.measured_months(place),
            "by": by,
            "cuts": [(cut, CUTS[cut] if cut in ("tfc", "hrg", PROVIDER) else book.word(CUTS[cut])) for cut in cuts],
            "lead": _lead(book, found, period, sight),
            "method": _method(book, found, period),
            "overlaps": _overlaps(book, found),
        },
    )
    return respond(request, page)


def _tables(book: Book, measure: Measure, period: Period, by: str, sight: Sight) -> tuple[Table, ...]:
    cut = (
        sheet_tables.providers_table(book, measure, period, sight)
        if by == PROVIDER
        else sheet_tables.cut_table(book, measure, period, by, CUTS[by], sight)
    )
    return (
        cut,
        sheet_tables.months_table(book, measure, period, sight),
        sheet_tables.reasons_table(book, measure, period, sight),
    )


def _lead(book: Book, measure: Measure, period: Period | None, sight: Sight) -> Cell:
    if not measure.computed:
        year = book.place.year.label
        said = next((e for e in reversed(reads.entered(book.place.id, measure.code)) if not e.provider), None)
        return entered_cell(measure, said if said and said.period != year else said)
    if period is None:
        return None
    if not sight.records and hidden(book, measure, period):
        return HIDDEN
    return value_cell(reads.whole(measure, period), Address(book.place.id, str(period), measure.code))


def _method(book: Book, measure: Measure, period: Period | None) -> tuple[tuple[str, str], ...]:
    """The method in plain words."""
    target = reads.target_of(book, measure.code)
    base = reads.base_of(book.place.id, measure, "", book.place.year)
    group = reads.peers(book)
    told = [
        ("Counts", measure.numerator_words),
        ("Out of", measure.denominator_words or "nothing: it is a number"),
        ("Better", DIRECTIONS[measure.better]),
        ("Interval", INTERVALS[measure.interval]),
        ("Smallest denominator", f"{measure.minimum:,}; below it no rate is stated"),
        ("Target", target.words if target else "none"),
        (f"Base {book.place.year.previous.label}", rate_text(measure, base) if base is not None else "not set"),
        ("Definition", f"{measure.code}, from {measure.source}"),
    ]
    if measure.computed and period is not None:
        compared = f"{group.first} to {group.last}" if group.first else "the months shown"
        told.append(("Peers", f"{group.name}; compared over {compared}; quartile {METHODS[group.method]}"))
    return tuple(told)


def _overlaps(book: Book, measure: Measure) -> list[str]:
    titles = {row["code"]: row["title"] for row in book.need_table("measures.measures")}
    return [titles[code] for code in measure.overlaps if code in titles and measure.value]
