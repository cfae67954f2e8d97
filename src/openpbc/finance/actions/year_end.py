"""The end of the ledger's year: what carries is brought into the next year's ledger, what does not lapses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpbc import audit
from openpbc.finance.actions.posting import ROLLED_OVER, Posted, append, one_writer
from openpbc.finance.reads import year_end as reads
from openpbc.finance.reads.ledger import journal
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale
from openpbc.organisations import reads as organisations


@dataclass(frozen=True)
class RolledOver:
    """What a year's end did, in pence, and the journals that it posted in each of the two ledgers."""

    carried: int
    lapsed: int
    closing: tuple[Posted, ...]
    opening: tuple[Posted, ...]


@audit.action("finance.roll_over")
def roll_over(*, by: Actor, place: str, on: date, reason: str, seen: int | None = None) -> RolledOver:
    """Close the place's ledger of the year and open the next year's with what carries; a second time changes nothing.

    Which kinds of account carry is said by the rulebook; a kind that it leaves open stops the year's end while it holds
    money. The ledger of the year then takes no more journals but reversals. ``seen`` numbers the newest journal
    that the person had seen; a later one is told.
    """
    book = organisations.book(place)
    year = book.place.year
    one_writer(place, str(year))
    last = reads.last_number(book)
    if seen is not None and seen != last:
        newest = journal(place, str(year), last)
        raise Stale(
            f"{newest.by_name} posted journal {last} after you had looked: {newest.reason}",
            do="Look at what carries and what lapses once more.",
        )
    ended = reads.year_end(book)
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
