"""Charts: few colours that can be told apart, words for those who do not see them, the same picture each time."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from openpbc.ui import charts, drawing
from openpbc.ui.charts import Chart, Point


def sample(kind="bars", series=2):
    points = tuple(Point(x, f"Series {n}", float(n + 1)) for x in ("WatCom", "DatCom") for n in range(series))
    return Chart("budgets", "Budgets <2008/09>", "WatCom & DatCom grow.", "plan", points, "£ million", kind)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_stand_out_from_the_background_and_differ():
    assert len(charts.COLOURS) <= 4
    assert all(contrast(colour, "#ffffff") >= 3 for colour in charts.COLOURS)
    assert all(one != other for one, other in combinations(charts.COLOURS, 2))


@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_a_picture_says_what_it_shows_and_loads_nothing(kind):
    drawn = drawing.svg(sample(kind))
    tree = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert tree.find(f"{space}title").text == "Budgets <2008/09>"
    assert tree.find(f"{space}desc").text == "WatCom & DatCom grow."
    assert "<script" not in drawn
    assert "href" not in drawn.replace("xmlns:xlink", "")


def test_the_same_chart_is_the_same_picture():
    first = drawing.svg(sample())
    drawing._drawn.cache_clear()
    assert drawing.svg(sample()) == first


def test_series_differ_by_more_than_colour_in_line_charts():
    encoding = drawing.specification(sample("lines", series=4))["encoding"]
    assert len(encoding["strokeDash"]["scale"]["range"]) == 4


def test_five_series_are_too_many():
    with pytest.raises(ValueError, match="more than 4"):
        drawing.specification(sample(series=5))
