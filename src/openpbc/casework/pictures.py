"""The drawing of a diagram: where its author put things, and the same as a still picture that needs no program."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lxml import etree

from openpbc.casework.markup import local
from openpbc.kernel.problems import UserError

FARTHEST = 100_000


@dataclass(frozen=True)
class Shape:
    """A thing's box, in whole points."""

    id: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Edge:
    """An arrow's corners."""

    id: str
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Picture:
    """Where everything is drawn."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    def shows(self, id: str) -> bool:
        """Whether a thing is drawn."""
        return any(shape.id == id for shape in self.shapes)

    def left_of(self, id: str) -> tuple[int, int]:
        """Give a thing's place from left to right, then from top to bottom; what is not drawn comes last."""
        return next(((shape.x, shape.y) for shape in self.shapes if shape.id == id), (FARTHEST, FARTHEST))


def read_picture(root: etree._Element, where: str) -> Picture:
    """Read the first drawing of the file."""
    plane = next((element for element in root.iter() if local(element) == "BPMNPlane"), None)
    if plane is None:
        raise UserError("the file holds no drawing", where=where, do="Save it with its diagram.")
    shapes = tuple(_shape(each, where) for each in plane if local(each) == "BPMNShape")
    edges = tuple(_edge(each, where) for each in plane if local(each) == "BPMNEdge")
    return Picture(shapes, edges)


def _shape(element: etree._Element, where: str) -> Shape:
    bounds = next((child for child in element if local(child) == "Bounds"), None)
    if bounds is None:
        raise UserError(
            f"the shape of '{element.get('bpmnElement')}' has no place",
            where=where,
            do="Draw it, and save the diagram again.",
        )
    x, y, width, height = (_whole(bounds, name, where) for name in ("x", "y", "width", "height"))
    return Shape(element.get("bpmnElement", ""), x, y, width, height)


def _edge(element: etree._Element, where: str) -> Edge:
    points = tuple(
        (_whole(child, "x", where), _whole(child, "y", where)) for child in element if local(child) == "waypoint"
    )
    return Edge(element.get("bpmnElement", ""), points)


def _whole(element: etree._Element, name: str, where: str) -> int:
    text = element.get(name, "0")
    try:
        number = math.floor(float(text))
    except (ValueError, OverflowError):
        number = FARTHEST + 1
    if abs(number) > FARTHEST:
        raise UserError(
            f"'{text[:20]}' is no place in a drawing",
            where=where,
            do="Save the diagram again from the tool that drew it.",
        )
    return number
