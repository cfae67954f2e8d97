"""A cited figure as a cell: its unit decides how it is printed, its address leads to its explanation."""

from __future__ import annotations

from openpbc.redesign.reads.cited import Cited
from openpbc.ui.figures import Cell, Figure, Missing, Style

_STYLES = {"pence": Style.PENCE, "count": Style.COUNT, "ppm": Style.PERCENT}


def figure_or_why(pence: int | None, address: str, why: str) -> Cell:
    """A sum that explains itself, or why there is none."""
    return Missing(why=why) if pence is None else Figure(pence, Style.PENCE, address)


def cited_figure(cited: Cited) -> Cell:
    """The figure; one that cannot be read says why."""
    if cited.why:
        return Missing(why=cited.why)
    if cited.unit not in _STYLES:
        return Figure(cited.value, Style.COUNT, cited.address)
    return Figure(cited.value, _STYLES[cited.unit], cited.address)
