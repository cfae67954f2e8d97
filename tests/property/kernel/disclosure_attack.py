"""Readers who try to work out small counts from what was published, and a second, naive way to protect a line.

Nothing here shares code with the rule: the readers know only marks, printed counts, and which counts add up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

NO_BOUND = 10**9
Bounds = tuple[int, int]


def known(mark: int | None, threshold: int, rounding: int) -> Bounds:
    """What one printed count says: None is a mark, behind which anything above nought may be."""
    if mark is None:
        return 1, NO_BOUND
    if mark == 0:
        return 0, 0
    fitting = [
        n
        for n in range(max(threshold + 1, mark - rounding), mark + rounding)
        if (2 * n + rounding) // (2 * rounding) * rounding == mark
    ]
    return fitting[0], fitting[-1]


def read_table(
    table: Mapping[Any, Sequence[int]], hidden: Collection[Any], threshold: int, rounding: int
) -> tuple[dict[Any, Bounds], list[tuple[list[Any], list[Any]]]]:
    """What a reader of a table knows before any arithmetic, and all that adds up: columns, and rows of three.

    Cells are (row, column) with ``total`` as one more row. A row of one count is never hidden for nought; of a wider
    one nobody can tell which of its counts is the small one.
    """
    width = max((len(row) for row in table.values()), default=0)
    rows = {**table, "total": [sum(row[at] for row in table.values()) for at in range(width)]}
    bounds = {}
    for key, row in rows.items():
        for at, count in enumerate(row):
            mark = None if key in hidden else (2 * count + rounding) // (2 * rounding) * rounding
            least, most = known(mark, threshold, rounding) if mark is None or count else (0, 0)
            bounds[key, at] = (least if width == 1 else 0, most) if mark is None else (least, most)
    equations = [([(key, at) for key in table], [("total", at)]) for at in range(width)]
    if width == 3:  # those that count, those that do not, and all
        equations += [([(key, 0), (key, 1)], [(key, 2)]) for key in rows]
    return bounds, equations


def propagate(bounds: dict[Any, Bounds], equations: Sequence[tuple[Sequence[Any], Sequence[Any]]]) -> dict[Any, Bounds]:
    """Narrow every count by every equation (these add up to the same as those) until nothing changes any more."""
    now, changed = dict(bounds), True
    while changed:
        changed = False
        for left, right in equations:
            for here, there in ((left, right), (right, left)):
                for key in here:
                    others = [now[other] for other in here if other != key]
                    most = sum(now[other][1] for other in there) - sum(least for least, _ in others)
                    least = sum(now[other][0] for other in there) - sum(most for _, most in others)
                    narrowed = max(now[key][0], least), min(now[key][1], most)
                    assert narrowed[0] <= narrowed[1], "the published table cannot be"
                    changed |= narrowed != now[key]
                    now[key] = narrowed
    return now


def cuts(bounds: Mapping[Any, Bounds], ends: Mapping[Any, tuple[Any, Any]], key: Any) -> Bounds:
    """What a linear programme would prove of a count, by looking at every way to cut the points of the table in two.

    What leaves a set of points is what enters it, so a count that leaves it is at most all that can enter less the
    least that leaves beside it. Over all sets that is exact (Hoffman's circulation theorem).
    """
    points = sorted({point for pair in ends.values() for point in pair}, key=str)
    source, target = ends[key]
    least, most = bounds[key]
    for chosen in _subsets(points):
        leaving = [other for other, (a, b) in ends.items() if a in chosen and b not in chosen and other != key]
        entering = [other for other, (a, b) in ends.items() if a not in chosen and b in chosen and other != key]
        if source in chosen and target not in chosen:
            most = min(most, sum(bounds[one][1] for one in entering) - sum(bounds[one][0] for one in leaving))
            least = max(least, sum(bounds[one][0] for one in entering) - sum(bounds[one][1] for one in leaving))
    return least, most


def _subsets(points: Sequence[Any]) -> Iterator[set[Any]]:
    for size in range(1, len(points)):
        for chosen in combinations(points, size):
            yield set(chosen)


def naive_line(values: Sequence[int], threshold: int, rounding: int) -> tuple[list[int | None], int | None]:
    """Protect one line by the plain formula for one sum, in the rule's order of hiding and showing again."""
    counts = [*values, sum(values)]
    small = {at for at, count in enumerate(counts) if 1 <= count <= threshold}
    order = sorted(range(len(values)), key=lambda at: (counts[at], str(at)))
    order.append(len(values))
    hidden = set(small)

    def reach(at: int) -> Bounds:
        mark = None if at in hidden else (2 * counts[at] + rounding) // (2 * rounding) * rounding
        return known(mark, threshold, rounding)

    def safe(at: int) -> bool:
        if at == len(values):
            return True  # a small total has small parts only, all of them hidden
        others = [reach(other) for other in range(len(values)) if other != at]
        least, most = reach(len(values))
        return least - sum(high for _, high in others) <= 1 and most - sum(low for low, _ in others) >= threshold

    for at in order:
        while at in small and not safe(at):
            hidden.add(next(other for other in order if counts[other] and other not in hidden))
    for at in reversed(order):
        if at in hidden - small:
            hidden.remove(at)
            if not all(safe(one) for one in small):
                hidden.add(at)
    shown = [None if at in hidden else (2 * n + rounding) // (2 * rounding) * rounding for at, n in enumerate(counts)]
    return shown[:-1], shown[-1]
