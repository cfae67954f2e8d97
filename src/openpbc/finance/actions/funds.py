"""Freed-up resources, and pooled funds with partners: journals whose sums follow a rule."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from openpbc import audit
from openpbc.finance.actions.ledger import post
from openpbc.finance.actions.posting import Posted
from openpbc.finance.models import LedgerLine
from openpbc.finance.reads.ledger import ledger_balances
from openpbc.finance.rules import funds as rule
from openpbc.finance.rules.ledger import POOL, account_name
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations

REINVESTED = "finance.freed_reinvested"


@audit.action("finance.free_up")
def free_up(*, by: Actor, place: str, source: str, pence: int, on: date, reason: str, key: str = "") -> Posted:
    """Take resources that a group freed up off its budget: the part that the rulebook says stays the group's to use."""
    book = organisations.book(place)
    accounts = ledger_balances(place, str(book.place.year))
    unit = next((each.account.unit for each in accounts if each.account.code == source), "")
    if not unit:
        raise UserError(f"{source[:60]} is no budget of a group", "source", "Give a group's or practice's account.")
    entries = rule.freed_entries(source, unit, pence, book.need(REINVESTED).ppm)
    posted = post(by=by, place=place, kind="freed", entries=entries, on=on, reason=reason, key=key)
    audit.note(subject=f"ledger/{place}/{book.place.year}/{posted.number}", reason=reason)
    return posted


@audit.action("finance.pay_into_pool")
def pay_into_pool(
    *,
    by: Actor,
    place: str,
    pool: str,
    partner: str,
    pence: int,
    on: date,
    reason: str,
    source: str = "",
    key: str = "",
) -> Posted:
    """Pay a partner's share into a pooled fund: from one of our budgets (``source``), or received from the partner."""
    entries = rule.paid_in(pool, partner, pence, source)
    posted = post(by=by, place=place, kind=POOL, entries=entries, on=on, reason=reason, key=key)
    audit.note(subject=f"pool/{place}/{pool}", after={"partner": partner, "pence": pence}, reason=reason)
    return posted


@audit.action("finance.spend_from_pool")
def spend_from_pool(
    *, by: Actor, place: str, pool: str, pence: int, purpose: str, on: date, reason: str, key: str = ""
) -> Posted:
    """Spend from a pooled fund: each partner bears its part, by what the partners paid in, to the penny."""
    year = str(organisations.book(place).place.year)
    held = {
        account_name(each.account.code).partner: each.pence
        for each in ledger_balances(place, year, kind=POOL)
        if account_name(each.account.code).name == pool
    }
    entries = rule.spent_of_pool(pool, pence, _contributions(place, year, pool), held, purpose)
    posted = post(by=by, place=place, kind=POOL, entries=entries, on=on, reason=reason, key=key)
    audit.note(subject=f"pool/{place}/{pool}", after={"purpose": purpose, "pence": pence}, reason=reason)
    return posted


def _contributions(place: str, year: str, pool: str) -> dict[str, int]:
    """What each partner paid into a pool, reversals taken off."""
    lines = LedgerLine.objects.filter(
        account__place=place, account__year=year, account__kind=POOL, amount__gt=0, journal__reversed_by__isnull=True
    ).exclude(journal__kind="reversal")
    paid = lines.order_by().values("account__code").annotate(paid=Sum("amount"))
    named = {account_name(row["account__code"]): row["paid"] for row in paid}
    return {name.partner: paid for name, paid in named.items() if name.name == pool}
