"""A diagram as a still picture: SVG from its author's own drawing, with the present place of a case marked.

It needs no program in the browser, prints, and is never the only way to read the process: a list of steps stands
beside it on every page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from html import escape

from openpbc.casework.pictures import Edge, Shape
from openpbc.casework.process import CALL, END, EVENT, GATEWAY, MESSAGE, PARALLEL, START, Node, Process

INK, PALE, HERE, LINE, BACK = "#212b32", "#d8dde0", "#ffeb3b", "#4c6272", "#ffffff"
MARGIN = 12
# How far a picture of what is near reaches to each side of what is marked, and above and below what it shows.
NEAR, ABOVE = 430, 130
_ROUND = (START, END, EVENT, MESSAGE)


def svg(process: Process, here: Collection[str] = (), passed: Collection[str] = (), *, only_near: bool = False) -> str:
    """Draw a process; what waits at a step of a called process waits at the thing that calls it.

    ``only_near`` draws what lies around the present place, so that it is seen without scrolling.
    """
    marked = {_drawn(process, id) for id in here}
    walked = {_drawn(process, id) for id in passed} - marked
    shapes = {shape.id: shape for shape in process.picture.shapes}
    nodes = [node for node in process.nodes if node.id in shapes]
    x, y, width, height = frame = _near(process, marked) if only_near and marked else _frame(process)
    parts = [
        *_ways_back(process, shapes, frame),
        *_lanes(process, shapes, (x, y)),
        *(part for edge in process.picture.edges for part in _edge(process, edge)),
        *(part for node in nodes for part in _thing(node, shapes[node.id], node.id in marked, node.id in walked)),
    ]
    title = f"{process.name}: the steps and their order"
    names = ", ".join(node.name for node in nodes if node.id in marked)
    told = f"The case is at: {names}." if names else "The list of steps beside the picture says the same in words."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(f"{title}. {told}")}" font-family="Arial, sans-serif" fill="{INK}">'
        f'<defs><marker id="openpbc-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"'
        f' orient="auto"><path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>'
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{BACK}"/>{"".join(parts)}</svg>'
    )


def _drawn(process: Process, id: str) -> str:
    """Give the thing that is drawn for one: itself, or what calls its process."""
    node = process.node(id)
    while node.process != process.id:
        node = next(each for each in process.nodes if each.kind == CALL and each.calls == node.process)
    return node.id


def _near(process: Process, marked: Collection[str]) -> tuple[int, int, int, int]:
    """Give the part of the drawing around what is marked: it, what leads there and what follows."""
    near = {flow.target for flow in process.flows if flow.source in marked} | set(marked)
    near |= {flow.source for flow in process.flows if flow.target in marked}
    centre = [each for each in process.picture.shapes if each.id in marked]
    left = min(each.x for each in centre) - NEAR
    right = max(each.x + each.width for each in centre) + NEAR
    kept = [each for each in process.picture.shapes if each.id in near and left <= each.x <= right]
    x, top, _, height = _frame(process)
    x, y = max(left, x), max(min(each.y for each in kept) - ABOVE, top)
    return x, y, right - x, min(max(each.y + each.height for each in kept) + ABOVE, top + height) - y


def _ways_back(process: Process, shapes: dict[str, Shape], frame: tuple[int, int, int, int]) -> Iterator[str]:
    """Name the strip above the lanes in which arrows lead back, where there is one."""
    tops = [shapes[lane.code].y for lane in process.lanes if lane.code in shapes]
    x, y, width, _ = frame
    if tops and min(tops) - y > 4 * MARGIN:
        strip = Shape("", x + MARGIN, y + MARGIN, width - 2 * MARGIN, min(tops) - y - 2 * MARGIN)
        yield _box(strip, fill=BACK, stroke=PALE)
        yield from _words("Ways back to an earlier step", strip.x + 6, strip.y + 16, 14, 10, "start", bold=True)


def _frame(process: Process) -> tuple[int, int, int, int]:
    corners = [(shape.x, shape.y) for shape in process.picture.shapes]
    corners += [(shape.x + shape.width, shape.y + shape.height) for shape in process.picture.shapes]
    corners += [point for edge in process.picture.edges for point in edge.points]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top = min(xs, default=0) - MARGIN, min(ys, default=0) - MARGIN
    return left, top, max(xs, default=0) + MARGIN - left, max(ys, default=0) + MARGIN - top


def _lanes(process: Process, shapes: dict[str, Shape], corner: tuple[int, int]) -> Iterator[str]:
    """Draw the lanes; the name of one that begins outside the picture stands at its edge."""
    left, top = corner
    for number, lane in enumerate(process.lanes):
        shape = shapes.get(lane.code)
        if shape is None:
            continue
        fill = "#f0f4f5" if number % 2 == 0 else BACK
        yield _box(shape, fill=fill, stroke=PALE)
        if shape.y + shape.height < top + 3 * MARGIN:
            continue
        yield from _words(lane.name, max(shape.x, left) + 6, max(shape.y, top) + 16, 14, 10, "start", bold=True)


def _edge(process: Process, edge: Edge) -> Iterator[str]:
    if len(edge.points) < 2:
        return
    path = " ".join(f"{x},{y}" for x, y in edge.points)
    yield f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="1.2" marker-end="url(#openpbc-tip)"/>'
    flow = next((flow for flow in process.flows if flow.id == edge.id), None)
    if flow is None or not flow.name:
        return
    pairs = list(zip(edge.points, edge.points[1:], strict=False))
    (x, y), (to, _) = max(pairs, key=lambda pair: abs(pair[1][0] - pair[0][0]) * (pair[0][1] == pair[1][1]))
    at = min(x, to) + 4 if abs(to - x) < 300 else (x + to) // 2
    yield f'<text x="{at}" y="{y - 3}" font-size="9" fill="{LINE}">{escape(flow.name)}</text>'


def _thing(node: Node, shape: Shape, here: bool, walked: bool) -> Iterator[str]:
    fill = HERE if here else PALE if walked else BACK
    wide = 3 if here else 1
    middle, centre = shape.x + shape.width // 2, shape.y + shape.height // 2
    if node.kind in (GATEWAY, PARALLEL):
        points = (
            f"{middle},{shape.y} {shape.x + shape.width},{centre} {middle},{shape.y + shape.height} {shape.x},{centre}"
        )
        yield f'<polygon points="{points}" fill="{fill}" stroke="{INK}" stroke-width="{wide}"/>'
        yield f'<text x="{middle}" y="{centre + 5}" font-size="15" text-anchor="middle">{_sign(node)}</text>'
        yield from _words(node.name, middle, shape.y + shape.height + 10, 16, 9, "middle")
    elif node.kind in _ROUND:
        thick = 4 if node.kind == END else wide
        radius = min(shape.width, shape.height) // 2
        yield f'<circle cx="{middle}" cy="{centre}" r="{radius}" fill="{fill}" stroke="{INK}" stroke-width="{thick}"/>'
        if node.kind in (EVENT, MESSAGE):
            yield f'<circle cx="{middle}" cy="{centre}" r="{radius - 4}" fill="none" stroke="{INK}"/>'
        yield from _words(node.name, middle, shape.y + shape.height + 12, 16, 10, "middle")
    else:
        yield _box(shape, fill=fill, stroke=INK, wide=2 if node.kind == CALL and not here else wide, corner=6)
        label = f"{node.id}{' (here)' if here else ''}"
        yield f'<text x="{shape.x + 6}" y="{shape.y + 13}" font-size="10" font-weight="bold">{escape(label)}</text>'
        yield from _words(node.name, middle, shape.y + 29, 17, 12, "middle")
        yield from _words(node.within, middle, shape.y + shape.height + 11, 30, 9, "middle")


def _sign(node: Node) -> str:
    return "+" if node.kind == PARALLEL else "\u00d7"


def _box(shape: Shape, *, fill: str, stroke: str, wide: int = 1, corner: int = 0) -> str:
    return (
        f'<rect x="{shape.x}" y="{shape.y}" width="{shape.width}" height="{shape.height}" rx="{corner}"'
        f' fill="{fill}" stroke="{stroke}" stroke-width="{wide}"/>'
    )


def _words(text: str, x: int, y: int, across: int, size: int, anchor: str, *, bold: bool = False) -> Iterator[str]:
    weight = ' font-weight="bold"' if bold else ""
    for number, line in enumerate(textwrap.wrap(text, across)[:4]):
        down = y + number * (size + 2)
        yield f'<text x="{x}" y="{down}" font-size="{size}" text-anchor="{anchor}"{weight}>{escape(line)}</text>'
