"""How far published budgets lie from fair share, and what the source claims about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.reads import cells
from openpbc.finance.reads.scenarios import SHARES
from openpbc.finance.rules.distance import Distance, distances
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

POINTS = "fair_shares.distance_points"


@dataclass(frozen=True)
class DistancePoint:
    """One set of published budgets: distances by group, and the claim of the source with our note on it."""

    code: str
    title: str
    columns: tuple[str, ...]
    total: int
    groups: tuple[Distance, ...]
    claim: str
    note: str

    def group(self, code: str) -> Distance:
        """Find one group's distance."""
        return next(found for found in self.groups if found.code == code)


@dataclass(frozen=True)
class DistanceReport:
    """Where the groups start from, and each later point; the same shares apply at every point."""

    points: tuple[DistancePoint, ...]
    names: Mapping[str, str]
    status: str
    note: str

    is_set = True

    def point(self, code: str) -> DistancePoint:
        """Find one point."""
        return next(point for point in self.points if point.code == code)

    def moved_away(self, code: str) -> tuple[str, ...]:
        """Which groups lie relatively further from their share at a point than at the start."""
        start = self.points[0]
        return tuple(
            later.code
            for later in self.point(code).groups
            if abs(later.ppm or 0) > abs(start.group(later.code).ppm or 0)
        )


def distance_report(book: Book) -> DistanceReport | NotSet:
    """Measure every published set of budgets against the shares; money in pence."""
    listed, shares = book.table(POINTS), book.table(SHARES)
    if isinstance(shares, NotSet):
        return shares
    if isinstance(listed, NotSet):
        return listed
    weights = {row["code"]: int(row["weight"]) for row in shares}
    points = []
    for row in listed:
        values = column_sums(book, row["columns"])
        if isinstance(values, NotSet):
            return values
        total = sum(values.values())
        groups = tuple(distances(values, total, weights).values())
        names = tuple(row["columns"].split())
        points.append(DistancePoint(row["code"], row["title"], names, total, groups, row["claim"], row["note"]))
    return DistanceReport(tuple(points), {r["code"]: r["name"] for r in shares}, str(shares.status), listed.note)


def column_sums(book: Book, names: str) -> Mapping[str, int] | NotSet:
    """Add up columns group by group."""
    sums: dict[str, int] = {}
    for name in names.split():
        column = cells.column_of(book, name)
        if isinstance(column, NotSet):
            return column
        for code, amount in column.items():
            sums[code] = sums.get(code, 0) + amount
    return sums
