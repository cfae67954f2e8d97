"""SYNTHETIC scenarios, returns of the deposit and items of the scope register for a demonstration."""

from __future__ import annotations

from openpbc import audit
from openpbc.finance.actions.reserve import add_reserve_call
from openpbc.finance.actions.scenario_library import save_scenario
from openpbc.finance.actions.scope_register import add_scope_item, decide_scope, propose_scope
from openpbc.finance.reads.lodged import Lodged, lodged, schedule
from openpbc.finance.reads.multi_year import PURPOSES, plan_years
from openpbc.finance.reads.scenarios import FairShares, fair_shares
from openpbc.finance.reads.scope_register import items
from openpbc.finance.rules.reserve import KINDS
from openpbc.finance.rules.scope_moves import OUT, ItemAmounts
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

WHY = "SYNTHETIC: invented for demonstration"
_TIGHT = 60_000
# The item's part of each group's base, in thousandths, last year and this year.
_ITEM = (3, 4)


@audit.action("finance.demonstrate_scenarios")
def demonstrate_scenarios(*, by: Actor, place: str) -> None:
    """Save a SYNTHETIC scenario, move a SYNTHETIC item and plan SYNTHETIC returns; a second run changes nothing."""
    book = organisations.book(place)
    shares = fair_shares(book)
    if not isinstance(shares, FairShares) or items(book) or schedule(book).calls:
        audit.nothing_changed()
        return
    settings = f"scenario={shares.scenario.code}&cap={_TIGHT}"
    save_scenario(by=by, place=place, title="SYNTHETIC: a tighter cap", query=settings, note=WHY)
    _items(by, place, shares)
    _returns(by, book)
    audit.note(subject=f"scenario/{place}", after={"demonstration": True})


def _items(by: Actor, place: str, shares: FairShares) -> None:
    last, this = _ITEM
    for at, title in enumerate(("SYNTHETIC: nationally priced drugs", "SYNTHETIC: provider services")):
        amounts = {
            one.code: ItemAmounts(one.base * last * (at + 1) // 1_000, one.base * this * (at + 1) // 1_000)
            for one in shares.groups
        }
        number = add_scope_item(by=by, place=place, title=title, scope="in", amounts=amounts, note=WHY)
        wanted = "capitation" if at else OUT
        propose_scope(by=by, place=place, number=number, revision=1, wanted=wanted, reason=WHY)
        if not at:
            decide_scope(by=by, place=place, number=number, revision=1, proposal=1, outcome="agreed", reason=WHY)


def _returns(by: Actor, book: Book) -> None:
    """Give each group its own deposit back: a half next year as one-off, the rest a year later."""
    held, years, purposes = lodged(book), plan_years(book), book.table(PURPOSES)
    if not isinstance(held, Lodged) or isinstance(years, NotSet) or not isinstance(purposes, Table):
        return
    codes, later = [row["code"] for row in purposes], [str(year) for year in years[1:]]
    if not later:
        return
    for at, (unit, pence) in enumerate(held.by_unit.items()):
        half = pence // 2
        for part, sum_ in enumerate((half, pence - half)):
            add_reserve_call(
                by=by,
                place=book.place.id,
                revision=schedule(book).revision,
                unit=unit,
                year=later[min(part, len(later) - 1)],
                kind=KINDS[part],
                purpose=codes[-1 - part],
                title=f"SYNTHETIC: return {at * 2 + part + 1}",
                pence=sum_,
            )
