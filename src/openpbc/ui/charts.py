"""Charts by declaration: what is drawn is a table of the page, and the drawing is an SVG image at its own address.

A chart is drawn by ``drawing``, which is loaded when a picture is asked for.

At most four colours, each at least 3:1 against white and against its neighbour's outline, never colour alone: every
series has its own dash or edge too, and every chart comes with a sentence, its table and a CSV file. Blue is neutral.
"""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = ("#005eb8", "#212b32", "#7c4d00", "#007f3b")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
MOST_SERIES = len(COLOURS)
SVG_TYPE, PNG_TYPE = "image/svg+xml", "image/png"


@dataclass(frozen=True)
class Point:
    """One value of one series at one place on the axis; ``value`` is in the unit of the chart's axis."""

    x: str
    series: str
    value: float


@dataclass(frozen=True)
class Chart:
    """A chart: ``kind`` is bars or lines; ``sentence`` says in words what it shows; ``table`` is the table it draws."""

    id: str
    title: str
    sentence: str
    table: str
    points: tuple[Point, ...]
    axis: str
    kind: str = "bars"

    @property
    def series(self) -> tuple[str, ...]:
        """The names of the series in their order of first appearance."""
        return tuple(dict.fromkeys(point.series for point in self.points))
