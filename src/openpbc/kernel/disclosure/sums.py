"""Which counts add up to which: tables as flows of people between points, where what flows in flows out.

A row total flows to the row's point and on, cell by cell, to the points of the columns; from there the column totals
flow to the end, and the grand total flows back to the start. Every sum that is printed is then a point, and what a
reader can work out about a cell is what can flow round it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

Key = Hashable
START, END = "start", "end"
TOTAL = "total"


@dataclass(frozen=True)
class Count:
    """One printed count: its key, the points between which it flows, and whether it is a sum of others."""

    key: Key
    value: int
    source: Key
    target: Key
    is_total: bool = False


@dataclass(frozen=True)
class Sums:
    """All the counts of one table; at every point as much flows in as out."""

    counts: tuple[Count, ...]

    def __post_init__(self) -> None:
        """Refuse counts that are none, keys that stand twice, and sums that do not add up."""
        if len({count.key for count in self.counts}) != len(self.counts):
            raise ValueError("two counts have one key")
        balance: dict[Key, int] = {}
        for count in self.counts:
            if isinstance(count.value, bool) or not isinstance(count.value, int) or count.value < 0:
                raise TypeError("disclosure control takes true counts from nought, and takes them once")
            balance[count.source] = balance.get(count.source, 0) - count.value
            balance[count.target] = balance.get(count.target, 0) + count.value
        if any(balance.values()):
            raise ValueError("the counts do not add up to their totals")


def line(parts: Mapping[Key, int]) -> Sums:
    """Take one line of parts with its total; the total's key is ``TOTAL``."""
    cells = [Count(key, value, START, END) for key, value in parts.items()]
    return Sums((*cells, Count(TOTAL, sum(parts.values()), END, START, is_total=True)))


def tree(groups: Mapping[Key, Mapping[Key, int]]) -> Sums:
    """Take parts in groups with a total a group and of all; keys are (group, part), (group, TOTAL), (TOTAL, TOTAL)."""
    counts: list[Count] = []
    for group, parts in groups.items():
        counts += [Count((group, key), value, START, ("group", group)) for key, value in parts.items()]
        counts.append(Count((group, TOTAL), sum(parts.values()), ("group", group), END, is_total=True))
    whole = sum(sum(parts.values()) for parts in groups.values())
    return Sums((*counts, Count((TOTAL, TOTAL), whole, END, START, is_total=True)))


def grid(rows: Sequence[Sequence[int]]) -> Sums:
    """Take a table with the totals of rows, of columns, and of all; keys are (row, column) with ``TOTAL`` in either."""
    columns = range(len(rows[0]) if rows else 0)
    cells = [
        Count((r, c), value, ("row", r), ("column", c)) for r, row in enumerate(rows) for c, value in enumerate(row)
    ]
    by_row = [Count((r, TOTAL), sum(row), START, ("row", r), is_total=True) for r, row in enumerate(rows)]
    by_column = [Count((TOTAL, c), sum(row[c] for row in rows), ("column", c), END, is_total=True) for c in columns]
    whole = Count((TOTAL, TOTAL), sum(map(sum, rows)), END, START, is_total=True)
    return Sums((*cells, *by_row, *by_column, whole))


def shares(pairs: Mapping[Key, tuple[int, int]]) -> Sums:
    """Take parts of wholes, such as those seen in time; keys are (key, "part"), (key, "rest") and (key, "whole").

    Whoever sees part and whole sees the rest, so the rest is protected as well. The wholes are not added up.
    """
    counts: list[Count] = []
    for key, (part, whole) in pairs.items():
        ends = (key, START), (key, END)
        counts += [Count((key, "part"), part, *ends), Count((key, "rest"), whole - part, *ends)]
        counts.append(Count((key, "whole"), whole, ends[1], ends[0], is_total=True))
    return Sums(tuple(counts))
