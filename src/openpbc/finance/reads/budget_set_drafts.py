"""What a draft of a budget set says: the allocation, what is held, and what a scenario gives each group."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.reads import cells
from openpbc.finance.reads.planning import funding
from openpbc.finance.reads.scenarios import FairShares, GroupShare, Settings, fair_shares
from openpbc.finance.rules.budget_sets import Sums, mend, sums, told_difference
from openpbc.finance.rules.ledger import DEPOSIT, HELD, IN_SCOPE, OUT_OF_SCOPE, group_account
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

Part = tuple[str, int, str]


@dataclass(frozen=True)
class DraftLine:
    """A line with the parts that it is the sum of: words, pence, and the address that explains them."""

    account: str
    title: str
    parts: tuple[Part, ...]

    @property
    def pence(self) -> int:
        """The parts added up."""
        return sum(pence for _, pence, _ in self.parts)


@dataclass(frozen=True)
class Draft:
    """A set as a scenario gives it, before anybody made it theirs."""

    scenario: str
    scenario_title: str
    settings: str
    pot: int
    allocation: int
    allocation_address: str
    lines: tuple[DraftLine, ...]
    note: str

    is_set = True

    @property
    def sums(self) -> Sums:
        """The draft added up."""
        return sums(self.allocation, {line.account: line.pence for line in self.lines})

    @property
    def problem(self) -> str:
        """What does not add up, and what to do about it; empty when all is well."""
        found = told_difference(self.sums)
        return f"{found}. {mend(self.sums, self.pot)}" if found else ""

    @property
    def pot_that_adds_up(self) -> int:
        """The money in scope with which the lines would add up to the allocation."""
        return self.pot - self.sums.difference


def draft(book: Book, settings: Settings) -> Draft | NotSet:
    """Draft a set from a scenario and what-ifs on it; the first gap answers "not set"."""
    funded, result = funding(book), fair_shares(book, settings)
    if isinstance(funded, NotSet):
        return funded
    if isinstance(result, NotSet):
        return result
    total, *kept = funded.years[-1].statement.lines
    held = tuple(
        DraftLine(f"{HELD}/{line.code.replace('_', '-')}", line.label, ((line.label, -line.amount, line.address),))
        for line in kept
    )
    groups = [line for group in result.groups for line in _group_lines(result, group)]
    deposits = [line for group in result.groups if (line := _deposit_line(book, result, group)).pence]
    return Draft(
        scenario=result.scenario.code,
        scenario_title=result.scenario.title,
        settings=result.settings.query,
        pot=result.pot,
        allocation=total.amount,
        allocation_address=total.address,
        lines=(*held, *groups, *deposits),
        note=result.scenario.note,
    )


def _group_lines(result: FairShares, group: GroupShare) -> tuple[DraftLine, DraftLine]:
    def line(scope: str, words: str, figure: str) -> DraftLine:
        part = (f"{words}, {result.scenario.title}", getattr(group, figure), result.address(group.code, figure))
        return DraftLine(group_account(group.code, scope), group.name, (part,))

    return (
        line(IN_SCOPE, "Budget in scope", "amount"),
        line(OUT_OF_SCOPE, "Out of scope", "excluded"),
    )


def _deposit_line(book: Book, result: FairShares, group: GroupShare) -> DraftLine:
    """A group's deposit is what the cap takes off, and what a capped scenario has less out of scope."""
    released = ("Released by the cap", group.released, result.address(group.code, "released"))
    less = _out_of_scope_less(book, result, group) if result.capped is not None else ()
    return DraftLine(f"{DEPOSIT}/{group.code}", group.name, (released, *less))


def _out_of_scope_less(book: Book, result: FairShares, group: GroupShare) -> tuple[Part, ...]:
    before, after = (
        _cell(book, name, group.code) for name in (result.scenario.excluded, result.scenario.excluded_after)
    )
    if before.value == after.value:
        return ()
    return (
        ("Out of scope without the deposit", before.value, before.address),
        ("Less: out of scope with it", -after.value, after.address),
    )


def _cell(book: Book, column: str, code: str) -> cells.Named:
    table, _, name = column.partition(".")
    found = cells.cell(book, table, code, name)
    if isinstance(found, NotSet):
        raise found.problem
    return found
