"""All measures of a place on one page: value, base, peers, target, trend."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openpbc.measures.reads.entered import Entered, base_of, is_best_quarter, latest_value, target_of, told_by
from openpbc.measures.reads.measured import Period
from openpbc.measures.reads.peers import Standing, standing
from openpbc.measures.reads.small import hidden
from openpbc.measures.reads.trends import Trend, trend
from openpbc.measures.reads.values import Value, measures, whole
from openpbc.measures.rules.declaring import Measure
from openpbc.measures.rules.targets import MET, Known, Target, judge
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class BoardRow:
    """One measure: what records or people tell, and how it compares. ``verdict`` is red or green on grounds only."""

    measure: Measure
    value: Value | None
    entered: Entered | None
    base: Fraction | None
    standing: Standing | None
    target: Target | None
    trend: Trend | None
    verdict: str


def board(book: Book, period: Period | None, *, sees_records: bool = True) -> tuple[BoardRow, ...]:
    """Give every measure of the place over a period, in the order of the declarations."""
    return tuple(_row(book, each, period, sees_records) for each in measures(book))


def _row(book: Book, measure: Measure, period: Period | None, sees_records: bool) -> BoardRow:
    place, year = book.place.id, book.place.year
    said = None if measure.computed else latest_value(place, measure.code, "", year)
    told = whole(measure, period) if measure.computed and period else None
    compared = None
    if measure.computed and period:
        unseen = frozenset() if sees_records else hidden(book, measure, period, "provider")
        compared = standing(book, measure, period, unseen)
    base, target = base_of(place, measure, "", year), target_of(book, measure.code)
    rate = told.rate if told else said.rate(measure) if said else None
    known = Known(rate, None, base)
    if is_best_quarter(target) and compared:
        verdict = _of_providers(compared)
    elif tellers := told_by(book, measure, organisations.today()):
        verdict = f"{sum(each.verdict == MET for each in tellers)} of {len(tellers)} providers"
    else:
        verdict = judge(target, measure.better, known)
    moved = trend(book, measure, period) if measure.computed and period else None
    return BoardRow(measure, told, said, base, compared, target, moved, verdict)


def _of_providers(found: Standing) -> str:
    """A place meets a target of the best quarter provider by provider."""
    if found.threshold is None:
        return judge(Target("best-quarter"), found.measure.better, Known(Fraction(0), withheld=found.withheld))
    return f"{found.in_best} of {len(found.own)} providers"
