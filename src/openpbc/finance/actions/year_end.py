"""The end of the ledger's year: what carries is brought into the next year's ledger, what does not lapses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpbc import audit
from openpbc.finance.actions.posting import ROLLED_OVER, Posted, append
from openpbc.finance.reads.ledger import ledger_balances
from openpbc.finance.rules import year_end as rule
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

CARRIES = "finance.carry_forward"


@dataclass(frozen=True)
class RolledOver:
    """What a year's end did, in pence, and the journals that it posted in each of the two ledgers."""

    carried: int
    lapsed: int
    closing: tuple[Posted, ...]
    opening: tuple[Posted, ...]


@audit.action("finance.roll_over")
def roll_over(*, by: Actor, place: str, on: date, reason: str) -> RolledOver:
    """Close the place's ledger of the year and open the next year's with what carries; a second time changes nothing.

    Which kinds of account carry is said by the rulebook; a kind that it leaves open stops the year's end while it holds
    money. The ledger of the year then takes no more journals but reversals.
    """
    book = organisations.book(place)
    year = book.place.year
    balances = {each.account.code: each.pence for each in ledger_balances(place, str(year))}
    ended = rule.year_end(balances, _carries(book, balances))
    if not (ended.carried or ended.lapsed):
        audit.nothing_changed()
        return RolledOver(0, 0, (), ())
    words = ((ended.carried, f"Carried into {year.next.label}"), (ended.lapsed, f"Lapses at the end of {year.label}"))
    closing = append(
        by, place, year, [_draft(entries, on, f"{said}: {reason}", year) for entries, said in words if entries]
    )
    source = f"ledger/{place}/{year}/{closing[0].number}"
    first = year.next.first
    opening: tuple[Posted, ...] = ()
    if ended.opening:
        brought = f"Brought from {year.label}: {reason}"
        opening = append(by, place, year.next, [Draft("carry-forward", ended.opening, first, brought, source)])
    audit.note(
        subject=f"ledger/{place}/{year}/{closing[0].number}",
        after={"carried": ended.carried_pence, "lapsed": ended.lapsed_pence, "into": str(year.next)},
        reason=reason,
    )
    return RolledOver(ended.carried_pence, ended.lapsed_pence, closing, opening)


def _draft(entries: tuple[Entry, ...], on: date, reason: str, year: object) -> Draft:
    return Draft("carry-forward", entries, on, reason, source=f"{ROLLED_OVER}/{year}")


def _carries(book: Book, balances: dict[str, int]) -> dict[str, bool]:
    table = book.need_table(CARRIES)
    carries = {row["kind"]: row["carries"] == "yes" for row in table}
    missing = rule.undecided(balances, carries)
    if missing:
        raise UserError(
            f"nobody has said whether money on accounts of kind {', '.join(missing)} is carried into the next year",
            table.path,
            "Write a row for each, or use the money before the year ends.",
        )
    return carries
