"""A demonstration's ledger in use: opening balances, indicative budgets, virements, pooled and freed-up money."""

from __future__ import annotations

from typing import Any

from openpbc import audit
from openpbc.finance.actions.funds import free_up, pay_into_pool, spend_from_pool, use_freed
from openpbc.finance.actions.indicative import issue_indicative
from openpbc.finance.actions.ledger import reverse, virement
from openpbc.finance.actions.opening import import_opening
from openpbc.finance.reads.indicative import issuable
from openpbc.finance.reads.innovation import held_money
from openpbc.finance.reads.ledger import Balance, count_journals, ledger_balances
from openpbc.finance.rules.funds import pool_account
from openpbc.finance.rules.indicative import BY_LIST
from openpbc.finance.rules.ledger import CONTINGENCY, GROUP, IN_SCOPE, PARTNERS
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

MOVED, MISTAKEN = 250_000_00, 12_000_00
POOLED, PARTNER, OWN = "SYNTHETIC-equipment", "adult-care", "health"
BROUGHT_POUNDS = 18_000
PAID, THEIRS, DRAWN = 120_000_00, 62_000_00, 75_000_00
FREED_UP, USED = 96_000_00, 24_500_00


@audit.action("finance.demonstrate_ledger")
def demonstrate_ledger(*, by: Actor, place: str) -> int:
    """Use the budgets that a demonstration put in force, and give how many journals that took; once only.

    Where the place's ledger is empty or in use already, nothing is done.
    """
    book = organisations.book(place)
    year = str(book.place.year)
    groups = ledger_balances(place, year, kind=GROUP, scope=IN_SCOPE)
    if len(groups) < 2 or count_journals(place, year, kind="indicative"):
        audit.nothing_changed()
        return 0
    before = count_journals(place, year)
    _move(by, place, year, groups)
    _pool(by, place, book)
    _free_up(by, place, groups)
    for unit in issuable(book):
        issue_indicative(
            by=by,
            place=place,
            unit=unit,
            method=BY_LIST,
            on=book.place.year.first,
            reason="SYNTHETIC: indicative budgets by registered list",
        )
    done = count_journals(place, year) - before
    audit.note(subject=f"ledger/{place}/{year}", after={"journals": done}, reason="SYNTHETIC: the ledger in use")
    return done


def _move(by: Actor, place: str, year: str, groups: tuple[Balance, ...]) -> None:
    """Move something out of the contingency, and something from one group to another by mistake."""
    first, second = groups[0].account.code, groups[1].account.code
    day = organisations.book(place).place.year.first
    held = {each.account.code: each.pence for each in ledger_balances(place, year)}
    if held.get(CONTINGENCY, 0) >= MOVED:
        said = "SYNTHETIC: winter beds, called from the contingency"
        virement(by=by, place=place, source=CONTINGENCY, target=first, pence=MOVED, on=day, reason=said)
    if held[second] >= MISTAKEN:
        said = "SYNTHETIC: physiotherapy shared by two groups"
        posted = virement(by=by, place=place, source=second, target=first, pence=MISTAKEN, on=day, reason=said)
        reverse(by=by, place=place, number=posted.number, on=day, reason="SYNTHETIC: agreed for another year")


def _pool(by: Actor, place: str, book: Book) -> None:
    """Open a pooled fund with what a partner had left in it, pay both shares in, and spend from it."""
    sources = [each for each in held_money(book) if each.pence >= PAID and each.account.code != CONTINGENCY]
    if not sources:
        return
    share = pool_account(POOLED, PARTNER)
    opening = f"account,amount\n{share},{BROUGHT_POUNDS}\n{PARTNERS},-{BROUGHT_POUNDS}\n".encode()
    import_opening(by=by, place=place, content=opening, name="SYNTHETIC opening balances")
    told = "SYNTHETIC: community equipment, bought together"
    common: dict[str, Any] = {"by": by, "place": place, "pool": POOLED, "on": book.place.year.first, "reason": told}
    pay_into_pool(partner=OWN, pence=PAID, source=sources[-1].account.code, **common)
    pay_into_pool(partner=PARTNER, pence=THEIRS, **common)
    spend_from_pool(pence=DRAWN, purpose="equipment", **common)


def _free_up(by: Actor, place: str, groups: tuple[Balance, ...]) -> None:
    """Free something up from a group's budget, and put a part of it to use."""
    freeing = groups[1].account
    day = organisations.book(place).place.year.first
    common: dict[str, Any] = {"by": by, "place": place, "on": day}
    free_up(source=freeing.code, pence=FREED_UP, reason="SYNTHETIC: fewer follow-up appointments", **common)
    use_freed(unit=freeing.unit, pence=USED, purpose="nurse", reason="SYNTHETIC: a nurse in the community", **common)
