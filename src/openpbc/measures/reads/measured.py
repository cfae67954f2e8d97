"""Which months are measured, and the sums of their runs; a run never changes, so what was once read is kept a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from openpbc.activity.reads import store
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.measures.models import MeasuredMonth
from openpbc.warehouse import runs

WHOLE = "place"
CUTS = ("provider", "tfc", "hrg", "practice", "unit")
_KEPT = 256


@dataclass(frozen=True)
class Sums:
    """What records add up to: how many, numerator, denominator, and the priced part of the numerator with its pence."""

    records: int = 0
    numerator: int = 0
    denominator: int = 0
    priced_units: int = 0
    pence: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Add two sums."""
        return Sums(
            self.records + other.records,
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.priced_units + other.priced_units,
            self.pence + other.pence,
        )


@dataclass(frozen=True)
class MeasuredState:
    """A measured month: its own run, and the published run that it was made from."""

    month: Month
    run_id: str
    source_run: str


def measured_months(place: str) -> tuple[MeasuredState, ...]:
    """List the measured months of a place in their order, each as it was measured last."""
    latest: dict[str, MeasuredMonth] = {}
    for row in MeasuredMonth.objects.filter(place=place).order_by("month", "number"):
        latest[row.month] = row
    return tuple(MeasuredState(Month.parse(key), row.run_id, row.source_run) for key, row in latest.items())


@dataclass(frozen=True)
class MonthRelease:
    """One release of a month's measures: from then on people who may not see records were shown its larger counts."""

    month: Month
    number: int
    run_id: str
    source_run: str
    by: str
    at: datetime


def releases(place: str) -> tuple[MonthRelease, ...]:
    """Give the register of releases of a place: every version of every month, in their order."""
    rows = MeasuredMonth.objects.filter(place=place).order_by("month", "number")
    return tuple(
        MonthRelease(Month.parse(row.month), row.number, row.run_id, row.source_run, row.by, row.at) for row in rows
    )


@dataclass(frozen=True)
class Period:
    """Measured months that are looked at together; written as a month, or as two with two dots between."""

    months: tuple[MeasuredState, ...]

    @property
    def first(self) -> Month:
        """The first month."""
        return self.months[0].month

    @property
    def last(self) -> Month:
        """The last month."""
        return self.months[-1].month

    @property
    def length(self) -> int:
        """How many months."""
        return len(self.months)

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs of the months."""
        return tuple(each.run_id for each in self.months)

    def __str__(self) -> str:
        """The period as addresses write it."""
        return str(self.first) if self.length == 1 else f"{self.first}..{self.last}"

    @property
    def name(self) -> str:
        """The period as people say it."""
        return self.first.name if self.length == 1 else f"{self.first.name} to {self.last.name}"


def released_runs(place: str, span: Period) -> dict[Month, tuple[str, ...]]:
    """Give the runs of a period's months that were released before the ones that are looked at, oldest first."""
    earlier: dict[Month, list[str]] = {}
    over = set()
    shown = {state.month: state.run_id for state in span.months}
    for one in releases(place):
        if one.month not in shown or one.month in over:
            continue
        if one.run_id == shown[one.month]:
            over.add(one.month)
        else:
            earlier.setdefault(one.month, []).append(one.run_id)
    return {month: tuple(runs) for month, runs in earlier.items()}


def period(place: str, text: str = "") -> Period | None:
    """Give the measured months of a period; without a text those of the latest month's year so far.

    None when nothing is measured at all. A period with a month that is not measured is a person's mistake.
    """
    known = {each.month: each for each in measured_months(place)}
    if not known:
        return None
    if not text:
        last = max(known)
        return Period(tuple(known[m] for m in last.year_of.months[0].through(last) if m in known))
    first, _, last_text = text.partition("..")
    wanted = list(Month.parse(first).through(Month.parse(last_text or first)))
    missing = [month for month in wanted if month not in known]
    if not wanted or missing:
        named = missing[0].name if missing else text[:20]
        raise UserError(f"{named} is not measured", do=f"Measured are {', '.join(str(m) for m in sorted(known))}.")
    return Period(tuple(known[month] for month in wanted))


@lru_cache(maxsize=_KEPT)
def _rows(run_id: str, cut: str) -> Mapping[tuple[str, str, str], Sums]:
    code = f"coalesce({cut}, '')" if cut in CUTS else "''"
    found = runs.query(
        store(),
        [run_id],
        f"select measure, {code} as code, reason, cast(sum(records) as bigint) as records, "
        "cast(sum(numerator) as bigint) as numerator, cast(sum(denominator) as bigint) as denominator, "
        "cast(sum(priced_units) as bigint) as priced_units, cast(sum(pence) as bigint) as pence "
        "from measured group by measure, code, reason",
    )
    return {
        (row["measure"], row["code"], row["reason"]): Sums(*(row[name] for name in Sums.__dataclass_fields__))
        for row in found
    }


def sums(run_ids: Iterable[str], measure: str, cut: str = WHOLE) -> dict[str, Sums]:
    """Add up what counts for a measure over runs, by the codes of a cut; the whole place has the empty code."""
    total: dict[str, Sums] = {}
    for run_id in run_ids:
        for (name, code, reason), own in _rows(run_id, cut).items():
            if name == measure and not reason:
                total[code] = total.get(code, Sums()) + own
    return total


def left_out(run_ids: Iterable[str], measure: str, cut: str = WHOLE, code: str = "") -> dict[str, int]:
    """Count what a measure looked at and left out, by reason."""
    total: dict[str, int] = {}
    for run_id in run_ids:
        for (name, own, reason), found in _rows(run_id, cut).items():
            if name == measure and own == code and reason:
                total[reason] = total.get(reason, 0) + found.records
    return dict(sorted(total.items()))


@lru_cache(maxsize=_KEPT)
def _people(run_id: str) -> tuple[tuple[str, str, int], ...]:
    found = runs.query(store(), [run_id], "select practice, unit, people from people")
    return tuple((row["practice"], row["unit"], row["people"]) for row in found)


def people(run_ids: Iterable[str], cut: str = WHOLE) -> dict[str, int]:
    """Give the people registered, added up over months (a rate of several months is that of a month), by a cut."""
    total: dict[str, int] = {}
    for run_id in run_ids:
        for practice, unit, number in _people(run_id):
            code = practice if cut == "practice" else unit if cut == "unit" else ""
            total[code] = total.get(code, 0) + number
    return total if cut in (WHOLE, "practice", "unit") else {}
