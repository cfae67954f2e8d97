"""Adds the whole ledger up again from its lines alone and compares: what the database guards, looked at once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Sum

from openpbc.finance.models import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.rules.year_end import CARRY_FORWARD
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import FinancialYear

_BATCH = 20_000


@dataclass(frozen=True)
class LedgerCheck:
    """What was added up, and every sentence about what does not come out; ``total`` is the sum of all accounts."""

    accounts: int
    lines: int
    journals: int
    total: int
    problems: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """True when every balance is the sum of its lines and every journal adds up to nought."""
        return not self.problems


def ledger_check(place: str, year: str) -> LedgerCheck:
    """Check a ledger of a place and year."""
    accounts = dict(LedgerAccount.objects.filter(place=place, year=year).values_list("pk", "code"))
    sums, lines, faults = _accounts(place, year, accounts)
    journals, broken = _journals(place, year)
    total = sum(sums.values())
    faults += broken
    ends = FinancialYear.parse(year)
    faults += [fault for each in (ends.previous, ends) for fault in _carried(place, each)]
    faults += [f"The accounts add up to {pounds(total)} instead of nought."] if total else []
    return LedgerCheck(len(accounts), lines, journals, total, tuple(faults))


def _accounts(place: str, year: str, accounts: dict[int, str]) -> tuple[dict[int, int], int, list[str]]:
    """Walk every account's lines in order: numbers without a gap, each balance the one before and the line's amount."""
    sums: dict[int, int] = dict.fromkeys(accounts, 0)
    numbers: dict[int, int] = dict.fromkeys(accounts, 0)
    faults: list[str] = []
    count = 0
    for account, number, amount, balance in _lines(place, year):
        count += 1
        sums[account] += amount
        numbers[account] += 1
        if number != numbers[account]:
            faults.append(f"{accounts[account]}: line {numbers[account]} is missing or out of order.")
            numbers[account] = number
        if balance != sums[account]:
            told = f"says {pounds(balance)}, its lines add up to {pounds(sums[account])}"
            faults.append(f"{accounts[account]}: line {number} {told}.")
    return sums, count, faults


def _lines(place: str, year: str) -> Iterator[tuple[int, int, int, int]]:
    rows = LedgerLine.objects.filter(account__place=place, account__year=year).order_by("account_id", "number")
    yield from rows.values_list("account_id", "number", "amount", "balance_after").iterator(chunk_size=_BATCH)


def _journals(place: str, year: str) -> tuple[int, list[str]]:
    """Every journal adds up to nought over as many lines as it says, and none is missing between the first and last."""
    rows = LedgerJournal.objects.filter(place=place, year=year)
    count = rows.count()
    last = rows.aggregate(last=Max("number"))["last"] or 0
    faults = [] if last == count else [f"There are {count} journals and the last has number {last}."]
    summed = rows.order_by("number").annotate(moved=Sum("entries__amount"), found=Count("entries"))
    for number, moved, found, said in summed.values_list("number", "moved", "found", "lines").iterator(
        chunk_size=_BATCH
    ):
        if moved or found != said:
            faults.append(f"Journal {number} has {found} lines of {said}, which add up to {pounds(moved or 0)}.")
    return count, faults


def _carried(place: str, ended: FinancialYear) -> Iterator[str]:
    """What a year carried and what the next began with are two sides of one act: both stand, or neither does."""
    prefix = f"ledger/{place}/{ended}/"
    openings = LedgerJournal.objects.filter(
        place=place, year=str(ended.next), kind=CARRY_FORWARD, source__startswith=prefix
    )
    for opening in openings.order_by("number"):
        closing = LedgerJournal.objects.filter(id=opening.source.removeprefix("ledger/"), kind=CARRY_FORWARD).first()
        named = f"Journal {opening.number} of {ended.next.label}"
        if closing is None:
            yield f"{named} brings money from a journal of {ended.label} that carried none."
        elif _stands(opening) != _stands(closing):
            undone, left = (closing, opening) if _stands(opening) else (opening, closing)
            one, other = (f"{each.number} of {FinancialYear.parse(each.year).label}" for each in (undone, left))
            yield f"Journal {one} is reversed, and journal {other}, the other side of what was carried, is not."
        elif _moves(opening) != {code: -pence for code, pence in _moves(closing).items()}:
            yield f"{named} brings other sums than journal {closing.number} of {ended.label} carried."


def _stands(journal: LedgerJournal) -> bool:
    return not LedgerJournal.objects.filter(reverses=journal).exists()


def _moves(journal: LedgerJournal) -> dict[str, int]:
    return dict(journal.entries.values_list("account__code", "amount"))
