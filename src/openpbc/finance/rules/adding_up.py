"""Statements that add up: signed lines, the sum that they make, and the printed total beside it.

A printed total that differs from its lines is kept as printed; the difference is a step of its own, never mended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import thousands
from openpbc.kernel.steps import Step


@dataclass(frozen=True)
class Line:
    """One signed line of a statement, in pence; ``address`` is where the line itself is explained."""

    code: str
    label: str
    amount: int
    citation: Citation | None = None
    address: str = ""


@dataclass(frozen=True)
class Statement:
    """Lines, and the total printed under them (none where the total is not printed)."""

    rule: str
    lines: tuple[Line, ...]
    printed: int | None = None

    @property
    def recomputed(self) -> int:
        """What the lines add up to."""
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        """The total that the papers carry: as printed where it is printed."""
        return self.recomputed if self.printed is None else self.printed

    @property
    def difference(self) -> int:
        """Printed less recomputed."""
        return self.total - self.recomputed

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines as steps, and the recorded difference if there is one; together they give ``total``."""
        return (*(line_step(self.rule, line) for line in self.lines), *difference_step(self.rule, self.difference))


def line_step(rule: str, line: Line) -> Step:
    """Turn a line into a step."""
    inputs = (("as printed", thousands(line.amount)),)
    return Step(rule, line.label, line.amount, inputs, line.citation, line.address)


def difference_step(rule: str, difference: int) -> Iterable[Step]:
    """Give the step that keeps a printed total as printed; none where it agrees with its lines."""
    if not difference:
        return ()
    return (Step(rule, "Printed total less the sum of its printed parts: kept as printed, not mended", difference),)
