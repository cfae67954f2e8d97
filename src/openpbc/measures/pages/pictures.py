"""The charts of a measure: months with their limits, and providers in the funnel about the place's value."""

from __future__ import annotations

from fractions import Fraction

from openpbc.measures import reads
from openpbc.measures.pages.cells import UNITS
from openpbc.measures.reads import Period, Trend
from openpbc.measures.reads.small import hidden
from openpbc.measures.reads.values import printed
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.process_charts import funnel
from openpbc.measures.rules.rates import Z_998
from openpbc.rulebook.reader import Book
from openpbc.ui.charts import Chart, Point

FEWEST_MONTHS = 2


def charts(book: Book, measure: Measure, period: Period, *, sees_records: bool) -> tuple[Chart, ...]:
    """The charts that there is something to draw for; none where the place's own count is hidden from the reader."""
    if not sees_records and hidden(book, measure, period):
        return ()
    unseen = frozenset() if sees_records else hidden(book, measure, period, "provider")
    found = (_trend(book, measure, period), _funnel(book, measure, period, unseen))
    return tuple(each for each in found if each is not None)


def _height(measure: Measure, value: Fraction) -> float:
    """A value on the axis; only here does it leave whole numbers, to be drawn."""
    shown = printed(measure, value)
    if measure.shown is Shown.COUNT:
        return float(shown)
    return shown / (10_000 if measure.shown is Shown.PERCENT else 1_000_000)


def _trend(book: Book, measure: Measure, period: Period) -> Chart | None:
    found = reads.trend(book, measure, period)
    stated = [(month, value.rate) for month, value in found.months if value is not None and value.rate is not None]
    if len(stated) < FEWEST_MONTHS:
        return None
    points = [Point(month.name[:3], "Value", _height(measure, rate)) for month, rate in stated]
    if found.limits:
        lines = (("Mean", found.limits.mean), ("Lower limit", found.limits.low), ("Upper limit", found.limits.high))
        points += [Point(month.name[:3], name, _height(measure, line)) for name, line in lines for month, _ in stated]
    return Chart(
        "trend", f"{measure.title} by month", _trend_sentence(measure, found), "by-month", tuple(points),
        UNITS[measure.shown], "lines",
    )  # fmt: skip


def _trend_sentence(measure: Measure, found: Trend) -> str:
    return f"{measure.title}, month by month; {found.words}."


def _funnel(book: Book, measure: Measure, period: Period, unseen: frozenset[str]) -> Chart | None:
    """Providers from the smallest to the largest, with the limits of chance for each one's size."""
    whole, own = reads.whole(measure, period), reads.values(measure, period, "provider")
    placed = sorted(
        (each.denominator, code, each.rate)
        for code, each in own.items()
        if each.rate is not None and code not in unseen
    )
    if whole.rate is None or not measure.interval or measure.per_list or len(placed) < FEWEST_MONTHS:
        return None
    titles, points = reads.names(book, "provider"), []
    for size, code, rate in placed:
        limits = funnel(whole.rate, size, measure.interval, Z_998)
        heights = (("Value", rate), ("Place", whole.rate), ("Lower limit", limits.low), ("Upper limit", limits.high))
        points += [Point(titles.get(code, code), name, _height(measure, each)) for name, each in heights]
    sentence = (
        "Providers from the smallest to the largest; a value outside the two limits differs from the place's value by"
        " more than chance would make it in 499 of 500 cases."
    )
    return Chart(
        "funnel", f"{measure.title}: what is more than chance", sentence, "by-provider", tuple(points),
        UNITS[measure.shown], "lines",
    )  # fmt: skip
