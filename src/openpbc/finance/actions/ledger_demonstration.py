"""A demonstration's ledger in use: indicative budgets, a virement, and one that was a mistake and is reversed."""

from __future__ import annotations

from openpbc import audit
from openpbc.finance.actions.indicative import issue_indicative
from openpbc.finance.actions.ledger import reverse, virement
from openpbc.finance.reads.indicative import issuable
from openpbc.finance.reads.ledger import Balance, count_journals, ledger_balances
from openpbc.finance.rules.indicative import BY_LIST
from openpbc.finance.rules.ledger import CONTINGENCY, GROUP, IN_SCOPE
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations

MOVED, MISTAKEN = 250_000_00, 12_000_00


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
