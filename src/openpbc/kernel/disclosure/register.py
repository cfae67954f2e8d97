"""Holds a table that is to be released against what was released of it before: two versions are a table of differences.

A reader keeps what was printed. Where a count was shown before and is shown again a few higher or lower, those few are
given away; and where it was hidden before, a new count beside the old sums says what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpbc.kernel.disclosure.profiles import Profile
from openpbc.kernel.disclosure.protecting import protect
from openpbc.kernel.disclosure.sums import TOTAL, Key, line


@dataclass(frozen=True)
class Release:
    """One line of parts with its total as it was released: the true counts, and which of them were hidden."""

    counts: Mapping[Key, int]
    hidden: frozenset[Key]


def release(counts: Mapping[Key, int], past: Sequence[Release], profile: Profile, *, total: bool = True) -> Release:
    """Decide what of a line is hidden when it is released after others; its total is shown unless ``total`` is false.

    Hidden is what is small now and what that needs beside it, what was hidden in any earlier release, and what differs
    by a few from a count that was shown. With a total, one hidden count never stands alone.
    """
    if total:
        found = protect(line(counts), profile)
        hidden = set(found.small | found.extra) & counts.keys()
    else:
        hidden = {key for key, count in counts.items() if profile.is_small(count)}
    for before in past:
        hidden |= before.hidden & counts.keys()
        shown = (counts.keys() | before.counts.keys()) - before.hidden
        moved = {key for key in shown if profile.is_small(abs(counts.get(key, 0) - before.counts.get(key, 0)))}
        hidden |= moved & counts.keys()
    later = {key for before in past for key in before.hidden} | hidden
    if total and len(later) == 1 and past:
        left = sorted((count, str(key), key) for key, count in counts.items() if count and key not in later)
        hidden |= {left[0][2]} if left else set()
    return Release(counts, frozenset(hidden - {TOTAL}))
