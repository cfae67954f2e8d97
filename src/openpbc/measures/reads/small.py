"""Which counts of a measure are hidden from people who may not see single records."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from openpbc.kernel.disclosure import TOTAL, Profile, Release, Table, release
from openpbc.measures.reads.measured import WHOLE, Period, Sums, left_out, released_runs, sums
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.rulebook.disclosure import profile_for
from openpbc.rulebook.reader import Book

AUDIENCE = "no-records"
RULE = "A count that is too small in one month stays hidden in every period with that month."
# What a measure is cut by for people who may not see records; of practices each of them sees one alone, their own.
CUTS = ("provider", "unit", "tfc", "hrg")
_KEPT = 4096


def hidden(book: Book, measure: Measure, period: Period, cut: str = WHOLE) -> frozenset[str]:
    """Name the codes of a cut of which a count is too small to be shown, or would give a small one away.

    What is hidden in a month is hidden in every period with that month: what two periods show then differs by nothing
    but the sum of months that are shown. A month that was measured before is held against every earlier release, so
    that nobody learns of a few people by laying two versions side by side. The whole place has the empty code, and
    where it is hidden so is all that adds up to it.
    """
    profile, found = _profile(book), set[str]()
    for runs in _releases(book, period):
        if any(TOTAL in _of_month(runs, measure, each, profile) for each in CUTS):
            found |= {"", *sums(runs[-1:], measure.code, cut)}
        elif cut != WHOLE:
            found |= _of_month(runs, measure, cut, profile) - {TOTAL}
    return frozenset(found)


def hidden_reasons(book: Book, measure: Measure, period: Period) -> frozenset[str]:
    """Name the reasons for which too few records were left out to be told; ``TOTAL`` where none of them may be."""
    profile = _profile(book)
    return frozenset().union(*(_reasons_of(runs, measure.code, profile) for runs in _releases(book, period)))


def _profile(book: Book) -> Profile:
    """Give how small is small; pages show what is not hidden as it is, so nothing may rest on a rounding."""
    return replace(profile_for(book, AUDIENCE), rounding=1)


def _releases(book: Book, period: Period) -> list[tuple[str, ...]]:
    """Give for each month the runs that were released of it, the one that is looked at last."""
    earlier = released_runs(book.place.id, period)
    return [(*earlier.get(state.month, ()), state.run_id) for state in period.months]


@lru_cache(maxsize=_KEPT)
def _of_month(run_ids: tuple[str, ...], measure: Measure, cut: str, profile: Profile) -> frozenset[str]:
    """Name what is hidden of the last of some releases of one month, given in the order of their release."""
    counted = (sums((run_id,), measure.code, cut) for run_id in run_ids)
    return _last([{code: _row(measure, own) for code, own in each.items()} for each in counted], profile)


@lru_cache(maxsize=_KEPT)
def _reasons_of(run_ids: tuple[str, ...], measure: str, profile: Profile) -> frozenset[str]:
    counted = (left_out((run_id,), measure) for run_id in run_ids)
    return _last([{reason: (count,) for reason, count in each.items()} for each in counted], profile)


def _last(tables: list[Table], profile: Profile) -> frozenset[str]:
    past: list[Release] = []
    for table in tables:
        past.append(release(table, past, profile))
    return frozenset(map(str, past[-1].hidden))


def _row(measure: Measure, own: Sums) -> tuple[int, ...]:
    """Give all that pages show of somebody, and what is left when one of it is taken from another."""
    shown = [own.numerator, own.records]
    if not measure.numerator.field:
        shown.append(own.records - own.numerator)
    if not measure.per_list and measure.shown is not Shown.COUNT:
        shown.append(own.denominator)
    if measure.shown is Shown.PERCENT:
        shown.append(own.denominator - own.numerator)
    return tuple(shown)
