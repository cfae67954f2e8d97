"""Shifts in counting and coding: resource groups that are coded more often than growth and chance explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from openpbc.activity.reads import store
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pounds, round_div
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.measures.models import ShiftReason
from openpbc.measures.reads.addresses import nowhere
from openpbc.measures.reads.measured import MeasuredState, measured_months
from openpbc.measures.rules.rates import millionths
from openpbc.measures.rules.shifts import Counts, ShiftLaw, is_shift
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs

PREFIX = "shift"
FIGURES = ("now", "expected", "rise", "pence")
_KEPT = 64


@dataclass(frozen=True)
class Shift:
    """A question: a provider's group in a month, its counts, the mean charge of one, and the reason if it has one."""

    provider: str
    hrg: str
    counts: Counts
    base_words: str
    mean_pence: int
    reason: str

    @property
    def expected(self) -> int:
        """How often it was expected, in whole records."""
        found = self.counts.expected
        return 0 if found is None else round_div(found.numerator, found.denominator)

    @property
    def pence(self) -> int:
        """What the records beyond those expected cost at the mean charge."""
        return (self.counts.count - self.expected) * self.mean_pence


def shift_law(book: Book) -> ShiftLaw:
    """Give the place's threshold."""
    return ShiftLaw(book.need("measures.shift_rise").ppm, book.need("measures.shift_fewest").int)


@lru_cache(maxsize=_KEPT)
def _coded(run_id: str) -> Mapping[tuple[str, str], tuple[int, int]]:
    """How often each group was coded in a published run and what it was charged, by provider and group."""
    found = runs.query(
        store(),
        [run_id],
        "select provider, hrg, count(*) as n, cast(coalesce(sum(charge), 0) as bigint) as pence from priced "
        "where stream = 'apc' and status = 'PRICED' group by provider, hrg",
    )
    return {(row["provider"], row["hrg"]): (row["n"], row["pence"]) for row in found}


def _base(months: tuple[MeasuredState, ...], month: Month) -> tuple[tuple[MeasuredState, ...], str]:
    """The same month of the year before where it is measured; else the measured months before it in its year."""
    year_before = Month(month.year - 1, month.month)
    same = tuple(each for each in months if each.month == year_before)
    if same:
        return same, year_before.name
    earlier = tuple(each for each in months if each.month < month and each.month.year_of == month.year_of)
    words = f"{earlier[0].month.name} to {earlier[-1].month.name}" if len(earlier) > 1 else ""
    return earlier, words or (earlier[0].month.name if earlier else "")


def shifts(book: Book, month: Month) -> tuple[Shift, ...]:
    """Give the questions of a month, the dearest first; those with a reason stay in the list."""
    months = measured_months(book.place.id)
    own = next((each for each in months if each.month == month), None)
    base, words = _base(months, month)
    if own is None or not base:
        return ()
    now, before = _coded(own.source_run), _added(base)
    law = shift_law(book)
    reasons = {
        (row.provider, row.hrg): row.reason for row in ShiftReason.objects.filter(place=book.place.id, month=str(month))
    }
    found = []
    for (provider, hrg), (count, pence) in now.items():
        was = before.get((provider, hrg), 0)
        others = (_whole(now, provider) - count, _whole_base(before, provider) - was)
        counts = Counts(count, others[0], was, others[1])
        if is_shift(counts, law):
            mean = round_div(pence, count)
            found.append(Shift(provider, hrg, counts, words, mean, reasons.get((provider, hrg), "")))
    return tuple(sorted(found, key=lambda each: (-each.pence, each.provider, each.hrg)))


def _added(base: tuple[MeasuredState, ...]) -> dict[tuple[str, str], int]:
    total: dict[tuple[str, str], int] = {}
    for state in base:
        for key, (count, _) in _coded(state.source_run).items():
            total[key] = total.get(key, 0) + count
    return total


def _whole(now: Mapping[tuple[str, str], tuple[int, int]], provider: str) -> int:
    return sum(count for (code, _), (count, _) in now.items() if code == provider)


def _whole_base(before: Mapping[tuple[str, str], int], provider: str) -> int:
    return sum(count for (code, _), count in before.items() if code == provider)


def shift_address(place: str, month: Month, shift: Shift, figure: str) -> str:
    """Give the address of a figure of a question."""
    return f"{PREFIX}/{place}/{month}/{shift.provider}/{shift.hrg}/{figure}"


def explain_shift(address: str) -> Explanation:
    """Explain a figure of a question about a shift."""
    parts = address.split("/")
    if len(parts) != 6 or parts[0] != PREFIX or parts[5] not in FIGURES:
        raise nowhere(address)
    place, month, figure = parts[1], Month.parse(parts[2]), parts[5]
    book = organisations.book(place)
    found = next((e for e in shifts(book, month) if [e.provider, e.hrg] == parts[3:5]), None)
    rise = found.counts.rise if found else None
    if found is None or rise is None:
        raise nowhere(address)
    counts = found.counts
    at = (
        ("now", f"{counts.count:,} beside {counts.others_now:,} others"),
        (found.base_words, f"{counts.base:,} beside {counts.others_base:,} others"),
    )
    value = {
        "now": counts.count,
        "expected": found.expected,
        "rise": millionths(rise),
        "pence": found.pence,
    }[figure]
    mean = (*at, ("mean charge of one", pounds(found.mean_pence)))
    return Explanation(
        address=address,
        title=f"{found.hrg} at {found.provider}, {month.name}",
        value=value,
        unit={"rise": "ppm", "pence": "pence"}.get(figure, "count"),
        formula="records now against those of the base, grown as the provider's other priced stays grew",
        steps=() if figure == "rise" else (Step("measures.shift", figure, value, mean if figure == "pence" else at),),
        ratio=Ratio(counts.count * counts.others_base, counts.base * counts.others_now, 1_000_000)
        if figure == "rise"
        else None,
        citations=(Citation("west-herts-intentions-2008-09", "counting and coding", "S"),),
        evidence=(("place", place),),
        statuses=(str(book.value("measures.shift_rise").status),),
    )
