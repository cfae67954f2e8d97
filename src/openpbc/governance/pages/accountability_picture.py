"""Lines of account as a still picture: boxes in layers, a line from each to those to whom it answers.

It needs no program in the browser, and the table beside it says the same in words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape

from openpbc.governance.reads.accountability import Accountability
from openpbc.governance.rules.accountability import BELONGS
from openpbc.ui.pages import capital

INK, LINE, BODY, OTHER, BACK = "#212b32", "#4c6272", "#d2e6f7", "#ffffff", "#ffffff"
WIDE, HIGH, ACROSS, DOWN, MARGIN = 150, 58, 22, 56, 12
LETTERS, MOST_LINES = 20, 3


def svg(shown: Accountability, title: str) -> str:
    """Draw who answers to whom: bodies of the place are tinted, a part of a whole has a broken line."""
    rows = shown.layers.rows
    across = max((len(row) for row in rows), default=1)
    width = 2 * MARGIN + across * WIDE + (across - 1) * ACROSS
    height = 2 * MARGIN + len(rows) * HIGH + max(len(rows) - 1, 0) * DOWN
    corners = dict(_corners(rows, width))
    parts = (*_lines(shown, corners), *_boxes(shown, corners))
    told = f"{title}. The table beside the picture says the same in words."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(told)}" font-family="Arial, sans-serif" fill="{INK}">'
        f'<defs><marker id="openpbc-up" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"'
        f' orient="auto"><path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>'
        f'<rect width="{width}" height="{height}" fill="{BACK}"/>{"".join(parts)}</svg>'
    )


def _corners(rows: tuple[tuple[str, ...], ...], width: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give the upper left corner of each box: every layer stands in the middle."""
    for down, row in enumerate(rows):
        left = (width - len(row) * WIDE - (len(row) - 1) * ACROSS) // 2
        for at, code in enumerate(row):
            yield code, (left + at * (WIDE + ACROSS), MARGIN + down * (HIGH + DOWN))


def _lines(shown: Accountability, corners: dict[str, tuple[int, int]]) -> Iterator[str]:
    for line in shown.lines:
        (x, y), (to_x, to_y) = corners[line.who], corners[line.whom]
        dash = ' stroke-dasharray="6 4"' if line.how == BELONGS else ""
        middle, top = x + WIDE // 2, to_x + WIDE // 2
        bend = to_y + HIGH + DOWN // 2
        yield (
            f'<polyline points="{middle},{y} {top},{bend} {top},{to_y + HIGH}" fill="none" stroke="{LINE}"'
            f' stroke-width="1.5"{dash} marker-end="url(#openpbc-up)"/>'
        )


def _boxes(shown: Accountability, corners: dict[str, tuple[int, int]]) -> Iterator[str]:
    for code, (x, y) in corners.items():
        one = shown.standing[code]
        fill = BODY if one.body else OTHER
        yield f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="5" fill="{fill}" stroke="{INK}"/>'
        words = textwrap.wrap(capital(one.name), LETTERS)
        if len(words) > MOST_LINES:
            words = [*words[: MOST_LINES - 1], f"{words[MOST_LINES - 1]} ..."]
        first = y + (HIGH - 15 * len(words)) // 2 + 12
        for at, text in enumerate(words):
            yield (
                f'<text x="{x + WIDE // 2}" y="{first + 15 * at}" font-size="12" text-anchor="middle">'
                f"{escape(text)}</text>"
            )
