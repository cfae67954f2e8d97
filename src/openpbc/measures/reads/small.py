"""Which counts of a measure are hidden from people who may not see single records."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from openpbc.kernel.disclosure import Profile, Release, release
from openpbc.measures.reads.measured import WHOLE, Period, released_runs, sums
from openpbc.measures.rules.declaring import Measure
from openpbc.rulebook.disclosure import profile_for
from openpbc.rulebook.reader import Book

AUDIENCE = "no-records"
RULE = "A count that is too small in one month stays hidden in every period with that month."
_KEPT = 4096


def hidden(book: Book, measure: Measure, period: Period, cut: str = WHOLE) -> frozenset[str]:
    """Name the codes of a cut whose numerator is too small to be shown, or would give a small one away.

    What is hidden in a month is hidden in every period with that month: what two periods show then differs by nothing
    but the sum of months that are shown. A month that was measured before is held against every earlier release, so
    that nobody learns of a few people by laying two versions side by side. The whole place has the empty code.
    """
    profile = profile_for(book, AUDIENCE)
    earlier = released_runs(book.place.id, period)
    found = (
        _of_month((*earlier.get(state.month, ()), state.run_id), measure.code, cut, profile) for state in period.months
    )
    return frozenset().union(*found)


@lru_cache(maxsize=_KEPT)
def _of_month(run_ids: tuple[str, ...], measure: str, cut: str, profile: Profile) -> frozenset[str]:
    """Name what is hidden of the last of some releases of one month, in the order in which they were released."""
    past: list[Release] = []
    for run_id in run_ids:
        counts: dict[Hashable, int] = {code: own.numerator for code, own in sums((run_id,), measure, cut).items()}
        past.append(release(counts, past, profile, total=cut != WHOLE))
    return frozenset(str(key) for key in past[-1].hidden)
