"""The innovation fund: what it holds, who asked for what, what was awarded, paid and returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openpbc.finance import models
from openpbc.finance.reads.ledger import Balance, ledger_balances
from openpbc.finance.rules.ledger import FUND, HELD, SPENT
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book

PREFIX = "innovation"


def address(place: str, owner: str, figure: str) -> str:
    """The address of a figure of the fund (owner ``fund``) or of a bid (its number)."""
    return f"{PREFIX}/{place}/{owner}/{figure}"


@dataclass(frozen=True)
class Bid:
    """One bid; money in pence. ``paid`` is the balance of the account that it is paid into, ``line`` its last line."""

    place: str
    year: str
    number: int
    unit: str
    title: str
    asked: int
    awarded: int | None
    state: str
    reason: str
    evaluation: str
    revision: int
    changed_by: str
    changed_at: datetime
    paid: int
    paid_address: str
    line: int

    @property
    def account(self) -> str:
        """The ledger's account that the bid is paid into: it carries the fund's tag."""
        return account_of(self.number)

    @property
    def unpaid(self) -> int:
        """What is awarded and not paid."""
        return (self.awarded or 0) - self.paid


@dataclass(frozen=True)
class Fund:
    """The fund as the ledger holds it; ``balance`` is none while nothing was ever set aside."""

    balance: Balance | None
    bids: tuple[Bid, ...]

    @property
    def held(self) -> int:
        """What the fund holds now."""
        return self.balance.pence if self.balance else 0

    @property
    def promised(self) -> int:
        """What is awarded and not paid."""
        return sum(bid.unpaid for bid in self.bids if bid.state == "awarded")

    @property
    def free(self) -> int:
        """What can still be awarded."""
        return self.held - self.promised


def account_of(number: int) -> str:
    """The account that a bid is paid into."""
    return f"{SPENT}/innovation/bid-{number}"


def held_money(book: Book) -> tuple[Balance, ...]:
    """The accounts of held money that hold something: what can be set aside or credited."""
    held = ledger_balances(book.place.id, str(book.place.year), kind=HELD)
    return tuple(each for each in held if each.pence > 0)


def fund(book: Book) -> Fund:
    """The fund of a place's year with its bids."""
    place, year = book.place.id, str(book.place.year)
    balances = {each.account.code: each for each in ledger_balances(place, year)}
    rows = models.InnovationBid.objects.filter(place=place, year=year)
    return Fund(balances.get(FUND), tuple(_bid(row, balances.get(account_of(row.number))) for row in rows))


def bid(book: Book, number: int) -> Bid:
    """Give one bid; an unknown number is a person's mistake."""
    for each in fund(book).bids:
        if each.number == number:
            return each
    raise UserError(f"there is no bid {number}", do="Open it from the fund.")


def _bid(row: models.InnovationBid, balance: Balance | None) -> Bid:
    names = (
        "place year number unit title asked awarded state reason evaluation revision changed_by changed_at"
    ).split()
    return Bid(
        **{name: getattr(row, name) for name in names},
        paid=balance.pence if balance else 0,
        paid_address=balance.address if balance else "",
        line=balance.number if balance else 0,
    )
