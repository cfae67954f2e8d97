"""Explains what the ledger holds: a step a journal, and for one journal what stood on its other side."""

from __future__ import annotations

from django.db.models import Sum

from openpbc.finance.models import LedgerAccount, LedgerLine
from openpbc.finance.reads.evidence import no_figure
from openpbc.finance.reads.ledger import BUDGET_KINDS, JournalEntry, journal
from openpbc.finance.reads.ledger_addresses import (
    ALL,
    BALANCE,
    LINE,
    LedgerAddress,
    budget_filter,
    ledger_address,
    parse_address,
)
from openpbc.finance.rules.ledger import JOURNAL_KINDS, PRACTICE
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book

RULE = "ledger"
# Journals shown one by one; what came before them is one step, so that a long year stays readable.
_SHOWN = 200


def explain_ledger(book: Book, address: str, rest: str) -> Explanation:
    """Explain a balance, a budget or one journal's line."""
    asked = parse_address(address, rest)
    year = asked.year or str(book.place.year)
    if asked.sum == LINE:
        return _line(book, address, asked, year)
    accounts = _accounts(book.place.id, year, asked, address)
    title = accounts[0].title if asked.sum == BALANCE else _budget_title(accounts, asked)
    steps, value = _steps(book.place.id, accounts, asked)
    until = f" dated up to {asked.as_at.isoformat()}" if asked.as_at else ""
    formula = f"Sum of every journal{until} on {'the account' if asked.sum == BALANCE else f'{len(accounts)} accounts'}"
    return Explanation(
        address=address,
        title=f"{title}, {year}",
        value=value,
        unit="pence",
        formula=formula,
        steps=steps,
        evidence=(("place", book.place.id), ("ledger", year), ("accounts", ", ".join(row.code for row in accounts))),
        notes=("Rows of the ledger are only added; a correction is a journal of its own.",),
    )


def _accounts(place: str, year: str, asked: LedgerAddress, address: str) -> list[LedgerAccount]:
    rows = LedgerAccount.objects.filter(place=place, year=year)
    if asked.sum == BALANCE:
        rows = rows.filter(code=asked.code)
    else:
        rows = rows.filter(kind__in=BUDGET_KINDS, **budget_filter(asked.code))
    found = list(rows)
    if not found:
        raise no_figure(address)
    return found


def _budget_title(accounts: list[LedgerAccount], asked: LedgerAddress) -> str:
    owner, *cut = asked.code.split("/")
    name = "All groups" if owner == ALL else cut.pop(0)
    shown = [each.replace("-", " ") for each in cut if each not in ("any", ALL)]
    return ", ".join([f"Budget: {name}", *shown])


def _steps(place: str, accounts: list[LedgerAccount], asked: LedgerAddress) -> tuple[tuple[Step, ...], int]:
    """A step for each journal that changed the sum, the oldest beyond what is readable taken together."""
    lines = LedgerLine.objects.filter(account__in=accounts)
    if asked.as_at:
        lines = lines.filter(journal__on__lte=asked.as_at)
    names = ("number", "kind", "on", "reason", "by_name", "source")
    by_journal = lines.order_by().values(*(f"journal__{name}" for name in names)).annotate(effect=Sum("amount"))
    moved = [row for row in by_journal.order_by("journal__number") if row["effect"]]
    early, late = moved[:-_SHOWN], moved[-_SHOWN:]
    steps = []
    if early:
        label = f"{len(early)} journals up to journal {early[-1]['journal__number']}"
        steps.append(Step(RULE, label, sum(row["effect"] for row in early)))
    code = asked.code if asked.sum == BALANCE else ""
    steps += [
        _step(place, {name: row[f"journal__{name}"] for name in names}, row["effect"], code, asked) for row in late
    ]
    return tuple(steps), sum(row["effect"] for row in moved)


def _step(place: str, told: dict[str, object], effect: int, code: str, asked: LedgerAddress) -> Step:
    kind = JOURNAL_KINDS[str(told["kind"])].title
    inputs = [("on", str(told["on"])), ("by", str(told["by_name"]))]
    inputs += [("from", str(told["source"]))] if told["source"] else []
    number = int(str(told["number"]))
    address = ledger_address(place, LINE, code, journal=number, year=asked.year) if code else ""
    return Step(RULE, f"Journal {number}, {kind.lower()}: {told['reason']}", effect, tuple(inputs), address=address)


def _line(book: Book, address: str, asked: LedgerAddress, year: str) -> Explanation:
    """One journal's entry on one account is the opposite of all its other entries."""
    found = journal(book.place.id, year, asked.journal)
    own = next((entry for entry in found.entries if entry.account.code == asked.code), None)
    if own is None:
        raise no_figure(address)
    others = [entry for entry in found.entries if entry is not own]
    steps = [
        Step(
            RULE,
            f"{'From' if entry.pence < 0 else 'To'} {entry.account.title}",
            -entry.pence,
            address=ledger_address(book.place.id, BALANCE, entry.account.code, year=asked.year),
        )
        for entry in others
        if not _of_another_practice(own, entry)
    ]
    hidden = [entry for entry in others if _of_another_practice(own, entry)]
    if hidden:
        label = f"{len(hidden)} other practices in the same journal"
        steps.append(Step(RULE, label, -sum(entry.pence for entry in hidden)))
    return Explanation(
        address=address,
        title=f"Journal {found.number}, {own.account.title}, {year}",
        value=own.pence,
        unit="pence",
        formula=f"{JOURNAL_KINDS[found.kind].meaning}: what one account gets, the others give",
        steps=tuple(steps),
        evidence=(
            ("place", book.place.id),
            ("journal", f"{year}/{found.number}, {found.kind}"),
            ("reason", found.reason),
            ("on", found.on.isoformat()),
            ("posted by", f"{found.by_name}, {found.at:%Y-%m-%d %H:%M}"),
            *([("from", found.source)] if found.source else []),
        ),
    )


def _of_another_practice(own: JournalEntry, entry: JournalEntry) -> bool:
    return own.account.kind == PRACTICE == entry.account.kind and own.account.practice != entry.account.practice
