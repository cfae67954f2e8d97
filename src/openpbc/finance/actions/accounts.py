"""Opening the ledger's accounts: each for something that the place knows, under a name that people understand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openpbc.finance.models import LedgerAccount
from openpbc.finance.reads.ledger_owners import Owners, owners
from openpbc.finance.rules.ledger import AccountName, account_title


def open_accounts(place: str, year: str, names: Iterable[AccountName], on: date) -> list[LedgerAccount]:
    """Open the accounts that are named; a unit or practice that the place does not know is a person's mistake.

    A practice's account belongs to the budget line of the group in which the practice is on that day.
    """
    known = owners(place, on)
    return LedgerAccount.objects.bulk_create([_account(place, year, name, known) for name in names])


def _account(place: str, year: str, name: AccountName, known: Owners) -> LedgerAccount:
    known.check(name)
    return LedgerAccount(
        place=place,
        year=year,
        code=name.code,
        title=account_title(name, known.name_of(name))[:200],
        kind=name.kind,
        unit=known.unit_of(name),
        practice=name.practice,
        scope=name.scope,
        service_line=name.service_line,
        may_go_below=name.may_go_below,
    )
