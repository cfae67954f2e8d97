"""Cells of a decision table: which values one lets through. The subset of FEEL that everybody reads alike.

A cell is ``-`` (anything) or a list of constants, comparisons (``< 5``, ``>= 5``) and ranges (``[1..5]``, ``]1..5]``,
``[1..5[``), or ``not(...)`` around such a list. Constants are "text", whole numbers, ``true`` and ``false``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError

TEXT, NUMBER, FLAG = "text", "whole number", "true or false"
TYPES = {
    "string": TEXT, "boolean": FLAG, "number": NUMBER, "integer": NUMBER, "long": NUMBER, "": TEXT,
}  # fmt: skip
Plain = str | int | bool
# Facts whose name ends so count pence: files and the engine have them as whole numbers, people read pounds.
_MONEY = "_pence"

_CONSTANT = r'"[^"]*"|-?\d{1,18}|true|false'
_RANGE = re.compile(r"([\[\](])\s*(-?\d{1,18})\s*\.\.\s*(-?\d{1,18})\s*([\])\[])")
_TEST = re.compile(rf"\s*(?:(?P<range>{_RANGE.pattern})|(?P<op><=|>=|<|>)?\s*(?P<constant>{_CONSTANT}))\s*(?P<end>,|$)")
_SUBSET = 'Write -, a constant ("text", 12, true), a comparison (< 5), a range ([1..5]) or a list of these.'


@dataclass(frozen=True)
class Span:
    """Whole numbers from one to another, both included; none means without end."""

    low: int | None
    high: int | None

    def holds(self, value: int) -> bool:
        """Whether the number lies inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Cell:
    """What a cell lets through: everything, or the listed constants and spans; ``but`` turns the list round."""

    text: str
    anything: bool = False
    constants: frozenset[Plain] = frozenset()
    spans: tuple[Span, ...] = ()
    but: bool = False

    def holds(self, value: Plain) -> bool:
        """Whether the cell lets a value of the right type through."""
        if self.anything:
            return True
        number = isinstance(value, int) and not isinstance(value, bool)
        listed = value in self.constants or (number and any(span.holds(int(value)) for span in self.spans))
        return listed != self.but


def read_cell(text: str, kind: str, where: str) -> Cell:
    """Read a cell of a column that holds values of a kind."""
    text = " ".join(text.split())
    if text in ("", "-"):
        return Cell("-", anything=True)
    inside = re.fullmatch(r"not\s*\((.*)\)", text)
    constants: list[Plain] = []
    spans: list[Span] = []
    rest = inside[1] if inside else text
    at, more = 0, True
    while more:
        found = _TEST.match(rest, at)
        if found is None:
            raise UserError(f"'{text[:80]}' cannot be read", where=where, do=_SUBSET)
        _read_test(found, kind, constants, spans, where)
        at, more = found.end(), found["end"] == ","
    return Cell(text, constants=frozenset(constants), spans=tuple(spans), but=inside is not None)


def _read_test(found: re.Match[str], kind: str, constants: list[Plain], spans: list[Span], where: str) -> None:
    if found["range"]:
        spans.append(_span(found["range"], kind, where))
        return
    value = read_constant(found["constant"], kind, where)
    if not found["op"]:
        constants.append(value)
        return
    if kind != NUMBER:
        raise UserError(f"'{found[0].strip()}' compares what is no number", where=where, do=_SUBSET)
    number = int(value)
    above, below = (number + 1 if found["op"] == ">" else number), (number - 1 if found["op"] == "<" else number)
    spans.append(Span(above, None) if found["op"].startswith(">") else Span(None, below))


def _span(text: str, kind: str, where: str) -> Span:
    found = _RANGE.fullmatch(text)
    if found is None or kind != NUMBER:
        raise UserError(f"the range '{text}' is not one of whole numbers", where=where, do=_SUBSET)
    opens, low, high, closes = found.groups()
    span = Span(int(low) + (opens != "["), int(high) - (closes != "]"))
    if (span.low or 0) > (span.high or 0):
        raise UserError(f"the range '{text}' holds no number", where=where, do="Write the smaller end first.")
    return span


def read_constant(text: str, kind: str, where: str) -> Plain:
    """Read a constant of a kind."""
    text = text.strip()
    if kind == TEXT and re.fullmatch(r'"[^"]*"', text):
        return text[1:-1]
    if kind == NUMBER and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if kind == FLAG and text in ("true", "false"):
        return text == "true"
    raise UserError(f"'{text[:80]}' is no constant of the kind {kind}", where=where, do=_SUBSET)


def fits(value: object, kind: str) -> bool:
    """Whether a fact is of the kind that a column holds; True is no number."""
    if isinstance(value, bool):
        return kind == FLAG
    return isinstance(value, int if kind == NUMBER else str) and kind != FLAG


def samples(kind: str, cells: Iterable[Cell], listed: tuple[Plain, ...]) -> tuple[Plain, ...]:
    """Give one value of every part of a column in which its cells do not change their answers."""
    if listed:
        return listed
    if kind == FLAG:
        return (True, False)
    cells = list(cells)
    constants = {constant for cell in cells for constant in cell.constants}
    if kind == TEXT:
        return (*sorted(constants, key=str), "any other")
    starts = {int(one) for one in constants} | {int(one) + 1 for one in constants}
    for span in (span for cell in cells for span in cell.spans):
        starts |= {span.low} if span.low is not None else set()
        starts |= {span.high + 1} if span.high is not None else set()
    return tuple(sorted(starts | {min(starts, default=1) - 1}))


def said(value: Plain) -> str:
    """Write a constant as a cell does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def as_read(name: str, text: str) -> str:
    """Write what a cell or a constant says of a named fact as people read it: money in pounds."""
    return re.sub(r"-?\d+", lambda pence: pounds(int(pence[0])), text) if name.endswith(_MONEY) else text
