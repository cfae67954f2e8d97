"""Where the budgets of a position come from: balances of the ledger, or until there are any a draft scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from openpbc.finance import reads as finance
from openpbc.monitoring.reads.lines import UNDIVIDED
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

LEDGER, DRAFT, NOWHERE = "ledger", "draft", "not set"
GROUP, PRACTICE, HELD = "group", "practice", "held"
DEPOSIT = "deposit"
BUDGETS = (GROUP, PRACTICE)
SET_APART = (HELD, "innovation", "incentive")
"""Kinds of account above the groups: no group's budget of the year, and not handed over to anybody either."""
FREED, POOL = "freed", "pool"
BESIDE = (FREED, POOL)
"""Kinds of account beside the budgets: a group's to use again, or held together with partners."""
RISK_POOL = "held/risk-pool"


@dataclass(frozen=True)
class Fund:
    """One account's balance, or one draft budget: who holds it, for which service line, and where it is explained."""

    kind: str
    unit: str
    practice: str
    line: str
    pence: int
    title: str
    address: str
    code: str = ""


@dataclass(frozen=True)
class Funds:
    """All budgets of a place. ``scenario`` names the draft; ``deposits`` are returnable and no budget of the year.

    ``beside`` is what groups have freed up and what is held together with partners: no budget and not held either.
    """

    source: str
    scenario: str
    funds: tuple[Fund, ...]
    deposits: tuple[Fund, ...] = ()
    problem: str = ""
    statuses: tuple[str, ...] = ()
    beside: tuple[Fund, ...] = ()

    @property
    def sentence(self) -> str:
        """What a reader must know of the budgets."""
        if self.source == LEDGER:
            return "Budgets are the balances of the ledger."
        if self.source == DRAFT:
            return f"Budgets are a draft: no budget set is approved yet. They follow the scenario “{self.scenario}”."
        return f"Budgets are not set: {self.problem}"

    @property
    def risk_pool(self) -> Fund | None:
        """The money that all carry together."""
        return next((fund for fund in self.funds if fund.code == RISK_POOL), None)


def funds(book: Book) -> Funds:
    """Give every budget of the book's year: the ledger's once any is posted there."""
    place, year = book.place.id, str(book.place.year)
    if finance.has_budgets(place, year):
        held = tuple(_booked(balance) for balance in finance.ledger_balances(place, year))
        return Funds(
            LEDGER,
            "",
            tuple(fund for fund in held if fund.kind in (*BUDGETS, *SET_APART)),
            tuple(fund for fund in held if fund.kind == DEPOSIT and fund.pence),
            beside=tuple(fund for fund in held if fund.kind in BESIDE and fund.pence),
        )
    shares = finance.fair_shares(book, finance.Settings())
    if isinstance(shares, NotSet):
        return Funds(NOWHERE, "", (), problem=shares.problem.sentence)
    return Funds(DRAFT, shares.scenario.title, tuple(_drafted(book, shares)), statuses=shares.statuses)


def _booked(balance: finance.Balance) -> Fund:
    account = balance.account
    return Fund(
        kind=account.kind,
        unit=account.unit,
        practice=account.practice,
        line=account.service_line or UNDIVIDED,
        pence=balance.pence,
        title=account.title,
        address=balance.address,
        code=account.code,
    )


def _drafted(book: Book, shares: finance.FairShares) -> Iterator[Fund]:
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    for group in shares.groups:
        title = f"Draft budget of {names.get(group.code, group.name)}"
        yield Fund(GROUP, group.code, "", UNDIVIDED, group.total, title, shares.address(group.code, "total"))


def last_journal(place: str, year: str) -> int:
    """Give the number of the ledger's last journal; nought where there is none."""
    found = finance.journals(place, year, limit=1)
    return found[0].number if found else 0


def keep_funds(found: Funds) -> dict[str, Any]:
    """Write budgets down as a lock keeps them."""
    return asdict(found)


def kept_funds(kept: Mapping[str, Any]) -> Funds:
    """Read budgets back as a lock kept them; older locks knew nothing that stands beside the budgets."""
    lists = {name: tuple(Fund(**each) for each in kept.get(name, ())) for name in ("funds", "deposits", "beside")}
    return Funds(**{**kept, **lists, "statuses": tuple(kept["statuses"])})
