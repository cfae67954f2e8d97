"""Decides which counts of a table are hidden, until no reader can say of a small one that it is not any of 1 to k.

A reader knows the marks, the rounded counts, and that sums are sums. What a hidden count may have been is then bounded
by what can flow round it in either direction (``sums``), which is exact: the least and the most that a reader with any
arithmetic can prove. Counts are hidden, smallest first, until every small count may still be 1 and may still be the
threshold; then those that turn out not to be needed are shown again, largest first. Only a small total is bounded by
what no hiding can help: it is at least as much as it has parts that are not nought.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpbc.kernel.disclosure.profiles import Profile, Shown
from openpbc.kernel.disclosure.sums import Count, Key, Sums

# More than any count of people, so that a hidden count is not bounded from above.
_NO_BOUND = 1 << 60


@dataclass(frozen=True)
class Protected:
    """What may be shown: every count rounded or hidden, those hidden for their own smallness, and those for others'."""

    profile: Profile
    shown: Mapping[Key, Shown]
    small: frozenset[Key]
    extra: frozenset[Key]

    def __getitem__(self, key: Key) -> Shown:
        """Give what may stand at a key."""
        return self.shown[key]


def protect(sums: Sums, profile: Profile) -> Protected:
    """Hide and round the counts of a table so that no small one can be narrowed by arithmetic.

    The same table gives the same answer, whatever the order of its counts. It takes true counts, so what was protected
    cannot be protected again.
    """
    ordered = sorted(sums.counts, key=lambda count: (count.is_total, count.value, str(count.key)))
    small = frozenset(count.key for count in ordered if profile.is_small(count.value))
    hidden = set(small)
    table = _Table(ordered, profile)
    for count in ordered:
        while count.key in small and not table.is_safe(count, hidden):
            hidden.add(_next_to_hide(count, ordered, hidden))
    for count in reversed([each for each in ordered if each.key in hidden - small]):
        hidden.discard(count.key)
        if not all(table.is_safe(each, hidden) for each in ordered if each.key in small):
            hidden.add(count.key)
    shown = {
        count.key: profile.hidden if count.key in hidden else profile.rounded(count.value) for count in sums.counts
    }
    return Protected(profile, shown, small, frozenset(hidden - small))


def _next_to_hide(small: Count, ordered: Iterable[Count], hidden: set[Key]) -> Key:
    """Choose the smallest count that is still shown: a neighbour of the small one in a sum first, and a cell first.

    Nought is never hidden: it says nothing of anybody, and hiding it helps nobody.
    """
    ends = {small.source, small.target}
    choice = [count for count in ordered if count.value and count.key not in hidden]
    near = [count for count in choice if ends & {count.source, count.target}]
    return (near or choice)[0].key


class _Table:
    """The flows of a table with what a reader knows of each."""

    def __init__(self, counts: Iterable[Count], profile: Profile) -> None:
        self.profile = profile
        self.counts = tuple(counts)
        self.leaving: dict[Key, list[Count]] = {}
        self.arriving: dict[Key, list[Count]] = {}
        for count in self.counts:
            self.leaving.setdefault(count.source, []).append(count)
            self.arriving.setdefault(count.target, []).append(count)
        every = {count.key for count in self.counts if count.value}
        self.least = {
            count.key: self._least(count, every)
            for count in self.counts
            if count.is_total and profile.is_small(count.value)
        }

    def _least(self, total: Count, every: set[Key]) -> int:
        """Give the least that a small total can be taken for when all that is not nought is hidden."""
        return next(
            least
            for least in range(1, total.value + 1)
            if self._flows(total, total.source, total.target, total.value - least, every)
        )

    def is_safe(self, small: Count, hidden: set[Key]) -> bool:
        """Tell whether a reader must grant that a small count may be 1, and that it may be the threshold."""
        up, down = self.profile.threshold - small.value, small.value - self.least.get(small.key, 1)
        return self._flows(small, small.target, small.source, up, hidden) and self._flows(
            small, small.source, small.target, down, hidden
        )

    def _flows(self, small: Count, begin: Key, end: Key, needed: int, hidden: set[Key]) -> bool:
        """Tell whether ``needed`` people can be moved round a small count, within what a reader knows of the others."""
        moved: dict[Key, int] = {}
        while needed > 0:
            path = self._path(small, begin, end, moved, hidden)
            if not path:
                return False
            least = min(needed, *(room for _, _, room in path))
            for key, sign, _ in path:
                moved[key] = moved.get(key, 0) + sign * least
            needed -= least
        return True

    def _path(
        self, small: Count, begin: Key, end: Key, moved: Mapping[Key, int], hidden: set[Key]
    ) -> list[tuple[Key, int, int]]:
        """Find a shortest way with room: (key, 1 for more or -1 for fewer, room) of each count on it; empty if none."""
        came: dict[Key, tuple[Key, tuple[Key, int, int]] | None] = {begin: None}
        queue = deque([begin])
        while queue and end not in came:
            point = queue.popleft()
            for other, step in self._steps(point, small, moved, hidden):
                if other not in came:
                    came[other] = (point, step)
                    queue.append(other)
        path = []
        at = came.get(end)
        while at is not None:
            path.append(at[1])
            at = came[at[0]]
        return path

    def _steps(
        self, point: Key, small: Count, moved: Mapping[Key, int], hidden: set[Key]
    ) -> Iterable[tuple[Key, tuple[Key, int, int]]]:
        for count in self.leaving.get(point, ()):
            room = self._reach(count, hidden)[1] - count.value - moved.get(count.key, 0)
            if count.key != small.key and room > 0:
                yield count.target, (count.key, 1, room)
        for count in self.arriving.get(point, ()):
            room = count.value + moved.get(count.key, 0) - self._reach(count, hidden)[0]
            if count.key != small.key and room > 0:
                yield count.source, (count.key, -1, room)

    def _reach(self, count: Count, hidden: set[Key]) -> tuple[int, int]:
        return (1, _NO_BOUND) if count.key in hidden else self.profile.reach(count.value)
