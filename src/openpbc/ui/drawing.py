"""Draws charts as SVG, by way of a Vega-Lite specification.

Its libraries take long to load: this file is imported where a picture is drawn, not at the start.
"""

from __future__ import annotations

import json
from functools import lru_cache
from textwrap import wrap
from typing import Any

import altair
import vl_convert

from openpbc.ui.charts import COLOURS, DASHES, MOST_SERIES, Chart

FONT = "Liberation Sans, Arial, sans-serif"
INK, GRID = "#212b32", "#d8dde0"
WIDTH, HEIGHT = 640, 320
# For phones: drawn anew, not shrunk, so that the words stay as large as those of the page.
NARROW_WIDTH, NARROW_HEIGHT = 200, 240
# How much of a title and of the lines below it fits across a picture.
TITLE_LETTERS, LINE_LETTERS = 70, 100


def specification(chart: Chart, *, narrow: bool = False, told: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give the Vega-Lite specification: the same chart always gives the same one.

    ``told`` are lines of text that are drawn under the title of a picture that is taken away from its page: what it
    rests on and as at which day. On the page itself the words stand beside the picture.
    """
    if len(chart.series) > MOST_SERIES:
        raise ValueError(f"chart {chart.id}: more than {MOST_SERIES} series cannot be told apart")
    values = [{"x": point.x, "series": point.series, "value": point.value} for point in chart.points]
    width, height = (NARROW_WIDTH, NARROW_HEIGHT) if narrow else (WIDTH, HEIGHT)
    base = altair.Chart(altair.InlineData(values=values), width=width, height=height)
    draw = _lines if chart.kind == "lines" else _bars
    drawn = draw(base, chart, _axes(chart, narrow), _legend(chart, narrow))
    if told:
        drawn = drawn.properties(title=_title(chart, told))
    return drawn.configure(**_looks()).to_dict()


def _title(chart: Chart, told: tuple[str, ...]) -> altair.TitleParams:
    lines = [line for text in told for line in wrap(text, LINE_LETTERS)]
    return altair.TitleParams(
        wrap(chart.title, TITLE_LETTERS), subtitle=lines, anchor="start", font=FONT, subtitleFont=FONT, color=INK,
        subtitleColor=INK, fontSize=18, subtitleFontSize=13, subtitlePadding=6, offset=14,
    )  # fmt: skip


def _axes(chart: Chart, narrow: bool) -> dict[str, Any]:
    order = list(dict.fromkeys(point.x for point in chart.points))
    return {
        "x": altair.X("x:N", sort=order, title=None, axis=altair.Axis(labelAngle=-60 if narrow else 0, labelLimit=150)),
        "y": altair.Y("value:Q", title=chart.axis),
    }


def _scale(chart: Chart) -> altair.Scale:
    return altair.Scale(domain=list(chart.series), range=list(COLOURS[: len(chart.series)]))


def _legend(chart: Chart, narrow: bool) -> altair.Legend | None:
    return altair.Legend(title=None, orient="top", columns=1 if narrow else 2) if len(chart.series) > 1 else None


def _bars(base: altair.Chart, chart: Chart, axes: dict[str, Any], legend: altair.Legend | None) -> altair.Chart:
    colour = altair.Color("series:N", scale=_scale(chart), legend=legend)
    offset = altair.XOffset("series:N", sort=list(chart.series))
    return base.mark_bar(stroke="#ffffff", strokeWidth=1).encode(**axes, color=colour, xOffset=offset)


def _lines(base: altair.Chart, chart: Chart, axes: dict[str, Any], legend: altair.Legend | None) -> altair.Chart:
    dash = altair.Scale(domain=list(chart.series), range=list(DASHES[: len(chart.series)]))
    return base.mark_line(point=True, strokeWidth=2.5).encode(
        **axes,
        color=altair.Color("series:N", scale=_scale(chart), legend=legend),
        strokeDash=altair.StrokeDash("series:N", scale=dash, legend=legend),
    )


def _looks() -> dict[str, Any]:
    words: dict[str, Any] = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 14, "titleFontSize": 14}
    inked = words | {"labelColor": INK, "titleColor": INK}
    return {
        "font": FONT,
        "background": "#ffffff",
        "axis": altair.AxisConfig(**inked, gridColor=GRID, domainColor=INK, tickColor=INK),
        "legend": altair.LegendConfig(**inked, labelLimit=320),
        "view": altair.ViewConfig(stroke=None),
    }


def svg(chart: Chart, *, narrow: bool = False, told: tuple[str, ...] = ()) -> str:
    """Draw a chart as SVG with its title and sentence inside, so that a saved picture still says what it shows."""
    spec = specification(chart, narrow=narrow, told=told)
    return _drawn(json.dumps(spec, sort_keys=True), chart.title, " ".join(told) or chart.sentence)


@lru_cache(maxsize=64)
def _drawn(spec: str, title: str, sentence: str) -> str:
    picture = vl_convert.vegalite_to_svg(spec)
    head, rest = picture.split(">", 1)
    return f'{head} role="img"><title>{_xml(title)}</title><desc>{_xml(sentence)}</desc>{rest}'


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
