"""What makes a set of budgets: lines on accounts of the ledger, the sum rule, and the journals that put it in force.

A set says what every pound of the allocation is for: held by the commissioner, the budget of a group in scope or out of
scope, or a deposit of a group. It adds up to the penny, or it cannot be proposed. The set that comes into force after
another moves only the differences between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpbc.finance.rules.ledger import (
    ALLOCATION,
    DEPOSIT,
    GROUP,
    HELD,
    UNALLOCATED,
    AccountName,
    Entry,
    account_name,
)
from openpbc.kernel.money import LARGEST_SUM, pounds
from openpbc.kernel.problems import UserError

DRAFT, PROPOSED, APPROVED, SUPERSEDED, WITHDRAWN = "draft", "proposed", "approved", "superseded", "withdrawn"
STATES = {
    DRAFT: "Draft: may be changed",
    PROPOSED: "Proposed: waits for a decision",
    APPROVED: "This set counts",
    SUPERSEDED: "Superseded: another set came into force",
    WITHDRAWN: "Withdrawn",
}
OPEN = (DRAFT, PROPOSED)
KINDS = (HELD, GROUP, DEPOSIT)


@dataclass(frozen=True)
class Sums:
    """A set added up; money in pence. ``difference`` is what its lines are above the allocation."""

    allocation: int
    held: int
    groups: int
    deposits: int

    @property
    def lines(self) -> int:
        """All lines together."""
        return self.held + self.groups + self.deposits

    @property
    def difference(self) -> int:
        """Nought when the set adds up; negative when money of the allocation has no line."""
        return self.lines - self.allocation


def sums(allocation: int, lines: Mapping[str, int]) -> Sums:
    """Add up lines, given by account."""
    by_kind = dict.fromkeys(KINDS, 0)
    for account, pence in lines.items():
        by_kind[line_account(account).kind] += pence
    return Sums(allocation, by_kind[HELD], by_kind[GROUP], by_kind[DEPOSIT])


def line_account(code: str) -> AccountName:
    """Read the account of a line: what is held, a group's budget, or a group's deposit."""
    name = account_name(code)
    if name.kind not in KINDS:
        raise UserError(
            f"a set of budgets has no line for {code[:60]}", "account", "Name held/…, group/UNIT/… or deposit/UNIT."
        )
    return name


def check_amount(pence: int) -> int:
    """A line is nought or more."""
    if not 0 <= pence <= LARGEST_SUM:
        what = "less than nought" if pence < 0 else "more than a ledger holds"
        raise UserError(f"a line may not be {what}", "pence", "Give the sum in pounds.")
    return pence


def told_difference(found: Sums) -> str:
    """Say exactly by how much a set does not add up; empty when it does."""
    if not found.difference:
        return ""
    way = "more" if found.difference > 0 else "less"
    return (
        f"The lines add up to {pounds(found.lines)}: {pounds(abs(found.difference))} {way} than the allocation of "
        f"{pounds(found.allocation)}"
    )


def mend(found: Sums, pot: int | None = None) -> str:
    """Say what to do about a set that does not add up; ``pot`` is what its scenario shared out in scope."""
    if found.difference < 0:
        return f"Give {pounds(-found.difference)} a line: to {UNALLOCATED}, a deposit or a group."
    shared = f", or draft anew from a pot in scope of {pounds(pot - found.difference)}" if pot is not None else ""
    return f"Take {pounds(found.difference)} off a line{shared}."


def first_journals(allocation: int, lines: Mapping[str, int]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Give the journals of the first set of a year, as pairs of kind and entries: received, kept above, shared out."""
    journals = [(ALLOCATION, _moved(ALLOCATION, UNALLOCATED, allocation))]
    for kind, journal in ((HELD, "top-slice"), (GROUP, "budget"), (DEPOSIT, "deposit")):
        own = {
            code: pence
            for code, pence in lines.items()
            if pence and code != UNALLOCATED and account_name(code).kind == kind
        }
        if own:
            journals.append((journal, (Entry(UNALLOCATED, -sum(own.values())), *_given(own))))
    return tuple(each for each in journals if each[1])


def difference_journals(
    before: Mapping[str, int], after: Mapping[str, int], more: int
) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Give the one journal that turns the lines of the set in force into those of the next.

    ``more`` is what the allocation grew by. Both sets add up, so the journal does.
    """
    moved = {code: after.get(code, 0) - before.get(code, 0) for code in sorted({*before, *after})}
    if more:
        moved[ALLOCATION] = -more
    entries = _given({code: pence for code, pence in moved.items() if pence})
    return (("budget", entries),) if entries else ()


def _moved(source: str, target: str, pence: int) -> tuple[Entry, ...]:
    return (Entry(source, -pence), Entry(target, pence)) if pence else ()


def _given(amounts: Mapping[str, int]) -> tuple[Entry, ...]:
    return tuple(Entry(code, pence) for code, pence in amounts.items())


def check_proposable(found: Sums, open_tasks: Iterable[str], scenario: str, pot: int | None) -> None:
    """Refuse to put a set before those who decide while anything is wrong with it."""
    if not scenario:
        raise UserError("the set names no scenario", do="Draft it from a scenario.")
    if found.difference:
        raise UserError(told_difference(found), do=mend(found, pot))
    waiting = list(open_tasks)
    if waiting:
        number = "one step is" if len(waiting) == 1 else f"{len(waiting)} steps are"
        raise UserError(
            f"{number} still open: {'; '.join(waiting)}", do="Finish each, or waive it with a reason, in the checklist."
        )
