"""What moving items in or out of the scope of fair shares changes, and what another basis of sharing an item changes.

Nothing is made or lost: what leaves a group's money in scope comes to its money out of scope, and the other way round;
an item shared on another basis keeps its total. Amounts are whole pence; last year is the year of the bases, this year
the year of the budgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpbc.kernel.money import share_out

IN, OUT = "in", "out"
SCOPES = (IN, OUT)
ACTUAL, CAPITATION = "actual", "capitation"
BASES = (ACTUAL, CAPITATION)


@dataclass(frozen=True)
class ItemAmounts:
    """What one group has of a budget item, last year and this year."""

    last: int
    this: int


@dataclass(frozen=True)
class ScopeChange:
    """What changes for one group: its base in scope, its money out of scope last year, and that of this year."""

    base: int = 0
    excluded_before: int = 0
    excluded: int = 0

    def __add__(self, other: ScopeChange) -> ScopeChange:
        """Add up two changes of one group."""
        return ScopeChange(
            self.base + other.base, self.excluded_before + other.excluded_before, self.excluded + other.excluded
        )

    def __neg__(self) -> ScopeChange:
        """Give the change that undoes this one."""
        return ScopeChange(-self.base, -self.excluded_before, -self.excluded)


Changes = Mapping[str, ScopeChange]


def standing(amounts: Mapping[str, ItemAmounts], scope: str) -> dict[str, ScopeChange]:
    """Give what an item is of each group's base, and of its money out of scope, where the item stands."""
    if scope == IN:
        return {code: ScopeChange(each.last, 0, 0) for code, each in amounts.items()}
    return {code: ScopeChange(0, each.last, each.this) for code, each in amounts.items()}


def changed(before: Changes, after: Changes) -> dict[str, ScopeChange]:
    """Give what changes when an item stands otherwise than it did."""
    return net([after, {code: -each for code, each in before.items()}])


def moved(amounts: Mapping[str, ItemAmounts], to: str) -> dict[str, ScopeChange]:
    """Move an item of every group out of scope, or into it: one scope loses exactly what the other gains."""
    return changed(standing(amounts, IN if to == OUT else OUT), standing(amounts, to))


def shared_again(amounts: Mapping[str, ItemAmounts], weights: Mapping[str, int]) -> dict[str, ItemAmounts]:
    """Share an item by weights, in place of what each group has of it now; both years keep their totals."""
    last = share_out(sum(each.last for each in amounts.values()), weights)
    this = share_out(sum(each.this for each in amounts.values()), weights)
    return {code: ItemAmounts(last[code], this[code]) for code in weights}


def rebased(before: Mapping[str, ItemAmounts], after: Mapping[str, ItemAmounts], scope: str) -> dict[str, ScopeChange]:
    """Change the shares of an item that stays where it is: the changes of all groups add up to nought."""
    return changed(standing(before, scope), standing(after, scope))


def net(changes: Iterable[Changes]) -> dict[str, ScopeChange]:
    """Add up changes group by group, in any order; groups for which nothing changes are left out."""
    summed: dict[str, ScopeChange] = {}
    for each in changes:
        for code, change in each.items():
            summed[code] = summed.get(code, ScopeChange()) + change
    return {code: summed[code] for code in sorted(summed) if summed[code] != ScopeChange()}
