"""Which counts of a measure are hidden from people who may not see single records."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from openpbc.kernel.disclosure import Profile, line, protect
from openpbc.measures.reads.measured import WHOLE, Period, sums
from openpbc.measures.rules.declaring import Measure
from openpbc.rulebook.disclosure import profile_for
from openpbc.rulebook.reader import Book

AUDIENCE = "no-records"
RULE = "A count that is too small in one month stays hidden in every period with that month."
_KEPT = 4096


def hidden(book: Book, measure: Measure, period: Period, cut: str = WHOLE) -> frozenset[str]:
    """Name the codes of a cut whose numerator is too small to be shown, or would give a small one away.

    What is hidden in a month is hidden in every period with that month: what two periods show then differs by nothing
    but the sum of months that are shown. The whole place has the empty code, as in ``values``.
    """
    profile = profile_for(book, AUDIENCE)
    found = (_of_month(run_id, measure.code, cut, profile) for run_id in period.runs)
    return frozenset().union(*found)


@lru_cache(maxsize=_KEPT)
def _of_month(run_id: str, measure: str, cut: str, profile: Profile) -> frozenset[str]:
    counts: dict[Hashable, int] = {code: own.numerator for code, own in sums((run_id,), measure, cut).items()}
    if cut == WHOLE:
        return frozenset(str(code) for code, count in counts.items() if profile.is_small(count))
    if not counts:
        return frozenset()
    found = protect(line(counts), profile)
    return frozenset(str(key) for key in (found.small | found.extra) if key in counts)
