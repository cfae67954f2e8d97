"""What may be asked of the ledger: balances, budgets, journals. The present balance costs no reading of history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum

from openpbc.finance.models import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.reads.ledger_addresses import (
    BALANCE,
    BUDGET,
    IN,
    LINE,
    RECEIVED,
    TOTAL,
    Part,
    budget_code,
    ledger_address,
)
from openpbc.finance.rules.ledger import (
    ACCOUNT_KINDS,
    ALLOCATION,
    GROUP,
    PRACTICE,
    REVERSAL,
    Entry,
    reversed_entries,
)
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

BUDGET_KINDS = (GROUP, PRACTICE)


@dataclass(frozen=True)
class AccountFacts:
    """An account as others may see it."""

    code: str
    title: str
    kind: str
    unit: str
    practice: str
    scope: str
    service_line: str


@dataclass(frozen=True)
class Balance:
    """Where an account stands, in pence; ``number`` is that of its last line, to be handed back as seen."""

    account: AccountFacts
    pence: int
    number: int
    address: str


@dataclass(frozen=True)
class Budget:
    """A budget as the ledger holds it, in pence; ``journals`` counts the entries that made it."""

    pence: int
    address: str
    journals: int

    is_set = True


@dataclass(frozen=True)
class NoBudget:
    """The statement that the ledger holds no such budget, with the reason in a sentence."""

    why: str

    is_set = False
    path = ""

    def __str__(self) -> str:
        """Give the words that stand where the figure would stand."""
        return "not set"

    @property
    def problem(self) -> UserError:
        """The sentence that stops whatever needs the budget."""
        return UserError(self.why, do="Approve a budget set, or post the budget.")


@dataclass(frozen=True)
class JournalEntry:
    """One line of a journal: its account, the pence given (plus) or taken (minus), and the balance after it."""

    account: AccountFacts
    pence: int
    number: int
    balance_after: int
    address: str
    balance_address: str


@dataclass(frozen=True)
class Journal:
    """A posted journal; ``reverses`` and ``reversed_by`` are numbers of journals, 0 when there is none."""

    place: str
    year: str
    number: int
    kind: str
    on: date
    reason: str
    source: str
    key: str
    reverses: int
    reversed_by: int
    by_id: str
    by_name: str
    at: datetime
    entries: tuple[JournalEntry, ...]

    @property
    def moved(self) -> int:
        """How much the journal moved: all that it gives."""
        return sum(entry.pence for entry in self.entries if entry.pence > 0)

    @property
    def opposite(self) -> tuple[Entry, ...]:
        """The entries that undo the journal."""
        return reversed_entries([Entry(entry.account.code, entry.pence) for entry in self.entries])


def ledger_balances(
    place: str,
    year: str,
    *,
    kind: str = "",
    unit: str = "",
    practice: str = "",
    scope: str = "",
    service_line: str = "",
    as_at: date | None = None,
) -> tuple[Balance, ...]:
    """Give the balance of every account that fits, in the order of a trial balance; ``as_at`` counts to that day."""
    named = {"kind": kind, "unit": unit, "practice": practice, "scope": scope, "service_line": service_line}
    rows = _accounts(place, year, {name: text for name, text in named.items() if text})
    part = Part(other_year(place, year), as_at)  # asked once: it opens the place's book
    return tuple(
        Balance(account_facts(row), pence, number, ledger_address(place, BALANCE, row.code, part=part))
        for row, pence, number in _standing(rows, as_at)
    )


def balance(place: str, year: str, code: str) -> Balance:
    """Give where one account stands; one that was never used is a person's mistake."""
    row = _accounts(place, year, {"code": code}).with_heads().first()
    if row is None:
        raise UserError(f"the ledger of {place} for {year} has no account '{code[:60]}'", do="Choose one of its list.")
    return Balance(
        account_facts(row), row.head_balance or 0, row.head_number or 0, _address(place, BALANCE, code, year, None)
    )


def budget_of(
    book: Book,
    *,
    unit: str = "",
    practice: str = "",
    scope: str = "",
    service_line: str = "",
    as_at: date | None = None,
) -> Budget | NoBudget:
    """Give the budget of a unit (its group's and its practices' accounts), of a practice, or of all groups."""
    place, year = book.place.id, str(book.place.year)
    named = {"unit": unit, "practice": practice, "scope": scope, "service_line": service_line}
    rows = _accounts(place, year, {name: text for name, text in named.items() if text})
    found = _standing(rows.filter(kind__in=BUDGET_KINDS), as_at)
    if not found:
        return NoBudget(f"the ledger of {year} holds no budget for {practice or unit or 'any group'}")
    address = ledger_address(place, BUDGET, budget_code(unit, practice, scope, service_line), part=Part(as_at=as_at))
    return Budget(sum(pence for _, pence, _ in found), address, sum(number for _, _, number in found))


def money_received(book: Book) -> Budget | NoBudget:
    """Give what the commissioner received from the centre, as the ledger holds it; partners' payments are no part."""
    place, year = book.place.id, str(book.place.year)
    found = _standing(_accounts(place, year, {"code": ALLOCATION}), None)
    if not found:
        return NoBudget(f"the ledger of {year} holds no money that was received")
    address = ledger_address(place, TOTAL, RECEIVED)
    return Budget(-sum(pence for _, pence, _ in found), address, sum(number for _, _, number in found))


def one_way(lines: QuerySet[LedgerLine, LedgerLine], way: str) -> QuerySet[LedgerLine, LedgerLine]:
    """Keep what was given to accounts (``in``) or taken from them (``out``) by journals that stand."""
    sign = {"amount__gt": 0} if way == IN else {"amount__lt": 0}
    return lines.filter(journal__reversed_by__isnull=True, **sign).exclude(journal__kind=REVERSAL)


def has_budgets(place: str, year: str) -> bool:
    """Tell whether any group's budget was posted."""
    return LedgerAccount.objects.filter(place=place, year=year, kind__in=BUDGET_KINDS).exists()


def ledger_years(place: str) -> tuple[str, ...]:
    """The financial years for which the place has a ledger, in order."""
    return tuple(sorted(set(LedgerAccount.objects.filter(place=place).values_list("year", flat=True))))


def journals(
    place: str, year: str, account: str = "", kind: str = "", limit: int = 100, skip: int = 0
) -> tuple[Journal, ...]:
    """List journals with their entries, newest first; ``account`` keeps those that touched it."""
    rows = _journals(place, year, account, kind).order_by("-number")
    part = Part(other_year(place, year))
    return tuple(_journal(row, part) for row in _with_entries(rows)[skip : skip + limit])


def count_journals(place: str, year: str, account: str = "", kind: str = "") -> int:
    """Count the journals that :func:`journals` would list without a limit."""
    return _journals(place, year, account, kind).count()


def journal(place: str, year: str, number: int) -> Journal:
    """Give one journal; an unknown number is a person's mistake."""
    row = _with_entries(LedgerJournal.objects.filter(place=place, year=year, number=number)).first()
    if row is None:
        raise UserError(f"there is no journal {number} in the ledger of {place} for {year}")
    return _journal(row, Part(other_year(place, year)))


def _journals(place: str, year: str, account: str, kind: str) -> QuerySet[LedgerJournal, LedgerJournal]:
    rows = LedgerJournal.objects.filter(place=place, year=year, **({"kind": kind} if kind else {}))
    if account:
        touched = LedgerLine.objects.filter(account__place=place, account__year=year, account__code=account)
        rows = rows.filter(id__in=touched.values("journal_id"))
    return rows


def _with_entries(rows: QuerySet[LedgerJournal, LedgerJournal]) -> QuerySet[LedgerJournal, LedgerJournal]:
    return rows.select_related("reverses", "reversed_by").prefetch_related("entries__account")


def _journal(row: LedgerJournal, part: Part) -> Journal:
    undone = getattr(row, "reversed_by", None)
    return Journal(
        **{name: getattr(row, name) for name in ("place", "year", "number", "kind", "on", "reason", "source", "key")},
        reverses=row.reverses.number if row.reverses else 0,
        reversed_by=undone.number if undone else 0,
        by_id=row.by_id,
        by_name=row.by_name,
        at=row.at,
        entries=tuple(
            JournalEntry(
                account_facts(line.account),
                line.amount,
                line.number,
                line.balance_after,
                ledger_address(row.place, LINE, line.account.code, journal=row.number, part=part),
                ledger_address(row.place, BALANCE, line.account.code, part=Part(part.year, upto=line.number)),
            )
            for line in sorted(row.entries.all(), key=lambda line: line.position)
        ),
    )


def account_facts(row: LedgerAccount) -> AccountFacts:
    """Give an account's facts as a plain value."""
    return AccountFacts(row.code, row.title, row.kind, row.unit, row.practice, row.scope, row.service_line)


def _accounts(place: str, year: str, named: dict[str, str]) -> QuerySet[LedgerAccount, LedgerAccount]:
    return LedgerAccount.objects.filter(place=place, year=year, **named)


def _standing(rows: QuerySet[LedgerAccount, LedgerAccount], as_at: date | None) -> list[tuple[LedgerAccount, int, int]]:
    """Each account with its balance and its number of lines, now (from its last line) or up to a day (by adding)."""
    if as_at is None:
        found = [(row, row.head_balance or 0, row.head_number or 0) for row in rows.with_heads()]
    else:
        until = Q(lines__journal__on__lte=as_at)
        summed = rows.annotate(sum_to=Sum("lines__amount", filter=until))
        found = [(row, row.sum_to or 0, 0) for row in summed]
    return sorted(found, key=lambda each: (list(ACCOUNT_KINDS).index(each[0].kind), each[0].code))


def _address(place: str, kind_of_sum: str, code: str, year: str, as_at: date | None) -> str:
    return ledger_address(place, kind_of_sum, code, part=Part(other_year(place, year), as_at))


def other_year(place: str, year: str) -> str:
    """Give a ledger's year where it is not the place's own, as addresses have it."""
    return "" if year == str(organisations.book(place).place.year) else year
