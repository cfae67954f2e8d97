"""Decides which rows of a table are hidden, until no reader can say of a small count that it is not any of 1 to k.

A row is somebody's counts of one thing: how many were looked at, of whom how many count, and how many do not. It is
shown or hidden as a whole, since whoever sees two of its counts sees the third. Under each column stands the total of
all rows, which is known even where no table prints it.

A reader knows the marks, the rounded counts, and that a column adds up to its total. What a hidden count may have been
is then bounded by the room of the others in its column: how far they may have been higher, and how far lower. That is
exact, because nothing else ties two hidden rows together. Rounding gives room only where rows have one count: two that
add up to a third say more of each other than their rounding hides. Rows are hidden, smallest first, until every small
count may still be 1 and may still be the threshold; then those not needed after all are shown again, largest first.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from openpbc.kernel.disclosure.profiles import Profile
from openpbc.kernel.suppressed import Suppressed

Key = Hashable
Table = Mapping[Key, Sequence[int]]
TOTAL = "total"


def protect(table: Table, profile: Profile, also: Collection[Key] = ()) -> frozenset[Key]:
    """Name the rows that are hidden; ``TOTAL`` is among them where the totals have to be hidden as well.

    ``also`` are rows that are hidden for another reason. The same table gives the same answer, whatever the order of
    its rows.
    """
    counted = _columns(table)
    columns = [_Column(counts, profile, rounds=len(counted) == 1) for counts in counted]
    small = {key for column in columns for key in column.small}
    needed = small | set(also) & table.keys()
    if any(profile.is_small(column.total) for column in columns):
        return frozenset(needed | {TOTAL})
    hidden = set(needed)
    for column in columns:
        while not column.is_safe(hidden):
            more = column.next_to_hide(hidden)
            if more is None:
                return frozenset(hidden | {TOTAL})
            hidden.add(more)
    for key in sorted(hidden - needed, key=lambda each: (-max(table[each]), str(each))):
        if all(column.is_safe(hidden - {key}) for column in columns):
            hidden.discard(key)
    return frozenset(hidden)


def _columns(table: Table) -> list[dict[Key, int]]:
    """Turn rows into columns; what is no true count, or was hidden before, is refused."""
    widths = {len(row) for row in table.values()}
    if len(widths) > 1:
        raise ValueError("the rows of a table have the same columns")
    if TOTAL in table:
        raise ValueError("the totals of a table are worked out, and not given")
    for row in table.values():
        if any(isinstance(count, bool | Suppressed) or not isinstance(count, int) or count < 0 for count in row):
            raise TypeError("disclosure control takes true counts from nought, and takes them once")
    return [{key: row[at] for key, row in table.items()} for at in range(max(widths, default=0))]


class _Column:
    """The counts of one column, with the total that they add up to."""

    def __init__(self, counts: Mapping[Key, int], profile: Profile, *, rounds: bool) -> None:
        self.profile = profile
        self.rounds = rounds
        self.counts = counts
        self.total = sum(counts.values())
        self.small = frozenset(key for key, count in counts.items() if profile.is_small(count))

    def is_safe(self, hidden: Collection[Key]) -> bool:
        """Tell whether a reader must grant that every small count may be 1, and that it may be the threshold."""
        if not self.small:
            return True
        down, up = self._room_of_shown(hidden)
        lower = sum(max(0, self.counts[key] - 1) for key in hidden)  # how far all that is hidden may be lower
        alone = len(hidden) == 1
        for key in self.small:
            count = self.counts[key]
            if alone and up < count - 1:
                return False
            if lower - (count - 1) + down < self.profile.threshold - count:
                return False
        return True

    def _room_of_shown(self, hidden: Collection[Key]) -> tuple[int, int]:
        """Say how far the shown counts may have been lower, and how far higher; the total gives what they give back."""
        if not self.rounds:
            return 0, 0
        least, most = self.profile.reach(self.total)
        down, up = most - self.total, self.total - least
        for key, count in self.counts.items():
            if key not in hidden:
                least, most = self.profile.reach(count)
                down, up = down + count - least, up + most - count
        return down, up

    def next_to_hide(self, hidden: Collection[Key]) -> Key | None:
        """Choose the smallest count that is still shown; hiding a nought helps nobody. None when none is left."""
        left = [(count, str(key), key) for key, count in self.counts.items() if count and key not in hidden]
        return min(left, key=lambda each: each[:2])[2] if left else None
