"""Where the money received is: with whom it stands, each kind by name, so that nothing is left over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from openpbc.finance.models import LedgerLine
from openpbc.finance.reads.ledger import Balance, ledger_balances
from openpbc.finance.reads.ledger_addresses import ALL, BUDGET, OUTSIDE, SENDERS, TOTAL, ledger_address
from openpbc.finance.rules.ledger import (
    DEPOSIT,
    FREED,
    GROUP,
    HELD,
    INCENTIVE,
    INNOVATION,
    PARTNERS,
    POOL,
    PRACTICE,
    SPENT,
)
from openpbc.finance.rules.year_end import CARRY_FORWARD
from openpbc.kernel.periods import FinancialYear
from openpbc.rulebook.reader import Book

# What stands with whom, in the order in which it is told; each kind has one line that adds its accounts up.
_KINDS = (
    (HELD, "Held above the groups"),
    (INNOVATION, "Innovation fund"),
    (INCENTIVE, "Set aside for incentives"),
    (DEPOSIT, "Deposits, returnable to the groups that they came from"),
    (FREED, "Freed up by groups, theirs to use again"),
    (SPENT, "Used for good"),
)


@dataclass(frozen=True)
class Stands:
    """One line: what it is, how much in pence, and where that is explained."""

    words: str
    pence: int
    address: str


@dataclass(frozen=True)
class Whereabouts:
    """What was received and where it stands; both come to the same sum, since a ledger adds up to nought."""

    received: tuple[Stands, ...]
    stands: tuple[Stands, ...]

    @property
    def pence(self) -> int:
        """All that was received."""
        return sum(each.pence for each in self.received)


def whereabouts(book: Book) -> Whereabouts:
    """Tell where the money of the book's year is."""
    place, year = book.place.id, str(book.place.year)
    balances = ledger_balances(place, year)
    received = (
        Stands(f"Received from {SENDERS[code]}", -each.pence, ledger_address(place, TOTAL, code))
        for code, account in OUTSIDE.items()
        for each in balances
        if each.account.code == account
    )
    budgets = [each for each in balances if each.account.kind in (GROUP, PRACTICE)]
    handed = Stands("Budgets of groups and practices", _sum(budgets), ledger_address(place, BUDGET, ALL))
    kinds = (
        Stands(words, _sum(own), ledger_address(place, TOTAL, kind))
        for kind, words in _KINDS
        if (own := [each for each in balances if each.account.kind == kind])
    )
    return Whereabouts(tuple(received), (*([handed] if budgets else []), *kinds, *_pooled(place, year, balances)))


def _sum(balances: Iterable[Balance]) -> int:
    return sum(each.pence for each in balances)


def _pooled(place: str, year: str, balances: Iterable[Balance]) -> Iterable[Stands]:
    """Each share of a pooled fund; whose money it is stands beside it."""
    theirs = partners_shares(place, year)
    for each in balances:
        if each.account.kind == POOL:
            whose = "the partner's money" if each.account.code in theirs else "our money"
            yield Stands(f"{each.account.title} ({whose})", each.pence, each.address)


def partners_shares(place: str, year: str) -> frozenset[str]:
    """The shares of pooled funds that partners brought: every payment into them was received from outside.

    What was carried into the year is a partner's where it was one in the year before.
    """
    lines = LedgerLine.objects.filter(account__place=place, account__year=year)
    standing = lines.filter(journal__reverses__isnull=True, journal__reversed_by__isnull=True)
    paid = standing.filter(account__kind=POOL, amount__gt=0).order_by()
    received = lines.filter(account__code=PARTNERS).values("journal_id")
    brought = _codes(paid.filter(journal__kind=CARRY_FORWARD))
    own = paid.exclude(journal__kind=CARRY_FORWARD)
    ours = _codes(own.exclude(journal_id__in=received))
    if brought:
        ours |= brought - partners_shares(place, str(FinancialYear.parse(year).previous))
    return frozenset(_codes(paid) - ours)


def _codes(lines: QuerySet[LedgerLine, LedgerLine]) -> set[str]:
    return set(lines.values_list("account__code", flat=True))
