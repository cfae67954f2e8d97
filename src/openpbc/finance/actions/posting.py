"""How journals get into the ledger: one writer of a ledger at a time, lines first, the journal's own row last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from openpbc.finance.actions.accounts import open_accounts
from openpbc.finance.models import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.reads.ledger import Journal
from openpbc.finance.rules.ledger import REVERSAL, AccountName, Draft, Entry, check_draft, overdrawn
from openpbc.finance.rules.year_end import CARRY_FORWARD, ROLLED_OVER
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import Stale, UserError

_BATCH = 500


@dataclass(frozen=True)
class Posted:
    """The number of a journal in its ledger; ``already`` when its key had posted it before.

    With ``waits`` nothing is posted yet: the number is that under which it waits for a second person.
    """

    number: int
    already: bool = False
    waits: bool = False

    def subject(self, place: str, year: object) -> str:
        """What the log calls it."""
        return f"ledger/{place}/{year}/{f'waiting/{self.number}' if self.waits else self.number}"


@dataclass
class _Head:
    """Where an account stands: its last line's number, and its balance."""

    account: LedgerAccount
    number: int = 0
    balance: int = 0


def append(by: Actor, place: str, year: FinancialYear, drafts: Sequence[Draft]) -> tuple[Posted, ...]:
    """Post journals in order, all or none; those whose key was posted before are given as they stand."""
    names = [check_draft(draft) for draft in drafts]
    for draft in drafts:
        _check_day(draft, year)
    one_writer(place, str(year))
    _check_open(place, year, drafts)
    known = _posted_keys(place, str(year), drafts)
    fresh = [draft for draft in drafts if draft.key not in known]
    heads = _heads(place, str(year), names, max([year.first, *(draft.on for draft in drafts)]))
    number = _last_number(place, str(year))
    lines: list[LedgerLine] = []
    journals: list[LedgerJournal] = []
    for draft in fresh:
        _check_seen(draft, heads)
        number += 1
        journal = _journal(by, place, str(year), number, draft)
        lines += _lines(journal, draft, heads)
        journals.append(journal)
    _write(lines, journals)
    numbers = iter(journal.number for journal in journals)
    return tuple(Posted(known[draft.key], True) if draft.key in known else Posted(next(numbers)) for draft in drafts)


def reversal(found: Journal, on: date, reason: str) -> Draft:
    """Give the journal that undoes another, under its source."""
    return Draft(REVERSAL, found.opposite, on, reason, found.source, reverses=found.number)


def _check_day(draft: Draft, year: FinancialYear) -> None:
    """A year's journals are dated within it or, for what was decided beforehand, within the year before."""
    if not year.previous.first <= draft.on <= year.last:
        raise UserError(
            f"{draft.on.isoformat()} is no day for the ledger of {year.label}",
            do=f"Give a day from {year.previous.first.isoformat()} to {year.last.isoformat()}.",
        )


def _check_open(place: str, year: FinancialYear, drafts: Sequence[Draft]) -> None:
    """A year that was carried forward takes no more journals but reversals."""
    if all(draft.kind == REVERSAL for draft in drafts):
        return
    source = f"{ROLLED_OVER}/{year}"
    ended = LedgerJournal.objects.filter(place=place, year=str(year), kind=CARRY_FORWARD, source=source)
    last = ended.filter(reversed_by__isnull=True).order_by("number").first()
    if last is not None:
        raise UserError(
            f"the ledger of {year.label} was carried forward by {last.by_name} with journal {last.number}",
            do=f"Post into the ledger of {year.next.label}, or reverse that journal first: it undoes the year's end.",
        )


def one_writer(place: str, year: str) -> None:
    """Let one writer of a ledger go after the other. What holds is held by constraints; this only keeps the peace."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"ledger/{place}/{year}"])


def _posted_keys(place: str, year: str, drafts: Sequence[Draft]) -> dict[str, int]:
    wanted = {draft.key: draft for draft in drafts if draft.key}
    found = LedgerJournal.objects.filter(place=place, year=year, key__in=list(wanted)) if wanted else ()
    for journal in found:
        entries = {Entry(line.account.code, line.amount) for line in journal.entries.select_related("account")}
        draft = wanted[journal.key]
        if journal.kind != draft.kind or entries != set(draft.entries):
            raise UserError(f"journal {journal.number} was posted under this key with other entries", draft.key)
    return {journal.key: journal.number for journal in found}


def _heads(place: str, year: str, names: Sequence[Sequence[AccountName]], on: date) -> dict[str, _Head]:
    """Give where each account stands, opening those that are new."""
    wanted = {name.code: name for each in names for name in each}
    accounts = list(LedgerAccount.objects.with_heads().filter(place=place, year=year, code__in=list(wanted)))
    heads = {row.code: _Head(row, row.head_number or 0, row.head_balance or 0) for row in accounts}
    missing = [name for code, name in wanted.items() if code not in heads]
    return heads | {row.code: _Head(row) for row in open_accounts(place, year, missing, on)} if missing else heads


def _last_number(place: str, year: str) -> int:
    last = LedgerJournal.objects.filter(place=place, year=year).order_by("-number").first()
    return last.number if last else 0


def _check_seen(draft: Draft, heads: dict[str, _Head]) -> None:
    """Refuse what was prepared on balances that somebody has moved since."""
    for code, number in (draft.seen or {}).items():
        if code in heads and heads[code].number != number:
            raise stale(heads[code].account)


def stale(account: LedgerAccount) -> Stale:
    """Say who moved an account last, when and why."""
    line = account.lines.select_related("journal").order_by("-number").first()
    if line is None:
        return Stale(f"{account.title} is not as you saw it", do="Look at it again.")
    journal, at = line.journal, timezone.localtime(line.journal.at)
    way = "put into" if line.amount > 0 else "taken out of"
    return Stale(
        f"Somebody changed this since you looked: {journal.by_name} posted journal {journal.number} "
        f"on {at:%d.%m.%Y at %H:%M}: {pounds(abs(line.amount))} {way} {account.title} ({journal.reason}). "
        f"It now holds {pounds(line.balance_after)}",
        do="Look at the new balance and decide again.",
    )


def _journal(by: Actor, place: str, year: str, number: int, draft: Draft) -> LedgerJournal:
    return LedgerJournal(
        id=f"{place}/{year}/{number}",
        place=place,
        year=year,
        number=number,
        kind=draft.kind,
        on=draft.on,
        reason=draft.reason.strip(),
        source=draft.source,
        reverses_id=f"{place}/{year}/{draft.reverses}" if draft.reverses else None,
        key=draft.key,
        lines=len(draft.entries),
        by_id=by.id[:100],
        by_name=by.name[:200],
        at=_now(),
    )


def _now() -> datetime:
    """The time in whole milliseconds: what a backup as rows keeps."""
    now = timezone.now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _lines(journal: LedgerJournal, draft: Draft, heads: dict[str, _Head]) -> list[LedgerLine]:
    lines = []
    for position, entry in enumerate(draft.entries, start=1):
        head = heads[entry.account]
        after = head.balance + entry.pence
        if after < 0 and not head.account.may_go_below:
            raise overdrawn(head.account.title, head.balance, -entry.pence)
        head.number, head.balance = head.number + 1, after
        lines.append(
            LedgerLine(
                account=head.account,
                journal_id=journal.id,
                position=position,
                number=head.number,
                amount=entry.pence,
                balance_after=after,
            )
        )
    return lines


def _write(lines: list[LedgerLine], journals: list[LedgerJournal]) -> None:
    try:
        with transaction.atomic():
            LedgerLine.objects.bulk_create(lines, batch_size=_BATCH)
            LedgerJournal.objects.bulk_create(journals, batch_size=_BATCH)
    except IntegrityError as problem:
        raise _collision(lines, problem) from problem


def _collision(lines: list[LedgerLine], problem: IntegrityError) -> Stale:
    """Say who came between; the database has held this writer back until the other one was through."""
    for line in lines:
        last = line.account.lines.order_by("-number").first()
        if last is not None and last.number >= line.number:
            return stale(line.account)
    told = str(problem).splitlines()[0]
    return Stale(
        f"Somebody posted at this very moment, and was first ({told})", do="Look again, and send it once more."
    )
