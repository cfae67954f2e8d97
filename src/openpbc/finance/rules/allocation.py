"""The bridge from one year's revenue allocation to the next: each line says why the money changes."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.rules.adding_up import Line, Statement
from openpbc.kernel.money import ratio_ppm

RULE = "allocation-bridge"


@dataclass(frozen=True)
class BridgeLine:
    """One line of the bridge: whether the money comes back each year, and whether it is notified yet."""

    line: Line
    recurrence: str
    provisional: bool
    note: str = ""


@dataclass(frozen=True)
class Bridge:
    """The bridge; its first line is the allocation of the year before. Amounts in pence."""

    lines: tuple[BridgeLine, ...]
    statement: Statement

    @property
    def opening(self) -> int:
        """The allocation of the year before."""
        return self.lines[0].line.amount

    @property
    def total(self) -> int:
        """The allocation of the year, as printed where it is printed."""
        return self.statement.total

    @property
    def increase(self) -> int:
        """Growth of the allocation in pence."""
        return self.total - self.opening

    @property
    def increase_ppm(self) -> int | None:
        """Growth of the allocation in parts per million of the year before."""
        return ratio_ppm(self.increase, self.opening) if self.opening else None

    @property
    def provisional(self) -> tuple[BridgeLine, ...]:
        """The lines that nobody has notified yet."""
        return tuple(line for line in self.lines if line.provisional)


def bridge(lines: tuple[BridgeLine, ...], printed: int | None = None) -> Bridge:
    """Lay the bridge from its lines, the year before first; ``printed`` is the total as published, if it is."""
    if not lines:
        raise ValueError("a bridge has at least the allocation of the year before")
    return Bridge(lines, Statement(RULE, tuple(line.line for line in lines), printed))
