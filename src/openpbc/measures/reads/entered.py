"""Values that people entered, with their source; the latest number of each holder and period counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from openpbc.kernel.periods import FinancialYear, Month
from openpbc.measures.models import EnteredValue, LocalTarget, VarianceTask
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.targets import BEST_QUARTER, TOLD_BY, Known, Target, judge
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

PPM = 1_000_000


@dataclass(frozen=True)
class Entered:
    """One entered value as it stands."""

    measure: str
    provider: str
    period: str
    number: int
    numerator: int
    denominator: int
    source: str
    by: str
    at: datetime

    def rate(self, measure: Measure) -> Fraction | None:
        """The value as a fraction; a count has no denominator, and a rate without one has no value."""
        if measure.shown is Shown.COUNT:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None


_NAMES = tuple(Entered.__dataclass_fields__)


def entered(place: str, measure: str = "") -> tuple[Entered, ...]:
    """List the entered values of a place (of one measure if said), each as it stands, by measure, holder and period."""
    rows = EnteredValue.objects.filter(place=place)
    rows = rows.filter(measure=measure) if measure else rows
    latest = {(row.measure, row.provider, row.period): row for row in rows.order_by("number")}
    return tuple(Entered(**{name: getattr(latest[key], name) for name in _NAMES}) for key in sorted(latest))


def entered_value(place: str, measure: str, provider: str, period: str) -> Entered | None:
    """Give the value that stands for a holder and period, or None."""
    found = (each for each in entered(place, measure) if (each.provider, each.period) == (provider, period))
    return next(found, None)


def latest_value(place: str, measure: str, provider: str, year: FinancialYear) -> Entered | None:
    """Give the last value entered for a year or one of its months, or None."""
    own = [
        each
        for each in entered(place, measure)
        if each.provider == provider and (each.period == year.label or _month_in(each.period, year))
    ]
    return max(own, key=lambda each: (each.period == year.label, each.period), default=None)


def _month_in(text: str, year: FinancialYear) -> bool:
    return text in {str(month) for month in year.months}


def period_name(text: str) -> str:
    """Say a month or a financial year, which is written with a stroke, as people do."""
    return FinancialYear.parse(text).label if "/" in text else Month.parse(text).name


def base_of(place: str, measure: Measure, provider: str, year: FinancialYear) -> Fraction | None:
    """Give the value of the year before, as it was entered; None where nobody has."""
    found = entered_value(place, measure.code, provider, year.previous.label)
    return found.rate(measure) if found else None


def target_of(book: Book, measure: str, provider: str = "") -> Target | None:
    """Give the target of a measure: that agreed with the provider, else the place's own, if there is one."""
    if provider and (own := local_target(book.place.id, measure, provider)):
        rate = None if own.ppm is None else Fraction(own.ppm, PPM)
        return Target(own.kind, rate, own.reason)
    table = book.table("measures.targets")
    if not isinstance(table, Table):
        return None
    row = table.keyed("measure").get(measure)
    if row is None:
        return None
    if row["kind"] == TOLD_BY:
        return Target(TOLD_BY, words=row["words"], due=date.fromisoformat(row["value"]) if row["value"] else None)
    return Target(row["kind"], Fraction(row["value"]) if row["value"] else None, row["words"])


def without_target(book: Book, provider: str) -> tuple[str, ...]:
    """Name the measures for which neither the place nor a provider's contract has a target, and none is waived."""
    found = {row["code"]: target_of(book, row["code"], provider) for row in book.need_table("measures.measures")}
    return tuple(code for code, target in found.items() if target is None or not target.is_set)


@dataclass(frozen=True)
class ToldBy:
    """Whether a provider has told a measure at all by the day that the place set, and what it told last."""

    provider: str
    last: Entered | None
    verdict: str


def told_by(book: Book, measure: Measure, on: date) -> tuple[ToldBy, ...]:
    """Say of each provider whether it told the measure by the day of the target; none where no day is the target."""
    target = target_of(book, measure.code)
    if target is None or target.kind != TOLD_BY:
        return ()
    found = []
    for each in organisations.providers(book.place.id):
        last = latest_value(book.place.id, measure.code, each.code, book.place.year)
        known = Known(last.rate(measure) if last else None, on=on)
        found.append(ToldBy(each.code, last, judge(target, measure.better, known)))
    return tuple(found)


def local_target(place: str, measure: str, provider: str) -> LocalTarget | None:
    """Give what was agreed last with a provider."""
    rows = LocalTarget.objects.filter(place=place, measure=measure, provider=provider)
    return rows.order_by("-number").first()


@dataclass(frozen=True)
class Task:
    """An action about a provider's value of a measure."""

    measure: str
    provider: str
    number: int
    month: str
    what: str
    owner: str
    due: date
    outcome: str

    @property
    def open(self) -> bool:
        """Whether it waits."""
        return not self.outcome


def tasks(place: str, measure: str = "") -> tuple[Task, ...]:
    """List the actions of a place, open ones first."""
    rows = VarianceTask.objects.filter(place=place)
    rows = rows.filter(measure=measure) if measure else rows
    found = [
        Task(r.measure, r.provider, r.number, r.month, r.what, r.owner, r.due, r.outcome)
        for r in rows.order_by("due", "id")
    ]
    return tuple(sorted(found, key=lambda each: not each.open))


def is_best_quarter(target: Target | None) -> bool:
    """Whether a target compares with the peers."""
    return target is not None and target.kind == BEST_QUARTER
