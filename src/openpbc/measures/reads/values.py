"""The value of a measure for somebody over a period: its rate, its interval, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from openpbc.measures.flow.law import declared
from openpbc.measures.reads.measured import WHOLE, Period, Sums, people, sums
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.rates import Interval, interval, millionths, rate
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

SMALL_BASES = "measures.small_bases"
NO_LIST = "a hospital has no list of registered people"
TOO_FEW = "fewer in the denominator than a rate may rest on"


@dataclass(frozen=True)
class Value:
    """A measure's value: what was counted over what; ``rate`` is None where there is none, and ``why`` says why."""

    measure: Measure
    code: str
    sums: Sums
    denominator: int
    rate: Fraction | None
    why: str = ""

    @property
    def interval(self) -> Interval | None:
        """The 95% interval of the rate by the measure's own method."""
        if self.rate is None:
            return None
        return interval(self.measure.interval, self.sums.numerator, self.denominator)

    @property
    def shown(self) -> int | None:
        """The value in the unit that is printed: parts per million, or a count."""
        return None if self.rate is None else printed(self.measure, self.rate)

    @property
    def unit_pence(self) -> Fraction | None:
        """The mean price of one unit of the numerator; None where nothing prices it."""
        if not self.measure.value or not self.sums.priced_units:
            return None
        return Fraction(self.sums.pence, self.sums.priced_units)


def printed(measure: Measure, value: Fraction) -> int:
    """Give a rate in the unit that is printed."""
    return int(value) if measure.shown is Shown.COUNT else millionths(value * measure.factor)


def measures(book: Book) -> tuple[Measure, ...]:
    """Give the measures of a place."""
    return declared(book)


def measure_of(book: Book, code: str) -> Measure | None:
    """Give one measure of a place, or None."""
    return next((each for each in declared(book) if each.code == code), None)


def values(measure: Measure, period: Period, cut: str = WHOLE) -> Mapping[str, Value]:
    """Give the values of a measure over a period by the codes of a cut, those with records or people."""
    counted = sums(period.runs, measure.code, cut)
    listed = people(period.runs, cut) if measure.per_list else {}
    codes = sorted({*counted, *listed})
    return {code: _value(measure, code, counted.get(code, Sums()), listed, cut) for code in codes}


def _value(measure: Measure, code: str, counted: Sums, listed: Mapping[str, int], cut: str) -> Value:
    if measure.shown is Shown.COUNT:
        return Value(measure, code, counted, 1, Fraction(counted.numerator))
    if measure.per_list:
        whole = listed.get(code, 0)
        why = "" if whole else NO_LIST if cut not in (WHOLE, "practice", "unit") else "the list is not set"
        return Value(measure, code, counted, whole, rate(counted.numerator, whole, measure.minimum), why)
    found = rate(counted.numerator, counted.denominator, measure.minimum)
    return Value(measure, code, counted, counted.denominator, found, "" if found is not None else TOO_FEW)


def whole(measure: Measure, period: Period) -> Value:
    """Give the place's own value."""
    return values(measure, period).get("") or _value(measure, "", Sums(), {}, WHOLE)


def small_base(book: Book, measure: Measure, cut: str) -> int:
    """Give the least denominator on which a row of a cut is judged; nought where nothing is said."""
    listed = book.table(SMALL_BASES)
    rows = () if isinstance(listed, NotSet) else listed.rows
    return next((int(row["least"]) for row in rows if (row["code"], row["cut"]) == (measure.code, cut)), 0)


def names(book: Book, cut: str) -> dict[str, str]:
    """Give the names of the codes of a cut."""
    if cut == "provider":
        return {each.code: each.short_name for each in organisations.providers(book.place.id)}
    if cut == "unit":
        return {each.code: each.name for each in organisations.units(book.place.id)}
    if cut == "practice":
        return {each.code: each.name for each in organisations.practices(book.place.id)}
    if cut == "tfc":
        return {row["code"]: row["description"] for row in book.need_table("data.codes.tfc")}
    return {}
