"""How good the data are: an index by provider and month, and one provider's month field by field."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.activity import reads
from openpbc.activity.pages.links import file_link
from openpbc.activity.pages.submissions import STREAMS
from openpbc.activity.reads import ProviderQuality, StreamQuality
from openpbc.activity.reads.result_explaining import STATES, quality_address
from openpbc.activity.rules.quality import Quality
from openpbc.kernel.money import PPM, ratio_ppm
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import Crumb, Held, Page, respond
from openpbc.ui.tables import Row, Table

NOTHING, NO_RECORD = "Nothing came, and nothing was due.", "No record came."


def quality(request: HttpRequest, place: str) -> HttpResponse:
    """Every provider of one month (``?month=``, else the last for which files came): index, unmatched, flags."""
    book = organisations.book(place)
    came = sorted({Month.parse(each.month) for each in reads.submissions(place) if each.month and each.current})
    asked = request.GET.get("month", "")
    month = Month.parse(asked) if asked else (came[-1] if came else book.place.year.months[0])
    codes = [each.code for each in organisations.providers(place)]
    found = [each for each in (reads.provider_quality(book, code, month) for code in codes) if each.streams]
    page = Page(
        template="activity/quality.jinja",
        title=f"Data quality of {month.name}",
        book=book,
        tables=(providers_table(request, book, found),),
        rests_on=_rests_on(book),
        synthetic=reads.is_synthetic(book),
        context={"months": came, "month": month},
    )
    return respond(request, page)


def _rests_on(book: Book) -> tuple[Held, ...]:
    limit = book.value("submissions.unknown_practice_limit")
    return (book.table("data.quality.measures"), book.table("data.checks"), limit)


def quality_href(book: Book, provider: str, month: Month) -> str:
    """The page of one provider's month."""
    return reverse(
        "activity:provider-quality", kwargs={"place": book.place.id, "provider": provider, "month": str(month)}
    )


def providers_table(request: HttpRequest, book: Book, found: list[ProviderQuality]) -> Table:
    """One provider a row."""
    names = {each.code: each.short_name for each in organisations.providers(book.place.id)}
    columns = [
        tables.text("Provider"),
        tables.text("Data sets in"),
        tables.number("Index", "%", additive=False),
        tables.number("Records"),
        tables.number("No practice found"),
        tables.number("No practice found", "%", additive=False),
        tables.number("Practice said not to be known", "%", additive=False),
        tables.text("Flag"),
    ]
    rows = [
        Row((Link(names.get(each.provider, each.provider), quality_href(book, each.provider, each.month)), *_row(each)))
        for each in found
    ]
    if found:
        whole = sum((each.unmatched for each in found), Quality("practice"))
        unknown = sum((each.unknown for each in found), Quality("practice"))
        cells = ("All", "", "", Figure(whole.whole), Figure(whole.not_valid), _of(whole.not_valid, whole.whole))
        rows.append(Row((*cells, _of(unknown.stand_in, unknown.whole), ""), total=True))
    empty = "No provider is expected to send files, and none did."
    return tables.table("quality", "Quality by provider", columns, rows, cards=True, empty=empty)


def _row(each: ProviderQuality) -> tuple[Cell, ...]:
    came = sum(stream.file is not None for stream in each.streams)
    return (
        f"{came} of {len(each.streams)}",
        share(each.index),
        Figure(each.unmatched.whole),
        Figure(each.unmatched.not_valid),
        _of(each.unmatched.not_valid, each.unmatched.whole),
        _of(each.unknown.stand_in, each.unknown.whole),
        _flag(each),
    )


def _flag(each: ProviderQuality) -> Cell:
    if not each.unknown.whole:
        return Tag("nothing to judge", "grey")
    return Tag("above the limit", "red") if each.flagged else Tag("within the limit", "green")


def share(ppm: int | None, address: str = "") -> Cell:
    """A share as a percentage, or why there is none."""
    return Figure(ppm, Style.PERCENT, address, places=1) if ppm is not None else Missing(why=NOTHING)


def _of(part: int, whole: int) -> Cell:
    return Figure(ratio_ppm(part, whole), Style.PERCENT, places=2) if whole else Missing(why=NO_RECORD)


def provider_quality(request: HttpRequest, place: str, provider: str, month: str) -> HttpResponse:
    """One provider's month, field by field, with the months before it as a trend."""
    book, asked = organisations.book(place), Month.parse(month)
    name = next((each.name for each in organisations.providers(place) if each.code == provider), None)
    if name is None:
        raise UserError(f"there is no provider '{provider[:20]}'", where=place, do="Choose one from the list.")
    found = reads.provider_quality(book, provider, asked)
    years = [each for each in book.place.year.months if each <= asked]
    trend = [reads.provider_quality(book, provider, each) for each in years]
    trend = [each for each in trend if any(stream.file for stream in each.streams)]
    page = Page(
        template="activity/provider_quality.jinja",
        title=f"Data quality of {name}, {asked.name}",
        book=book,
        trail=(Crumb("Data quality", reverse("activity:quality", kwargs={"place": place}) + f"?month={asked}"),)
        if request.may("activity:quality", place=place)
        else (),
        tables=(*(fields_table(request, book, found, stream) for stream in found.streams), trend_table(book, trend)),
        charts=_trend_chart(trend),
        rests_on=_rests_on(book),
        synthetic=reads.is_synthetic(book),
        context={
            "found": found,
            "index": share(found.index),
            "unmatched": _of(found.unmatched.not_valid, found.unmatched.whole),
            "unknown": _of(found.unknown.stand_in, found.unknown.whole),
        },
    )
    return respond(request, page)


def fields_table(request: HttpRequest, book: Book, found: ProviderQuality, stream: StreamQuality) -> Table:
    """The fields of one data set: valid, stand-in, invalid and missing as counts, and the share of valid ones."""
    titles = ("Valid", "Stand-in", "Invalid", "Missing")
    columns = [tables.text("Field"), *(tables.number(title) for title in titles)]
    columns += [tables.number("Valid", "%", additive=False), tables.text("Findings")]
    rows: list[list[Cell]] = []
    for title, counted in stream.fields:
        file = stream.file.submission if stream.file else None
        drill = file_link(request, book.place.id, file, "Findings") if file else ""
        at = (book.place.id, found.provider, found.month, stream.stream, counted.field)
        figures = (Figure(getattr(counted, name), address=quality_address(*at, name)) for name in STATES)
        rows.append([title, *figures, share(counted.valid_ppm, quality_address(*at, "share")), drill])
    caption = f"{STREAMS[stream.stream]}: index {percent(stream.index)}"
    empty = "It was due and did not come, so it counts as nought."
    return tables.table(f"fields-{stream.stream}", caption, columns, rows, cards=True, empty=empty)


def percent(ppm: int | None) -> str:
    """A share in words, for a caption."""
    return Figure(ppm, Style.PERCENT, places=1).text if ppm is not None else "not set"


def trend_table(book: Book, trend: list[ProviderQuality]) -> Table:
    """The index and the unmatched records month by month."""
    columns = [
        tables.text("Month"),
        tables.number("Index", "%", additive=False),
        tables.number("No practice found", "%", additive=False),
        tables.number("Practice said not to be known", "%", additive=False),
    ]
    rows: list[list[Cell]] = [
        [
            Link(each.month.name, quality_href(book, each.provider, each.month)),
            share(each.index),
            _of(each.unmatched.not_valid, each.unmatched.whole),
            _of(each.unknown.stand_in, each.unknown.whole),
        ]
        for each in trend
    ]
    return tables.table("trend", "Month by month", columns, rows, cards=True)


def _trend_chart(trend: list[ProviderQuality]) -> tuple[Chart, ...]:
    points = tuple(
        Point(each.month.name.split(" ")[0], "Index", each.index * 100 / PPM)
        for each in trend
        if each.index is not None
    )
    if len(points) < 2:
        return ()
    first, last = trend[0], trend[-1]
    sentence = (
        f"The index was {percent(first.index)} in {first.month.name} and {percent(last.index)} in {last.month.name}."
    )
    return (
        Chart(
            id="index",
            title="Index by month, %",
            sentence=sentence,
            table="trend",
            points=points,
            axis="%",
            kind="lines",
        ),
    )
