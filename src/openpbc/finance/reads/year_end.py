"""What the end of a ledger's year would do: what carries into the next year, and what lapses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F

from openpbc.finance.models import LedgerJournal
from openpbc.finance.reads.ledger import Journal, journal, ledger_balances
from openpbc.finance.reads.whereabouts import partners_shares
from openpbc.finance.rules import year_end as rule
from openpbc.finance.rules.ledger import ALLOCATION, SPENT, Entry, account_name
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

CARRIES = "finance.carry_forward"
_TOLD = 5  # journals that used what was carried


def year_end(book: Book, decided: Mapping[str, bool] | None = None) -> rule.YearEnd:
    """Sort what stands by whether its kind of account carries; a kind of which nobody has said is a mistake.

    ``decided`` is what a person decides at the year's end of kinds that the rulebook leaves open.
    """
    balances = _standing(book)
    carries = _carries(book) | dict(decided or {})
    missing = rule.undecided(balances, carries)
    if missing:
        raise UserError(
            f"nobody has said whether money on accounts of kind {', '.join(missing)} is carried into the next year",
            book.table(CARRIES).path,
            "Decide it at the year's end with a reason, or use the money before.",
        )
    return rule.year_end(balances, carries, partners_shares(book.place.id, str(book.place.year)))


def open_kinds(book: Book) -> dict[str, int]:
    """The kinds of account that hold money and of which the rulebook does not say whether it carries, in pence."""
    balances = _standing(book)
    kinds = rule.undecided(balances, _carries(book))
    return {kind: sum(pence for code, pence in balances.items() if account_name(code).kind == kind) for kind in kinds}


def _standing(book: Book) -> dict[str, int]:
    return {each.account.code: each.pence for each in ledger_balances(book.place.id, str(book.place.year))}


def _carries(book: Book) -> dict[str, bool]:
    """What the rulebook says; where it has no such table, every kind is left to whoever ends the year."""
    table = book.table(CARRIES)
    return {} if isinstance(table, NotSet) else {row["kind"]: row["carries"] == "yes" for row in table.rows}


def year_end_by_kind(found: rule.YearEnd) -> tuple[tuple[str, int, int], ...]:
    """What carries and what lapses by kind of account, in pence."""
    kinds: dict[str, list[int]] = {}
    for at, entries in enumerate((found.carried, found.lapsed)):
        for entry in entries:
            kind = account_name(entry.account).kind
            if kind not in (ALLOCATION, SPENT):
                kinds.setdefault(kind, [0, 0])[at] -= entry.pence
    return tuple((kind, carried, lapsed) for kind, (carried, lapsed) in kinds.items())


def last_number(book: Book) -> int:
    """The number of the newest journal of the year: what somebody who looks now has seen."""
    rows = LedgerJournal.objects.filter(place=book.place.id, year=str(book.place.year)).order_by("-number")
    return next(iter(rows.values_list("number", flat=True)[:1]), 0)


@dataclass(frozen=True)
class Ended:
    """The journals of a year's end that stand: those that closed the year, and those that opened the next with it."""

    place: str
    year: FinancialYear
    closing: tuple[Journal, ...]
    opening: tuple[Journal, ...]

    @property
    def sides(self) -> tuple[tuple[FinancialYear, tuple[Journal, ...]], ...]:
        """Both ledgers with their journals, in the order in which they are undone: first what the next year got."""
        return (self.year.next, self.opening), (self.year, self.closing)

    @property
    def told(self) -> str:
        """Name the journals."""
        return " and ".join(
            f"journal{'s' if len(found) > 1 else ''} {', '.join(str(each.number) for each in found)} of {year.label}"
            for year, found in reversed(self.sides)
            if found
        )


def year_ended(place: str, year: FinancialYear) -> Ended:
    """Give what stands of a year's end: nothing on either side when the year is open."""
    rows = LedgerJournal.objects.filter(place=place, kind=rule.CARRY_FORWARD, reversed_by__isnull=True)
    closing = rows.filter(year=str(year), source=f"{rule.ROLLED_OVER}/{year}")
    opening = rows.filter(year=str(year.next), source__startswith=f"ledger/{place}/{year}/")
    closed, opened = (
        tuple(journal(place, row.year, row.number) for row in side.order_by("number")) for side in (closing, opening)
    )
    return Ended(place, year, closed, opened)


def year_end_of(found: Journal) -> FinancialYear | None:
    """The year at whose end a journal was posted, on either side; nothing for every other journal."""
    year = FinancialYear.parse(found.year)
    if found.kind != rule.CARRY_FORWARD:
        return None
    if found.source == f"{rule.ROLLED_OVER}/{year}":
        return year
    return year.previous if found.source.startswith(f"ledger/{found.place}/{year.previous}/") else None


def undoing(found: tuple[Journal, ...]) -> tuple[Entry, ...]:
    """Give what undoing some journals moves, one entry an account."""
    moved: dict[str, int] = {}
    for each in found:
        for entry in each.opposite:
            moved[entry.account] = moved.get(entry.account, 0) + entry.pence
    return tuple(Entry(code, pence) for code, pence in moved.items() if pence)


def check_unused(ended: Ended) -> None:
    """Refuse to take back what the next year no longer has, and say who used what of it."""
    year = str(ended.year.next)
    holds = {each.account.code: each for each in ledger_balances(ended.place, year)}
    for entry in undoing(ended.opening):
        held = holds[entry.account]
        if held.pence + entry.pence >= 0 or held.account.kind == ALLOCATION:
            continue
        raise UserError(
            f"{ended.year.next.label} has used what {ended.year.label} carried into it: {held.account.title} got "
            f"{pounds(-entry.pence)} and holds {pounds(held.pence)}. {'; '.join(_users(ended, entry.account))}",
            do="Reverse what used it first.",
        )


def _users(ended: Ended, code: str) -> list[str]:
    """Who took money from an account of the next year since it was opened, by journals that stand."""
    rows = LedgerJournal.objects.filter(
        place=ended.place,
        year=str(ended.year.next),
        entries__account__code=code,
        entries__amount__lt=0,
        reversed_by__isnull=True,
        reverses__isnull=True,
    )
    return [
        f"{row.by_name} took {pounds(-(row.taken))} with journal {row.number} ({row.reason})"
        for row in rows.annotate(taken=F("entries__amount")).order_by("number")[:_TOLD]
    ]
