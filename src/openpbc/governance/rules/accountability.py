"""Lines of account as layers: whoever answers to somebody stands below them, however long the way up is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ACCOUNTS, BELONGS = "accounts to", "is part of"


@dataclass(frozen=True, order=True)
class Line:
    """That one answers to another, or is part of it: for what, until when as far as known, and by which source."""

    who: str
    whom: str
    how: str = ACCOUNTS
    about: str = ""
    source: str = ""
    until: str = ""


@dataclass(frozen=True)
class Layers:
    """Those who answer to nobody first, then those who answer to them, and so on; ``circles`` are lines that lead back.

    Each layer's order puts everybody as near as may be below those to whom they answer.
    """

    rows: tuple[tuple[str, ...], ...]
    circles: tuple[Line, ...]


def one_each(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Give one line for each pair: of several sources of the same line the first that says for what it is."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        before = found.get((line.who, line.whom))
        if before is None or (line.about and not before.about):
            found[line.who, line.whom] = line
    return tuple(sorted(found.values()))


def layers(lines: Iterable[Line]) -> Layers:
    """Put everybody who stands in any line into layers."""
    every = one_each(lines)
    above: dict[str, list[str]] = {}
    for line in every:
        above.setdefault(line.who, []).append(line.whom)
        above.setdefault(line.whom, [])
    depth: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    for name in sorted(above):
        _depth(name, above, depth, back)
    _lower(depth, every, back)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in sorted(depth):
        rows[depth[name]].append(name)
    circles = tuple(line for line in every if (line.who, line.whom) in back)
    return Layers(_ordered(rows, above), circles)


def _depth(start: str, above: dict[str, list[str]], depth: dict[str, int], back: set[tuple[str, str]]) -> None:
    """Find how deep one stands: one below the deepest of those above; a line that closes a circle is set aside."""
    path, waiting = [start], {start: list(above[start])}
    while path:
        name = path[-1]
        if name in depth:
            path.pop()
            continue
        while waiting[name]:
            next_one = waiting[name].pop()
            if next_one in path:
                back.add((name, next_one))
            elif next_one not in depth:
                path.append(next_one)
                waiting.setdefault(next_one, list(above[next_one]))
                break
        else:
            counted = [depth[each] for each in above[name] if (name, each) not in back]
            depth[name] = max(counted, default=-1) + 1
            path.pop()


def _lower(depth: dict[str, int], lines: Iterable[Line], back: set[tuple[str, str]]) -> None:
    """Bring everybody down to just above the highest of those who answer to them, so that lines are short."""
    below: dict[str, list[str]] = {}
    for line in lines:
        if (line.who, line.whom) not in back:
            below.setdefault(line.whom, []).append(line.who)
    for name in sorted(below, key=lambda name: (-depth[name], name)):
        depth[name] = min(depth[each] for each in below[name]) - 1


def _ordered(rows: list[list[str]], above: dict[str, list[str]]) -> tuple[tuple[str, ...], ...]:
    """Order each layer by where those above stand, counted in shares of the row in parts per thousand."""
    place: dict[str, int] = {}
    ordered: list[tuple[str, ...]] = []
    for row in rows:
        row.sort(key=lambda name: (_middle(name, above, place), name))
        place |= {name: 1_000 * (2 * at + 1) // (2 * len(row)) for at, name in enumerate(row)}
        ordered.append(tuple(row))
    return tuple(ordered)


def _middle(name: str, above: dict[str, list[str]], place: dict[str, int]) -> int:
    known = [place[each] for each in above[name] if each in place]
    return sum(known) // len(known) if known else 500
