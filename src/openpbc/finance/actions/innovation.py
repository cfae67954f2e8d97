"""Writes of the innovation fund: setting money aside, bids, awards, payments, and what comes back unspent."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.ledger import post
from openpbc.finance.actions.posting import Posted, one_writer
from openpbc.finance.actions.revisions import change, prose, signed, written
from openpbc.finance.reads import innovation as reads
from openpbc.finance.rules.ledger import FUND, UNALLOCATED, Entry
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

KIND = "innovation"


@audit.action("finance.feed_innovation_fund")
def feed_innovation_fund(
    *, by: Actor, place: str, pence: int, on: date, reason: str, source: str = UNALLOCATED, key: str = ""
) -> Posted:
    """Set money aside in the ring-fenced fund, out of money that is held."""
    if pence <= 0:
        raise UserError("nothing would be set aside", where="pence", do="Give a sum in pounds.")
    entries = (Entry(source, -pence), Entry(FUND, pence))
    told = written("reason", reason)
    return post(by=by, place=place, kind=KIND, entries=entries, on=on, reason=told, source="innovation-fund", key=key)


@audit.action("finance.bid_for_innovation")
def bid_for_innovation(*, by: Actor, place: str, unit: str, title: str, asked: int) -> int:
    """Ask the fund for money, and give the bid's number."""
    book = organisations.book(place)
    year = str(book.place.year)
    organisations.unit_by_alias(place, unit)
    if asked <= 0:
        raise UserError("a bid asks for more than nought", where="asked", do="Give a sum in pounds.")
    rows = models.InnovationBid.objects.filter(place=place, year=year)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    facts = {"unit": unit, "title": written("title", title), "asked": asked}
    try:
        with transaction.atomic():
            rows.create(place=place, year=year, number=number, state="asked", revision=1, **signed(by), **facts)
    except IntegrityError as problem:
        raise Stale("somebody else's bid came in at this very moment", do="Send yours once more.") from problem
    audit.note(subject=f"innovation-bid/{place}/{year}/{number}", after=facts)
    return number


@audit.action("finance.decide_innovation_bid")
def decide_innovation_bid(
    *, by: Actor, place: str, number: int, revision: int, awarded: int | None, reason: str
) -> None:
    """Award a bid a sum (at most what is asked for and what the fund has left), or refuse it; both with a reason."""
    told = written("reason", reason)
    book = organisations.book(place)
    one_writer(place, str(book.place.year))  # two awards at once must not promise the same money
    bid = reads.bid(book, number)
    if bid.state != "asked":
        raise UserError(f"the bid is {bid.state} already", do="A new bid can be made.")
    if awarded is not None:
        _check_award(book, bid, awarded)
    facts = {"state": "refused" if awarded is None else "awarded", "awarded": awarded, "reason": told}
    rows = models.InnovationBid.objects.filter(place=place, year=str(book.place.year), number=number)
    change(rows, f"bid {number}", by=by, revision=revision, **facts)
    audit.note(subject=f"innovation-bid/{place}/{bid.year}/{number}", after=facts, reason=told)


def _check_award(book: Book, bid: reads.Bid, awarded: int) -> None:
    free = reads.fund(book).free
    if not 0 < awarded <= bid.asked:
        raise UserError(f"the bid asks for {pounds(bid.asked)}", where="awarded", do="Award that much or less.")
    if awarded > free:
        raise UserError(
            f"the fund has {pounds(free)} that is not awarded yet", where="awarded", do="Award that much or less."
        )


@audit.action("finance.pay_innovation_bid")
def pay_innovation_bid(*, by: Actor, place: str, number: int, pence: int, on: date) -> Posted:
    """Pay a part or all of an award out of the fund."""
    bid = reads.bid(organisations.book(place), number)
    left = (bid.awarded or 0) - bid.paid
    if bid.state != "awarded":
        raise UserError(f"the bid is {bid.state}, so nothing can be paid", do="Award it first.")
    if not 0 < pence <= left:
        raise UserError(f"{pounds(left)} of the award is not paid yet", where="pence", do="Pay that much or less.")
    entries = (Entry(FUND, -pence), Entry(bid.account, pence))
    return post(by=by, place=place, kind=KIND, entries=entries, on=on, reason=f"Bid {number}: {bid.title}",
                source=f"innovation-bid/{number}", seen={bid.account: bid.line})  # fmt: skip


@audit.action("finance.return_innovation_money")
def return_innovation_money(*, by: Actor, place: str, number: int, pence: int, on: date, reason: str) -> Posted:
    """Take unspent money back into the fund; it has no other way to go."""
    bid = reads.bid(organisations.book(place), number)
    if not 0 < pence <= bid.paid:
        raise UserError(f"{pounds(bid.paid)} was paid", where="pence", do="Return that much or less.")
    entries = (Entry(bid.account, -pence), Entry(FUND, pence))
    return post(by=by, place=place, kind=KIND, entries=entries, on=on, reason=written("reason", reason),
                source=f"innovation-bid/{number}", seen={bid.account: bid.line})  # fmt: skip


@audit.action("finance.evaluate_innovation_bid")
def evaluate_innovation_bid(*, by: Actor, place: str, number: int, revision: int, evaluation: str) -> None:
    """Write down what came of an award."""
    text = prose("evaluation", evaluation)
    if not text:
        raise UserError("nothing is written here", where="evaluation", do="Say what came of it.")
    year = str(organisations.book(place).place.year)
    rows = models.InnovationBid.objects.filter(place=place, year=year, number=number)
    change(rows, f"bid {number}", by=by, revision=revision, evaluation=text)
    audit.note(subject=f"innovation-bid/{place}/{year}/{number}", after={"evaluation": text[:200]})
