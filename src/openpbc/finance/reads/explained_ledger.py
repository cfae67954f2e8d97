"""Explains what the ledger holds: a step a journal, and for one journal what stood on its other side."""

from __future__ import annotations

from django.db.models import QuerySet, Sum
from django.utils.timezone import localtime

from openpbc.finance.models import LedgerAccount, LedgerLine
from openpbc.finance.reads.evidence import no_figure
from openpbc.finance.reads.ledger import BUDGET_KINDS, Journal, journal, one_way
from openpbc.finance.reads.ledger_addresses import (
    ALL,
    ANY,
    BALANCE,
    IN,
    LINE,
    MOVED,
    OUTSIDE,
    POOL,
    SENDERS,
    TOTAL,
    LedgerAddress,
    Part,
    budget_filter,
    ledger_address,
    parse_address,
    total_filter,
)
from openpbc.finance.reads.ledger_grounds import grounds, of_another_practice
from openpbc.finance.rules.ledger import ACCOUNT_KINDS, JOURNAL_KINDS
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book

RULE = "ledger"
# Journals shown one by one; what came before them is one step, so that a long year stays readable.
_SHOWN = 200
# Accounts named in the evidence.
_NAMED = 20


def explain_ledger(book: Book, address: str, rest: str) -> Explanation:
    """Explain a balance, a budget, a total, one journal's line, or what one journal did to a budget."""
    asked = parse_address(address, rest)
    year = asked.part.year or str(book.place.year)
    if asked.sum == LINE:
        return _line(book, address, asked, year)
    accounts = _accounts(book.place.id, year, asked, address)
    if asked.sum == MOVED:
        return _moved(book, address, asked, year, {row.code for row in accounts})
    steps = (_account_steps if asked.sum == TOTAL else _journal_steps)(book.place.id, accounts, asked)
    named = accounts if len(accounts) <= _NAMED else accounts[:_NAMED]
    rest_of = f" and {len(accounts) - _NAMED} more" if len(accounts) > _NAMED else ""
    return Explanation(
        address=address,
        title=f"{_title(accounts, asked)}, {year}",
        value=sum(step.effect for step in steps),
        unit="pence",
        formula=_formula(accounts, asked),
        steps=steps,
        evidence=(
            ("place", book.place.id),
            ("ledger", year),
            ("accounts", ", ".join(row.code for row in named) + rest_of),
        ),
        notes=("Rows of the ledger are only added; a correction is a journal of its own.",),
    )


def _accounts(place: str, year: str, asked: LedgerAddress, address: str) -> list[LedgerAccount]:
    rows = LedgerAccount.objects.filter(place=place, year=year)
    if asked.sum == BALANCE:
        rows = rows.filter(code=asked.code)
    elif asked.sum == TOTAL:
        rows = rows.filter(**total_filter(asked.code))
    else:
        rows = rows.filter(kind__in=BUDGET_KINDS, **budget_filter(asked.code))
    found = list(rows)
    if not found:
        raise no_figure(address)
    return found


def _title(accounts: list[LedgerAccount], asked: LedgerAddress) -> str:
    if asked.sum == BALANCE:
        return accounts[0].title
    if asked.sum == TOTAL and asked.code in OUTSIDE:
        return f"Money received from {SENDERS[asked.code]}"
    if asked.sum == TOTAL and asked.code.startswith(f"{POOL}/"):
        return f"Pooled fund {asked.code.partition('/')[2].replace('-', ' ')}"
    if asked.sum == TOTAL:
        return "All accounts" if asked.code == ALL else ACCOUNT_KINDS.get(asked.code, f"Accounts of {asked.code}")
    return _budget_title(asked)


def _budget_title(asked: LedgerAddress) -> str:
    owner, *cut = asked.code.split("/")
    name = "All groups" if owner == ALL else cut.pop(0)
    shown = [each.replace("-", " ") for each in cut if each not in (ANY, ALL)]
    return ", ".join([f"Budget: {name}", *shown])


def _formula(accounts: list[LedgerAccount], asked: LedgerAddress) -> str:
    if asked.sum == TOTAL and asked.code in OUTSIDE:
        return "What stands on the other side of the ledger, taken as more than nought"
    if asked.part.way:
        what = "was given to" if asked.part.way == IN else "was taken from"
        return f"Sum of all that {what} the account, without journals that were reversed"
    kind = JOURNAL_KINDS.get(asked.part.kind)
    what = f"every journal of the kind '{kind.title.lower()}'" if kind else "every journal"
    until = f" dated up to {asked.part.as_at.isoformat()}" if asked.part.as_at else ""
    until += f", up to line {asked.part.upto}," if asked.part.upto else ""
    return f"Sum of {what}{until} on {'the account' if len(accounts) == 1 else f'{len(accounts)} accounts'}"


def _lines(accounts: list[LedgerAccount], part: Part) -> QuerySet[LedgerLine, LedgerLine]:
    lines = LedgerLine.objects.filter(account__in=accounts).order_by()
    if part.as_at:
        lines = lines.filter(journal__on__lte=part.as_at)
    if part.kind:
        lines = lines.filter(journal__kind=part.kind)
    if part.way:
        lines = one_way(lines, part.way)
    return lines.filter(number__lte=part.upto) if part.upto else lines


def _account_steps(place: str, accounts: list[LedgerAccount], asked: LedgerAddress) -> tuple[Step, ...]:
    """A step for each account that is added up."""
    summed = _lines(accounts, asked.part).values("account_id").annotate(effect=Sum("amount"))
    effects = {row["account_id"]: row["effect"] for row in summed}
    sign = -1 if asked.code in OUTSIDE else 1
    return tuple(
        Step(RULE, row.title, sign * effects[row.pk], address=ledger_address(place, BALANCE, row.code, part=asked.part))
        for row in accounts
        if effects.get(row.pk)
    )


def _journal_steps(place: str, accounts: list[LedgerAccount], asked: LedgerAddress) -> tuple[Step, ...]:
    """A step for each journal that changed the sum, the oldest beyond what is readable taken together."""
    names = ("number", "kind", "on", "reason", "by_name", "source")
    by_journal = _lines(accounts, asked.part).values(*(f"journal__{name}" for name in names))
    moved = [row for row in by_journal.annotate(effect=Sum("amount")).order_by("journal__number") if row["effect"]]
    early, late = moved[:-_SHOWN], moved[-_SHOWN:]
    steps = []
    if early:
        label = f"{len(early)} journals up to journal {early[-1]['journal__number']}"
        steps.append(Step(RULE, label, sum(row["effect"] for row in early)))
    for row in late:
        told = {name: row[f"journal__{name}"] for name in names}
        steps.append(_step(place, told, row["effect"], asked))
    return tuple(steps)


def _step(place: str, told: dict[str, object], effect: int, asked: LedgerAddress) -> Step:
    kind = JOURNAL_KINDS[str(told["kind"])].title
    inputs = [("on", str(told["on"])), ("by", str(told["by_name"]))]
    inputs += [("from", str(told["source"]))] if told["source"] else []
    number = int(str(told["number"]))
    one = LINE if asked.sum == BALANCE else MOVED
    address = ledger_address(place, one, asked.code, journal=number, part=Part(asked.part.year))
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
            address=ledger_address(
                book.place.id, LINE, entry.account.code, journal=found.number, part=Part(asked.part.year)
            ),
        )
        for entry in others
        if not of_another_practice(own, entry)
    ]
    hidden = [entry for entry in others if of_another_practice(own, entry)]
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
        grounds=grounds(book, found, own, Part(asked.part.year)),
        evidence=_posted(book, found),
    )


def _moved(book: Book, address: str, asked: LedgerAddress, year: str, codes: set[str]) -> Explanation:
    """What one journal did to a budget: its entries on the accounts that the budget sums."""
    found = journal(book.place.id, year, asked.journal)
    own = [entry for entry in found.entries if entry.account.code in codes]
    return Explanation(
        address=address,
        title=f"Journal {found.number}, {_budget_title(asked)}, {year}",
        value=sum(entry.pence for entry in own),
        unit="pence",
        formula=f"{JOURNAL_KINDS[found.kind].meaning}: the journal's entries on the accounts of the budget",
        steps=tuple(Step(RULE, entry.account.title, entry.pence, address=entry.address) for entry in own),
        evidence=_posted(book, found),
    )


def _posted(book: Book, found: Journal) -> tuple[tuple[str, str], ...]:
    """What a journal's explanation names beside its steps."""
    return (
        ("place", book.place.id),
        ("journal", f"{found.year}/{found.number}, {found.kind}"),
        ("reason", found.reason),
        ("on", found.on.isoformat()),
        ("posted by", f"{found.by_name}, {localtime(found.at):%Y-%m-%d %H:%M}"),
        *([("from", found.source)] if found.source else []),
    )
