"""Opening the ledger's accounts: each for something that the place knows, under a name that people understand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from openpbc.finance.models import LedgerAccount
from openpbc.finance.rules import ledger
from openpbc.finance.rules.ledger import AccountName
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations

_SCOPE_WORDS = {ledger.IN_SCOPE: " in scope", ledger.OUT_OF_SCOPE: " out of scope", "": ""}


def open_accounts(place: str, year: str, names: Iterable[AccountName], on: date) -> list[LedgerAccount]:
    """Open the accounts that are named; a unit or practice that the place does not know is a person's mistake.

    A practice's account belongs to the budget line of the group in which the practice is on that day.
    """
    wanted = {name.code: name for name in names}
    units = _budget_lines(place) if any(name.unit for name in wanted.values()) else {}
    practices = _practices(place, on) if any(name.practice for name in wanted.values()) else {}
    accounts = [_account(place, year, name, units, practices) for name in wanted.values()]
    return LedgerAccount.objects.bulk_create(accounts)


def _budget_lines(place: str) -> dict[str, str]:
    """The codes that carry a group's money, with the name of the unit that has the code."""
    units = organisations.units(place)
    names = {unit.code: unit.name for unit in units}
    lines = {unit.budget_line or unit.code for unit in units}
    return {line: names.get(line, line) for line in sorted(lines)}


def _practices(place: str, on: date) -> dict[str, tuple[str, str]]:
    """Each practice's name and budget line; a practice of another time keeps its latest."""
    lines = {unit.code: unit.budget_line or unit.code for unit in organisations.units(place)}
    found = [*organisations.practices(place), *organisations.practices(place, on)]
    return {practice.code: (practice.name, lines.get(practice.unit, practice.unit)) for practice in found}


def _account(
    place: str, year: str, name: AccountName, units: Mapping[str, str], practices: Mapping[str, tuple[str, str]]
) -> LedgerAccount:
    if name.unit and name.unit not in units:
        known = ", ".join(units)
        raise UserError(
            f"{place} has no budget line '{name.unit}'",
            where=name.code,
            do=f"Choose one of {known}." if known else "Load the place's organisations first.",
        )
    if name.practice and name.practice not in practices:
        raise UserError(f"{place} has no practice '{name.practice}'", name.code, "Give the code of a practice.")
    called, unit = practices.get(name.practice, (units.get(name.unit, ""), name.unit))
    return LedgerAccount(
        place=place,
        year=year,
        code=name.code,
        title=_title(name, called)[:200],
        kind=name.kind,
        unit=unit,
        practice=name.practice,
        scope=name.scope,
        service_line=name.service_line,
        may_go_below=name.may_go_below,
    )


def _title(name: AccountName, called: str) -> str:
    """Say in words whose account it is."""
    plain = name.name.replace("-", " ")
    line = f", {name.service_line.replace('-', ' ')}" if name.service_line else ""
    return {
        ledger.ALLOCATION: "Allocation received",
        ledger.HELD: f"Held: {plain}",
        ledger.GROUP: f"{called}{_SCOPE_WORDS[name.scope]}{line}",
        ledger.PRACTICE: f"{name.practice} {called}{_SCOPE_WORDS[name.scope]}{line}",
        ledger.DEPOSIT: f"Deposit of {called}",
        ledger.INNOVATION: "Innovation fund",
        ledger.INCENTIVE: f"Incentives of {called}",
        ledger.POOL: f"Pooled fund {plain}: share of {name.partner}",
        ledger.FREED: f"Freed up by {called}",
        ledger.SPENT: f"Used for {plain.replace('/', ': ', 1).replace('/', ', ')}",
    }[name.kind]
