"""How much of the allocation reaches the groups: the total less what is held above them."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.rules.adding_up import Line, Statement
from openpbc.kernel.money import ratio_ppm

RULE = "funding-for-groups"


@dataclass(frozen=True)
class YearFunding:
    """One year's column: the total, the deductions (negative), and what is left for the groups, in pence."""

    column: str
    statement: Statement

    @property
    def for_groups(self) -> int:
        """What reaches the groups, as printed where it is printed."""
        return self.statement.total


@dataclass(frozen=True)
class Funding:
    """The years side by side, the earlier one first."""

    years: tuple[YearFunding, ...]

    @property
    def growth(self) -> int | None:
        """Growth of the groups' funding from the first year to the last, in parts per million."""
        before, after = self.years[0].for_groups, self.years[-1].for_groups
        return ratio_ppm(after - before, before) if before else None


def year_funding(column: str, lines: tuple[Line, ...], printed: int | None = None) -> YearFunding:
    """Add up one year's column; ``printed`` is its published total."""
    return YearFunding(column, Statement(RULE, lines, printed))
