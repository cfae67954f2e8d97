"""The financial plan: what is committed of the allocation, what is left, and what a deposit leaves of that."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.rules.adding_up import Line, Statement
from openpbc.kernel.steps import Step

COMMITTED = "plan-committed"
UNCOMMITTED = "plan-uncommitted"
BALANCE = "plan-balance"


@dataclass(frozen=True)
class PrintedResults:
    """The results that a published plan prints, in pence; none where it prints none."""

    committed: int | None = None
    uncommitted: int | None = None


@dataclass(frozen=True)
class Plan:
    """The plan under one deposit (a positive sum that leaves the plan). Amounts in pence, printed results kept."""

    funding: tuple[Line, ...]
    spending: tuple[Line, ...]
    printed: PrintedResults
    deposit: int

    @property
    def allocation(self) -> int:
        """All money of the year."""
        return sum(line.amount for line in self.funding)

    @property
    def committed(self) -> Statement:
        """The spending lines and what they add up to."""
        return Statement(COMMITTED, self.spending, self.printed.committed)

    @property
    def uncommitted(self) -> Statement:
        """The allocation less every spending line; the printed result, if there is one, stands."""
        less = tuple(Line(s.code, f"Less: {s.label}", -s.amount, s.citation, s.address) for s in self.spending)
        return Statement(UNCOMMITTED, (*self.funding, *less), self.printed.uncommitted)

    @property
    def balance(self) -> int:
        """What the deposit leaves of the money that is not committed."""
        return self.uncommitted.total - self.deposit

    @property
    def balance_steps(self) -> tuple[Step, ...]:
        """The balance as steps."""
        return (*self.uncommitted.steps, Step(BALANCE, "Less: deposit", -self.deposit))
