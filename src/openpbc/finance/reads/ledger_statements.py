"""The ledger laid out for reading: the trial balance with typed movements, and the statement of one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max, QuerySet, Sum

from openpbc.finance.models import LedgerLine
from openpbc.finance.reads.ledger import AccountFacts, Balance, account_facts, ledger_balances, other_year
from openpbc.finance.reads.ledger_addresses import ALL, BALANCE, LINE, PRACTICES, TOTAL, Part, ledger_address
from openpbc.finance.reads.ledger_owners import Owners, owners
from openpbc.finance.rules.ledger import (
    ACCOUNT_KINDS,
    ALLOCATION,
    JOURNAL_KINDS,
    PRACTICE,
    Entry,
    account_name,
    account_title,
    overdrawn,
)
from openpbc.kernel.periods import FinancialYear


@dataclass(frozen=True)
class Moved:
    """A sum of the trial balance, in pence, and where it is explained."""

    pence: int
    address: str


@dataclass(frozen=True)
class TrialRow:
    """One account with what each kind of journal did to it, or a line that adds accounts up (``account`` is none).

    ``unit`` names the budget line whose practices' accounts a line adds up.
    """

    title: str
    account: AccountFacts | None
    movements: Mapping[str, Moved]
    balance: Moved
    unit: str = ""


@dataclass(frozen=True)
class TrialBalance:
    """Every account that was asked for, by kind; the whole ledger foots to nought.

    ``kinds`` are the kinds of journals that moved any of them, in the order of the ledger's law.
    """

    year: str
    kinds: tuple[str, ...]
    sections: tuple[tuple[str, tuple[TrialRow, ...], TrialRow], ...]
    total: TrialRow | None
    journals: int


@dataclass(frozen=True)
class StatementLine:
    """One line of an account's statement: the journal behind it, who posted it and why, and the running balance."""

    number: int
    journal: int
    kind: str
    on: date
    reason: str
    source: str
    by_name: str
    others: tuple[str, ...]
    pence: int
    address: str
    balance: int
    balance_address: str


def trial_balance(place: str, year: str, *, kind: str = "", unit: str = "", text: str = "") -> TrialBalance:
    """Lay out the balances by kind of account, perhaps of one kind, one unit, or with a text in code or title."""
    wanted = text.casefold()
    found = [
        each
        for each in ledger_balances(place, year, kind=kind, unit=unit)
        if wanted in each.account.title.casefold() or wanted in each.account.code.casefold()
    ]
    moved = _movements(place, year)
    kinds = tuple(name for name in JOURNAL_KINDS if any(name in moved.get(each.account.code, {}) for each in found))
    part = Part(other_year(place, year))
    rows = {each.account.code: _row(place, each, moved.get(each.account.code, {}), part) for each in found}
    whole = not (kind or unit or text) and bool(rows)
    sections = []
    for name in ACCOUNT_KINDS:
        own = [rows[each.account.code] for each in found if each.account.kind == name]
        if own:
            shown = _folded(place, own, kinds, part) if name == PRACTICE and whole else tuple(own)
            sections.append((name, shown, _total(place, ACCOUNT_KINDS[name], name, own, kinds, part)))
    total = _total(place, "All accounts", ALL, list(rows.values()), kinds, part) if whole else None
    numbers = LedgerLine.objects.filter(account__place=place, account__year=year).values("journal_id").distinct()
    return TrialBalance(year, kinds, tuple(sections), total, numbers.count())


def _folded(place: str, rows: Sequence[TrialRow], kinds: Sequence[str], part: Part) -> tuple[TrialRow, ...]:
    """The practices of each budget line in one row: a county has hundreds of accounts."""
    by_unit: dict[str, list[TrialRow]] = {}
    for row in rows:
        assert row.account is not None, "a practice's row is one account"
        by_unit.setdefault(row.account.unit, []).append(row)
    return tuple(
        replace(_total(place, f"Practices of {unit}", f"{PRACTICES}/{unit}", own, kinds, part), unit=unit)
        for unit, own in sorted(by_unit.items())
    )


def _movements(place: str, year: str) -> dict[str, dict[str, int]]:
    """Per account the sum of each kind of journal."""
    lines = LedgerLine.objects.filter(account__place=place, account__year=year).order_by()
    found: dict[str, dict[str, int]] = {}
    for row in lines.values("account__code", "journal__kind").annotate(moved=Sum("amount")):
        found.setdefault(row["account__code"], {})[row["journal__kind"]] = row["moved"]
    return found


def _row(place: str, balance: Balance, moved: Mapping[str, int], part: Part) -> TrialRow:
    code = balance.account.code
    movements = {
        kind: Moved(pence, ledger_address(place, BALANCE, code, part=Part(part.year, kind=kind)))
        for kind, pence in moved.items()
    }
    return TrialRow(balance.account.title, balance.account, movements, Moved(balance.pence, balance.address))


def _total(place: str, title: str, code: str, rows: Sequence[TrialRow], kinds: Sequence[str], part: Part) -> TrialRow:
    sums = {kind: [row.movements[kind].pence for row in rows if kind in row.movements] for kind in kinds}
    movements = {
        kind: Moved(sum(parts), ledger_address(place, TOTAL, code, part=Part(part.year, kind=kind)))
        for kind, parts in sums.items()
        if parts
    }
    balance = Moved(sum(row.balance.pence for row in rows), ledger_address(place, TOTAL, code, part=part))
    return TrialRow(title, None, movements, balance)


def count_lines(place: str, year: str, code: str) -> int:
    """Count the lines of an account's statement."""
    return _lines(place, year, code).count()


def statement(place: str, year: str, code: str, *, limit: int, skip: int = 0) -> tuple[StatementLine, ...]:
    """Give the lines of an account, the newest first, each with the balance after it."""
    part = Part(other_year(place, year))
    rows = _lines(place, year, code).select_related("journal").order_by("-number")[skip : skip + limit]
    others = _other_sides([row.journal_id for row in rows], code)
    return tuple(_statement_line(place, code, row, others.get(row.journal_id, ()), part) for row in rows)


def _lines(place: str, year: str, code: str) -> QuerySet[LedgerLine, LedgerLine]:
    return LedgerLine.objects.filter(account__place=place, account__year=year, account__code=code)


def _other_sides(journals: Sequence[str], code: str) -> dict[str, tuple[str, ...]]:
    """Per journal the titles of the accounts on its other side."""
    found: dict[str, tuple[str, ...]] = {}
    rows = LedgerLine.objects.filter(journal_id__in=list(journals)).exclude(account__code=code)
    for row in rows.select_related("account").order_by("journal_id", "position"):
        found[row.journal_id] = (*found.get(row.journal_id, ()), account_facts(row.account).title)
    return found


def _statement_line(place: str, code: str, row: LedgerLine, others: tuple[str, ...], part: Part) -> StatementLine:
    journal = row.journal
    return StatementLine(
        number=row.number,
        journal=journal.number,
        kind=journal.kind,
        on=journal.on,
        reason=journal.reason,
        source=journal.source,
        by_name=journal.by_name,
        others=others,
        pence=row.amount,
        address=ledger_address(place, LINE, code, journal=journal.number, part=part),
        balance=row.balance_after,
        balance_address=ledger_address(place, BALANCE, code, part=Part(part.year, upto=row.number)),
    )


def seen_at(place: str, year: str, journal: int, codes: Sequence[str]) -> dict[str, int]:
    """Give per account the number of its last line when a journal was the ledger's newest: what a person then saw."""
    lines = LedgerLine.objects.filter(
        account__place=place, account__year=year, account__code__in=list(codes), journal__number__lte=journal
    )
    last = lines.order_by().values("account__code").annotate(last=Max("number"))
    return dict.fromkeys(codes, 0) | {row["account__code"]: row["last"] for row in last}


@dataclass(frozen=True)
class Preview:
    """What a journal would do to an account, in pence."""

    balance: Balance
    change: int
    after: int


def preview(place: str, year: str, entries: Sequence[Entry]) -> tuple[Preview, ...]:
    """Give each account before and after a journal that is not posted yet; an overdraft is told already now."""
    standing = {each.account.code: each for each in ledger_balances(place, year)}
    known = owners(place, FinancialYear.parse(year).first)
    found = []
    for entry in entries:
        balance = standing.get(entry.account) or _unopened(known, entry.account)
        after = balance.pence + entry.pence
        if after < 0 and balance.account.kind != ALLOCATION:
            raise overdrawn(balance.account.title, balance.pence, -entry.pence)
        found.append(Preview(balance, entry.pence, after))
    return tuple(found)


def _unopened(known: Owners, code: str) -> Balance:
    """An account that the journal would open: it holds nothing yet."""
    name = account_name(code)
    known.check(name)
    title = account_title(name, known.name_of(name))
    facts = AccountFacts(code, title, name.kind, known.unit_of(name), name.practice, name.scope, name.service_line)
    return Balance(facts, 0, 0, "")
