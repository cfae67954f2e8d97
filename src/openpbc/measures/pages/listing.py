"""All measures of a place by family, and those of one group of practices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import reads as activity
from openpbc.measures import reads
from openpbc.measures.pages.cells import HIDDEN, against, entered_cell, figure, interval_text, value_cell, verdict_tag
from openpbc.measures.reads import BoardRow, Period
from openpbc.measures.reads.addresses import Address
from openpbc.measures.reads.small import RULE, hidden
from openpbc.measures.reads.values import printed
from openpbc.measures.rules.declaring import Measure
from openpbc.organisations import reads as organisations
from openpbc.rulebook.disclosure import PROFILES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing
from openpbc.ui.pages import Crumb, Held, Page, respond
from openpbc.ui.tables import Table

UNIT_CUT = "unit"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every measure over the year so far, or over ``?period=``: value, base, peers, target, trend."""
    book = organisations.book(place)
    period = reads.period(place, request.GET.get("period", ""))
    sees_records = _sees_records(request, place)
    rows = reads.board(book, period, sees_records=sees_records)
    small = frozenset() if sees_records else _small(book, rows, period)
    page = Page(
        template="measures/listing.jinja",
        title="Measures",
        book=book,
        tables=(board_table(book, rows, period, small),),
        facts=period_facts(book, period),
        rests_on=behind(book),
        synthetic=activity.is_synthetic(book),
        context={
            "period": period,
            "months": reads.measured_months(place),
            "peers": reads.peers(book),
            "units": [(each.code, each.name) for each in organisations.units(place)],
            "missed": [row.measure.title for row in rows if row.verdict == "missed" and row.measure.code not in small],
        },
    )
    return respond(request, page)


def _sees_records(request: HttpRequest, place: str) -> bool:
    return request.may("measures:records", place=place, code="M")


def _small(book: Book, rows: tuple[BoardRow, ...], period: Period | None) -> frozenset[str]:
    """The measures whose count of the whole place is too small to be shown."""
    computed = (row.measure for row in rows if row.measure.computed and period)
    return frozenset(each.code for each in computed if period and hidden(book, each, period))


def behind(book: Book) -> tuple[Held, ...]:
    """What of the rulebook every page of measures rests on."""
    ids = ("measures", "kinds", "general_exclusions", "avoidable", "targets")
    values = (
        "minimum_denominator",
        "quartile_method",
        "readmission_days",
        "chart_fewest",
        "chart_shift",
        "chart_trend",
    )
    return (*(book.table(f"measures.{id}") for id in ids), *(book.value(f"measures.{id}") for id in values))


def period_facts(book: Book, period: Period | None) -> tuple[tuple[str, str], ...]:
    """What a page of measures was made from."""
    if period is None:
        return (("Measured", "no month is measured yet"),)
    runs = ", ".join(f"{each.month}: {each.run_id}" for each in period.months)
    return (("Period", period.name), ("Runs of measures", runs), ("Peer group", reads.peers(book).name))


def measure_href(book: Book, code: str, period: Period | None = None) -> str:
    """The page of one measure over a period."""
    there = reverse("measures:measure", kwargs={"place": book.place.id, "code": code})
    return f"{there}?period={period}" if period else there


def board_table(book: Book, rows: tuple[BoardRow, ...], period: Period | None, small: frozenset[str]) -> Table:
    """One measure a row; of those whose count is too small nothing is shown that it could be worked out from."""
    families = book.need_table("measures.families").keyed("code")
    before = book.place.year.previous.label
    columns = [
        tables.text("Measure"),
        tables.text("Family"),
        tables.number("Value", additive=False),
        tables.text("95% interval"),
        tables.text("Unit"),
        tables.number(f"Base {before}", additive=False),
        tables.number("Best quarter from", additive=False),
        tables.text("Target"),
        tables.text("Stands"),
        tables.text("Trend"),
    ]
    body = [
        _board_row(book, row, period, families[row.measure.family]["title"], row.measure.code in small) for row in rows
    ]
    caption = f"Measures, {period.name}" if period else "Measures"
    return tables.table("measures", caption, columns, body, cards=True, notes=(RULE,) if small else ())


def _board_row(book: Book, row: BoardRow, period: Period | None, family: str, hide: bool) -> list[Cell]:
    measure = row.measure
    address = Address(book.place.id, str(period or ""), measure.code)
    value: Cell = value_cell(row.value, address) if measure.computed else entered_cell(measure, row.entered)
    found = row.standing
    return [
        Link(measure.title, measure_href(book, measure.code, period)),
        family,
        HIDDEN if hide else value,
        "" if hide else interval_text(row.value),
        str(measure.shown),
        Missing(why="Nobody has entered the base.")
        if row.base is None
        else figure(measure, printed(measure, row.base)),
        None
        if found is None or found.threshold is None
        else figure(measure, printed(measure, found.threshold), str(address.of("threshold"))),
        row.target.words if row.target else "none",
        "" if hide else verdict_tag(row.verdict),
        row.trend.words if row.trend and not hide else "",
    ]


def unit(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """The measures of one group beside the whole place's; small counts are hidden from its own people."""
    book = organisations.book(place)
    found = next((each for each in organisations.units(place) if each.code == unit), None)
    title = found.name if found else unit
    period = reads.period(place, request.GET.get("period", ""))
    sees_all = _sees_records(request, place)
    page = Page(
        template="measures/unit.jinja",
        title=f"Measures of {title}",
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(unit_table(book, unit, title, period, sees_all=sees_all),),
        facts=period_facts(book, period),
        rests_on=(*behind(book), book.table(PROFILES)),
        synthetic=activity.is_synthetic(book),
        context={"period": period, "unit": unit, "unit_name": title, "sees_all": sees_all, "rule": RULE},
    )
    return respond(request, page)


def unit_table(book: Book, unit: str, name: str, period: Period | None, *, sees_all: bool) -> Table:
    """One computed measure a row: the group, the place, and whether they differ by more than chance."""
    columns = [
        tables.text("Measure"),
        tables.number(name, additive=False),
        tables.text("95% interval"),
        tables.number(book.place.title, additive=False),
        tables.text("Unit"),
        tables.text("Against the place"),
        tables.text("Trend"),
    ]
    rows = [_unit_row(book, each, unit, period, sees_all) for each in reads.measures(book) if each.computed and period]
    return tables.table("measures", f"Measures of {name}", columns, rows, cards=True)


def _unit_row(book: Book, measure: Measure, unit: str, period: Period, sees_all: bool) -> list[Cell]:
    by_unit = reads.values(measure, period, UNIT_CUT)
    own, whole = by_unit.get(unit), reads.whole(measure, period)
    address = Address(book.place.id, str(period), measure.code, UNIT_CUT, unit)
    hide = not sees_all and unit in hidden(book, measure, period, UNIT_CUT)
    hide_whole = not sees_all and bool(hidden(book, measure, period))
    return [
        measure.title,
        HIDDEN if hide else value_cell(own, address),
        "" if hide else interval_text(own),
        HIDDEN if hide_whole else value_cell(whole, Address(book.place.id, str(period), measure.code)),
        str(measure.shown),
        "" if hide or hide_whole else against(own, whole),
        "" if hide else reads.trend(book, measure, period, UNIT_CUT, unit).words,
    ]
