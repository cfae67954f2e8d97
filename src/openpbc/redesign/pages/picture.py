"""A pathway as a picture: three lanes, one a setting, and a box a stage in the order in which a patient meets them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from openpbc.redesign.rules.pathway import SETTINGS, PathwayStage
from openpbc.ui.pages import capital

_BOX, _GAP, _LANE, _LEFT, _LINE = 150, 34, 112, 12, 15
_LETTERS, _MOST_LINES = 20, 4
_INK, _BLUE, _FILLS = "#212b32", "#005eb8", ("#f0f4f5", "#ffffff")
_TITLE_HEIGHT = 26


def pathway_svg(stages: Sequence[PathwayStage], title: str) -> str:
    """Draw a pathway; its text alternative is :func:`pathway_sentence`."""
    width = max(_LEFT * 2 + len(stages) * (_BOX + _GAP), 420)
    height = len(SETTINGS) * _LANE
    lanes = "".join(_lane(at, width) for at in range(len(SETTINGS)))
    names = "".join(_name(at, text) for at, text in enumerate(SETTINGS.values()))
    arrows = "".join(_arrow(at, *pair) for at, pair in enumerate(zip(stages, stages[1:], strict=False)))
    boxes = "".join(_box(at, stage) for at, stage in enumerate(stages))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" font-family="Arial, sans-serif" font-size="13"><title>{escape(title)}</title>'
        f'<desc>{escape(pathway_sentence(stages))}</desc><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4"'
        f' markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="{_INK}"/></marker></defs>'
        f"{lanes}{arrows}{boxes}{names}</svg>"
    )


def pathway_sentence(stages: Sequence[PathwayStage]) -> str:
    """The pathway in words, for those who cannot see the picture."""
    if not stages:
        return "The pathway has no stage yet."
    told = (f"in {SETTINGS[each.setting].lower()}: {each.what.rstrip('.')}." for each in stages)
    return capital(" Then ".join(told))


def _top(stage: PathwayStage) -> int:
    return list(SETTINGS).index(stage.setting) * _LANE + _TITLE_HEIGHT


def _left(at: int) -> int:
    return _LEFT + at * (_BOX + _GAP)


def _lane(at: int, width: int) -> str:
    return f'<rect x="0" y="{at * _LANE}" width="{width}" height="{_LANE}" fill="{_FILLS[at % 2]}"/>'


def _name(at: int, text: str) -> str:
    """The name of a lane, over the arrows that cross it."""
    edge = f'stroke="{_FILLS[at % 2]}" stroke-width="5" paint-order="stroke"'
    return f'<text x="{_LEFT}" y="{at * _LANE + 17}" fill="{_INK}" {edge} font-weight="bold">{escape(text)}</text>'


def _box(at: int, stage: PathwayStage) -> str:
    left, top, height = _left(at), _top(stage), _LANE - _TITLE_HEIGHT - 8
    moved = ' stroke-dasharray="6 3"' if stage.leaves_hospital else ""
    told = wrap(stage.what, _LETTERS) or [""]
    shown = (
        told if len(told) <= _MOST_LINES else [*told[: _MOST_LINES - 1], told[_MOST_LINES - 1][: _LETTERS - 1] + "…"]
    )
    first = top + 18
    words = "".join(
        f'<text x="{left + 8}" y="{first + line * _LINE}" fill="{_INK}">{escape(text)}</text>'
        for line, text in enumerate(shown)
    )
    return (
        f'<rect x="{left}" y="{top}" width="{_BOX}" height="{height}" rx="4" fill="#ffffff" stroke="{_BLUE}"'
        f' stroke-width="2"{moved}/>{words}'
    )


def _arrow(at: int, here: PathwayStage, there: PathwayStage) -> str:
    middle = (_LANE - _TITLE_HEIGHT - 8) // 2
    start, end = (_left(at) + _BOX, _top(here) + middle), (_left(at + 1) - 3, _top(there) + middle)
    half = (start[0] + end[0]) // 2
    return (
        f'<path d="M{start[0]} {start[1]} H{half} V{end[1]} H{end[0]}" fill="none" stroke="{_INK}" stroke-width="1.5"'
        ' marker-end="url(#tip)"/>'
    )
