"""The end of a ledger's year: what is carried into the next one, what lapses, and how each is posted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from openpbc.finance.rules.ledger import ACCOUNT_KINDS, ALLOCATION, PARTNERS, SPENT, Entry, account_name
from openpbc.kernel.problems import UserError

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
        return -sum(entry.pence for entry in self.lapsed if entry.account not in (ALLOCATION, PARTNERS))


def undecided(balances: Mapping[str, int], carries: Mapping[str, bool]) -> tuple[str, ...]:
    """Give the kinds of account that hold money and of which nobody has said whether it is carried."""
    held = {account_name(code).kind for code, pence in balances.items() if pence}
    return tuple(sorted(held - set(carries) - {ALLOCATION, SPENT}))


def check_decided(decided: Mapping[str, bool], why: str, open_kinds: Collection[str]) -> None:
    """Refuse decisions on what is settled or holds nothing, and decisions without a reason."""
    settled = sorted(set(decided) - set(open_kinds))
    if settled:
        raise UserError(
            f"there is nothing to decide on accounts of kind {', '.join(settled)[:60]}",
            do="Decide only on kinds that hold money and of which the rulebook says nothing.",
        )
    if decided and not why.strip():
        raise UserError("a decision needs a reason", "why", "Say why, and who decided it.")


def told_decisions(decided: Mapping[str, bool], why: str) -> str:
    """Tell what was decided at the year's end, for the journals that follow from it; empty where nothing was."""
    said = [f"{ACCOUNT_KINDS[kind]}: {'carried' if decided[kind] else 'lapses'}" for kind in sorted(decided)]
    return f". Decided at the year's end: {'; '.join(said)}. Why: {why.strip()}" if said else ""


def year_end(
    balances: Mapping[str, int], carries: Mapping[str, bool], theirs: Collection[str] = frozenset()
) -> YearEnd:
    """Sort what stands at the year's end by whether its kind of account carries.

    ``theirs`` are the shares of pooled funds that partners brought: they go back to the account for partners' money.
    """
    kept: dict[str, int] = {}
    gone: dict[str, int] = {}
    for code, pence in sorted(balances.items()):
        kind = account_name(code).kind
        if pence and kind not in (ALLOCATION, SPENT):
            (kept if carries[kind] else gone)[code] = pence
    carried = _given_back(kept, theirs)
    return YearEnd(carried, _given_back(gone, theirs), tuple(_opposite(entry) for entry in carried))


def _given_back(amounts: Mapping[str, int], theirs: Collection[str]) -> tuple[Entry, ...]:
    sides = {ALLOCATION: 0, PARTNERS: 0}
    for code, pence in amounts.items():
        sides[PARTNERS if code in theirs else ALLOCATION] += pence
    back = (Entry(code, pence) for code, pence in sides.items() if pence)
    return (*back, *(Entry(code, -pence) for code, pence in amounts.items()))


def _opposite(entry: Entry) -> Entry:
    return Entry(entry.account, -entry.pence)
