"""A measure month by month, with the limits of an XmR chart and its signals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openpbc.kernel.periods import Month
from openpbc.measures.reads.measured import WHOLE, Period
from openpbc.measures.reads.values import Value, values
from openpbc.measures.rules.declaring import Measure
from openpbc.measures.rules.process_charts import Limits, RunRules, Signal, limits, signals
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Trend:
    """Months with their values in order (None where there is none), limits if there are months enough, and signals.

    Signals count over the months that have a value; ``fewest`` is how many a chart needs.
    """

    months: tuple[tuple[Month, Value | None], ...]
    limits: Limits | None
    signals: tuple[tuple[Month, Signal], ...]
    fewest: int

    @property
    def words(self) -> str:
        """The trend in a few words."""
        if self.limits is None:
            have = sum(1 for _, value in self.months if value is not None and value.rate is not None)
            return f"{have} of {self.fewest} months for limits"
        if not self.signals:
            return "steady: no signal"
        month, signal = self.signals[-1]
        return f"signal in {month.name}: {signal.rule}"


def trend(book: Book, measure: Measure, period: Period, cut: str = WHOLE, code: str = "") -> Trend:
    """Give the trend of a measure for one holder over a period's months."""
    rows: list[tuple[Month, Value | None]] = []
    for state in period.months:
        rows.append((state.month, values(measure, Period((state,)), cut).get(code)))
    stated = [(month, value.rate) for month, value in rows if value is not None and value.rate is not None]
    series: list[Fraction] = [each for _, each in stated]
    fewest = book.need("measures.chart_fewest").int
    found = limits(series) if len(series) >= fewest else None
    rules = RunRules(book.need("measures.chart_shift").int, book.need("measures.chart_trend").int)
    marks = signals(series, found, rules) if found else ()
    return Trend(tuple(rows), found, tuple((stated[each.at][0], each) for each in marks), fewest)
