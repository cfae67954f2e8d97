"""The end of a ledger's year: what is carried into the next one, what lapses, and how each is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.rules.ledger import ALLOCATION, SPENT, Entry, account_name

# The kind of the journals with which a year ends and the next one begins, and the source of those that end it.
CARRY_FORWARD = "carry-forward"
ROLLED_OVER = "year-end"


@dataclass(frozen=True)
class YearEnd:
    """The journals of a year's end: two in the year that ends, one in the year that begins; empty where nothing moves.

    ``carried`` and ``lapsed`` give back to the allocation what stands on the accounts, ``opening`` gives what was
    carried out again. Money used for good stays where it is: it is the record of the year.
    """

    carried: tuple[Entry, ...]
    lapsed: tuple[Entry, ...]
    opening: tuple[Entry, ...]

    @property
    def carried_pence(self) -> int:
        """What goes into the next year."""
        return sum(entry.pence for entry in self.opening if entry.pence > 0)

    @property
    def lapsed_pence(self) -> int:
        """What is left of the year and goes nowhere."""
        return -sum(entry.pence for entry in self.lapsed if entry.account != ALLOCATION)


def undecided(balances: Mapping[str, int], carries: Mapping[str, bool]) -> tuple[str, ...]:
    """Give the kinds of account that hold money and of which nobody has said whether it is carried."""
    held = {account_name(code).kind for code, pence in balances.items() if pence}
    return tuple(sorted(held - set(carries) - {ALLOCATION, SPENT}))


def year_end(balances: Mapping[str, int], carries: Mapping[str, bool]) -> YearEnd:
    """Sort what stands at the year's end by whether its kind of account carries."""
    kept: dict[str, int] = {}
    gone: dict[str, int] = {}
    for code, pence in sorted(balances.items()):
        kind = account_name(code).kind
        if pence and kind not in (ALLOCATION, SPENT):
            (kept if carries[kind] else gone)[code] = pence
    return YearEnd(_given_back(kept), _given_back(gone), tuple(_opposite(entry) for entry in _given_back(kept)))


def _given_back(amounts: Mapping[str, int]) -> tuple[Entry, ...]:
    if not amounts:
        return ()
    return (Entry(ALLOCATION, sum(amounts.values())), *(Entry(code, -pence) for code, pence in amounts.items()))


def _opposite(entry: Entry) -> Entry:
    return Entry(entry.account, -entry.pence)
