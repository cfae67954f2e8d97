"""Holds a table that is to be released against what was released of it before: two versions are a table of differences.

A reader keeps what was printed. Where a count was shown before and is shown again a few higher or lower, those few are
given away; and where it was hidden before, a new count beside the old totals says what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpbc.kernel.disclosure.profiles import Profile
from openpbc.kernel.disclosure.protecting import TOTAL, Key, Table, protect


@dataclass(frozen=True)
class Release:
    """A table as it was released: the true counts, and which rows were hidden, the totals perhaps among them."""

    table: Table
    hidden: frozenset[Key]


def release(table: Table, past: Sequence[Release], profile: Profile) -> Release:
    """Decide which rows of a table are hidden when it is released after others.

    Hidden is what is small now and what that needs beside it, what was hidden in any earlier release, and what differs
    by a few from a row that was shown. One hidden row never stands alone: the totals would say what it holds.
    """
    before = frozenset(key for each in past for key in each.hidden)
    moved = frozenset(key for each in past for key in _moved(table, each, profile))
    hidden = protect(table, profile, (before | moved) & table.keys()) | ((before | moved) & {TOTAL})
    if past and TOTAL not in hidden and len(hidden) == 1:
        left = [(max(row), str(key), key) for key, row in table.items() if any(row) and key not in hidden]
        hidden |= {min(left, key=lambda each: each[:2])[2] if left else TOTAL}
    return Release(table, hidden)


def _moved(table: Table, earlier: Release, profile: Profile) -> frozenset[Key]:
    """Name the rows, and the totals, of which a count that was shown is a few higher or lower now."""
    now, then = _with_totals(table), _with_totals(earlier.table)
    width = max((len(row) for row in (*now.values(), *then.values())), default=0)
    nothing = (0,) * width
    return frozenset(
        key
        for key in (now.keys() | then.keys()) - earlier.hidden
        if any(
            profile.is_small(abs(one - two))
            for one, two in zip(now.get(key, nothing), then.get(key, nothing), strict=True)
        )
    )


def _with_totals(table: Table) -> Mapping[Key, Sequence[int]]:
    columns = zip(*table.values(), strict=True)
    return {**table, TOTAL: tuple(map(sum, columns))} if table else {}
