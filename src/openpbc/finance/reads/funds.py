"""Pooled funds by partner, and what groups freed up and used: as the ledger holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Sum

from openpbc.finance.models import LedgerLine
from openpbc.finance.reads.ledger import Balance, ledger_balances, one_way
from openpbc.finance.reads.ledger_addresses import BALANCE, IN, OUT, TOTAL, Part, ledger_address
from openpbc.finance.rules import funds as rule
from openpbc.finance.rules.ledger import FREED, POOL, Entry, account_name
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

REINVESTED = "finance.freed_reinvested"


@dataclass(frozen=True)
class Flow:
    """What came into one account, what went out of it, and what it holds, in pence, each with its address."""

    balance: Balance
    came: int
    came_address: str
    went: int
    went_address: str


@dataclass(frozen=True)
class PoolShare:
    """One partner's share of a pooled fund."""

    pool: str
    partner: str
    flow: Flow


@dataclass(frozen=True)
class Freed:
    """What one group freed up for itself, and what of it was put to use."""

    unit: str
    name: str
    flow: Flow


def pool_shares(book: Book) -> tuple[PoolShare, ...]:
    """Every partner's share of every pooled fund, by pool and partner."""
    found = []
    for flow in _flows(book, POOL):
        name = account_name(flow.balance.account.code)
        found.append(PoolShare(name.name, name.partner, flow))
    return tuple(sorted(found, key=lambda each: (each.pool, each.partner)))


def together(book: Book, shares: Sequence[PoolShare]) -> tuple[tuple[int, str], ...]:
    """What the partners of one fund paid in, spent and have left together: pence, and where each is explained."""
    columns = zip(*((each.flow.came, each.flow.went, each.flow.balance.pence) for each in shares), strict=True)
    code = f"{POOL}/{shares[0].pool}"
    return tuple(
        (pence, ledger_address(book.place.id, TOTAL, code, part=part))
        for pence, part in zip(map(sum, columns), (Part(way=IN), Part(way=OUT), Part()), strict=True)
    )


def freed(book: Book) -> tuple[Freed, ...]:
    """What every group freed up, by its name."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    flows = _flows(book, FREED)
    return tuple(
        Freed(flow.balance.account.unit, names.get(flow.balance.account.unit, flow.balance.account.unit), flow)
        for flow in flows
    )


def reinvested(book: Book) -> Value | NotSet:
    """The least part of freed-up resources that stays with the group."""
    return book.value(REINVESTED)


def freeing(book: Book, source: str, pence: int) -> tuple[Entry, ...]:
    """What would be posted if a group freed resources up; a gap in the rulebook is a person's mistake."""
    return rule.freed_entries(source, unit_of(book, source), pence, book.need(REINVESTED).ppm)


def using(book: Book, unit: str, pence: int, target: str, purpose: str) -> tuple[Entry, ...]:
    """What would be posted if a group put freed-up resources to use."""
    named = replace(account_name(target), unit=unit_of(book, target)) if target else None
    return rule.freed_use_entries(unit, pence, named, purpose)


def unit_of(book: Book, source: str) -> str:
    """The group whose budget an account is; empty for any other account."""
    standing = ledger_balances(book.place.id, str(book.place.year))
    return next((each.account.unit for each in standing if each.account.code == source), "")


def paying_in(pool: str, partner: str, pence: int, source: str) -> tuple[Entry, ...]:
    """What would be posted if a partner's share was paid in."""
    return rule.paid_in(pool, partner, pence, source)


def spending(book: Book, pool: str, pence: int, purpose: str) -> tuple[Entry, ...]:
    """What would be posted if a pool spent a sum: each partner bears its part, by what the partners paid in."""
    shares = [each for each in pool_shares(book) if each.pool == pool]
    paid = {each.partner: each.flow.came for each in shares}
    held = {each.partner: each.flow.balance.pence for each in shares}
    return rule.spent_of_pool(pool, pence, paid, held, purpose)


def _flows(book: Book, kind: str) -> Iterable[Flow]:
    place, year = book.place.id, str(book.place.year)
    came, went = (_moved(place, year, kind, way) for way in (IN, OUT))
    for balance in ledger_balances(place, year, kind=kind):
        code = balance.account.code
        addresses = [ledger_address(place, BALANCE, code, part=Part(way=way)) for way in (IN, OUT)]
        yield Flow(balance, came.get(code, 0), addresses[0], went.get(code, 0), addresses[1])


def _moved(place: str, year: str, kind: str, way: str) -> dict[str, int]:
    lines = LedgerLine.objects.filter(account__place=place, account__year=year, account__kind=kind).order_by()
    summed = one_way(lines, way).values("account__code").annotate(pence=Sum("amount"))
    return {row["account__code"]: row["pence"] for row in summed}
