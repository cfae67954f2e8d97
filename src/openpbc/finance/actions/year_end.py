"""The end of the ledger's year: what carries is brought into the next year's ledger, what does not lapses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpbc import audit
from openpbc.finance.actions.posting import Posted, append, one_writer, reversal
from openpbc.finance.reads import year_end as reads
from openpbc.finance.reads.ledger import journal
from openpbc.finance.rules import year_end as rule
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.finance.rules.year_end import CARRY_FORWARD, ROLLED_OVER
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import FinancialYear
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
def roll_over(
    *,
    by: Actor,
    place: str,
    on: date,
    reason: str,
    seen: int | None = None,
    decided: Mapping[str, bool] | None = None,
    why: str = "",
) -> RolledOver:
    """Close the place's ledger of the year and open the next year's with what carries; a second time changes nothing.

    Which kinds of account carry is said by the rulebook. Of a kind that it leaves open ``decided`` says it, with
    ``why`` in every journal; undecided, it stops the year's end while it holds money. The ledger of the year then
    takes no more journals but reversals. ``seen`` numbers the newest journal that the person had seen; a later one is
    told.
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
    chosen = dict(decided or {})
    rule.check_decided(chosen, why, reads.open_kinds(book))
    ended, reason = reads.year_end(book, chosen), reason + rule.told_decisions(chosen, why)
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
        opening = append(by, place, year.next, [Draft(CARRY_FORWARD, ended.opening, first, brought, source)])
    audit.note(
        subject=f"ledger/{place}/{year}/{closing[0].number}",
        after={"carried": ended.carried_pence, "lapsed": ended.lapsed_pence, "into": str(year.next), **_said(chosen)},
        reason=reason,
    )
    return RolledOver(ended.carried_pence, ended.lapsed_pence, closing, opening)


def _said(decided: Mapping[str, bool]) -> dict[str, object]:
    return (
        {"decided": {kind: "carried" if carried else "lapses" for kind, carried in decided.items()}} if decided else {}
    )


def _draft(entries: tuple[Entry, ...], on: date, reason: str, year: object) -> Draft:
    return Draft(CARRY_FORWARD, entries, on, reason, source=f"{ROLLED_OVER}/{year}")


@audit.action("finance.undo_year_end")
def undo_year_end(*, by: Actor, place: str, year: str, on: date, reason: str) -> dict[tuple[str, int], Posted]:
    """Undo a year's end on both sides, and give the reversals by year and number of what each undoes.

    What the next year got is taken back first, so that money never stands in two years; where the next year has used
    it, the refusal says who. The year is open again afterwards, and may be ended again.
    """
    ends = FinancialYear.parse(year)
    one_writer(place, str(ends))
    one_writer(place, str(ends.next))
    ended = reads.year_ended(place, ends)
    if not (ended.closing or ended.opening):
        raise Stale(f"the end of {ends.label} was undone already", do="Look at the ledger again.")
    reads.check_unused(ended)
    undone: dict[tuple[str, int], Posted] = {}
    for stands, found in ended.sides:
        day = max(on, stands.first) if stands == ends.next else min(on, stands.last)
        posted = append(by, place, stands, [reversal(each, day, reason) for each in found])
        undone |= {(str(stands), each.number): done for each, done in zip(found, posted, strict=True)}
    audit.note(
        subject=f"ledger/{place}/{ends}/{min(number for _, number in undone)}",
        before={"undone": ended.told},
        after={"reversals": [f"{stands}/{done.number}" for (stands, _), done in undone.items()]},
        reason=reason,
    )
    return undone
