"""Freed-up resources, and pooled funds with partners: journals whose sums follow a rule."""

from __future__ import annotations

from datetime import date

from openpbc import audit
from openpbc.finance.actions.ledger import post
from openpbc.finance.actions.posting import Posted, one_writer
from openpbc.finance.reads import funds as reads
from openpbc.finance.rules import funds as rule
from openpbc.finance.rules.ledger import POOL
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations


@audit.action("finance.free_up")
def free_up(*, by: Actor, place: str, source: str, pence: int, on: date, reason: str, key: str = "") -> Posted:
    """Take resources that a group freed up off its budget: the part that the rulebook says stays the group's to use."""
    book = organisations.book(place)
    if not reads.unit_of(book, source):
        raise UserError(f"{source[:60]} is no budget of a group", "source", "Give a group's or practice's account.")
    entries = reads.freeing(book, source, pence)
    posted = post(by=by, place=place, kind="freed", entries=entries, on=on, reason=reason, key=key)
    audit.note(subject=posted.subject(place, book.place.year), reason=reason)
    return posted


@audit.action("finance.use_freed")
def use_freed(
    *, by: Actor, place: str, unit: str, pence: int, on: date, reason: str, target: str = "", purpose: str = ""
) -> Posted:
    """Put resources that a group freed up to use: into a budget of the same group, or spent for a purpose."""
    book = organisations.book(place)
    entries = reads.using(book, unit, pence, target, purpose)
    posted = post(by=by, place=place, kind="freed-use", entries=entries, on=on, reason=reason)
    audit.note(subject=posted.subject(place, book.place.year), after={"unit": unit}, reason=reason)
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
    book = organisations.book(place)
    one_writer(place, str(book.place.year))  # the parts follow from what stands, also when two spend at once
    entries = reads.spending(book, pool, pence, purpose)
    posted = post(by=by, place=place, kind=POOL, entries=entries, on=on, reason=reason, key=key)
    audit.note(subject=f"pool/{place}/{pool}", after={"purpose": purpose, "pence": pence}, reason=reason)
    return posted
