"""How a group's budget is divided over service lines now, account by account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance import reads as finance
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.lines import UNDIVIDED
from openpbc.monitoring.rules.division import divide
from openpbc.rulebook.reader import Book

KINDS = ("group", "practice")


@dataclass(frozen=True)
class Division:
    """The accounts of a group and of its practices: ``parts`` by base account (without service line) and line."""

    unit: str
    parts: Mapping[tuple[str, str], int]
    seen: Mapping[str, int]
    addresses: Mapping[tuple[str, str], str]

    @property
    def total(self) -> int:
        """The whole budget of the group, divided or not."""
        return sum(self.parts.values())

    @property
    def stamp(self) -> int:
        """A number that goes up with every line on any of the accounts."""
        return sum(self.seen.values())

    @property
    def by_base(self) -> dict[str, int]:
        """What each base account and its service lines come to together."""
        found: dict[str, int] = {}
        for (base, _), pence in self.parts.items():
            found[base] = found.get(base, 0) + pence
        return found

    @property
    def by_line(self) -> dict[str, int]:
        """What each service line comes to over all accounts."""
        found: dict[str, int] = {}
        for (_, line), pence in self.parts.items():
            found[line] = found.get(line, 0) + pence
        return found

    def lines_of(self, base: str) -> set[str]:
        """The service lines that a base account has."""
        return {line for own, line in self.parts if own == base and line != UNDIVIDED}

    def held(self, base: str, line: str) -> int:
        """What stands on one account."""
        return self.parts.get((base, line), 0)


def check_division(now: Division, amounts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Give what each base account would hold for each service line; amounts above the budget are refused."""
    wanted = sum(amounts.values())
    if now.total < wanted:
        raise UserError(
            f"the parts come to {pounds(wanted)}, and the budget is {pounds(now.total)}",
            do=f"Take {pounds(wanted - now.total)} off.",
        )
    return divide(now.by_base, amounts)


def division(book: Book, unit: str) -> Division:
    """Read the division of a group's budget from the ledger; a group without a budget there is a person's mistake."""
    place, year = book.place.id, str(book.place.year)
    parts: dict[tuple[str, str], int] = {}
    seen: dict[str, int] = {}
    addresses: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        for balance in finance.ledger_balances(place, year, kind=kind, unit=unit):
            code, line = balance.account.code, balance.account.service_line
            base = code.removesuffix(f"/{line}") if line else code
            parts[base, line or UNDIVIDED] = balance.pence
            seen[code] = balance.number
            addresses[base, line or UNDIVIDED] = balance.address
    if not parts:
        raise UserError(
            f"the ledger holds no budget of {unit}", where=place, do="Approve a budget set first; then divide it."
        )
    return Division(unit, parts, seen, addresses)
