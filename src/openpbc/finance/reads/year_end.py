"""What the end of a ledger's year would do: what carries into the next year, and what lapses."""

from __future__ import annotations

from openpbc.finance.models import LedgerJournal
from openpbc.finance.reads.ledger import ledger_balances
from openpbc.finance.rules import year_end as rule
from openpbc.finance.rules.ledger import ALLOCATION, SPENT, account_name
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book

CARRIES = "finance.carry_forward"


def year_end(book: Book) -> rule.YearEnd:
    """Sort what stands by whether its kind of account carries; a kind of which nobody has said is a mistake."""
    balances = {each.account.code: each.pence for each in ledger_balances(book.place.id, str(book.place.year))}
    table = book.need_table(CARRIES)
    carries = {row["kind"]: row["carries"] == "yes" for row in table}
    missing = rule.undecided(balances, carries)
    if missing:
        raise UserError(
            f"nobody has said whether money on accounts of kind {', '.join(missing)} is carried into the next year",
            table.path,
            "Write a row for each, or use the money before the year ends.",
        )
    return rule.year_end(balances, carries)


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
