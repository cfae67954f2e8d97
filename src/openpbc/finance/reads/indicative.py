"""What issuing a group's budget would give each of its practices: read first, posted by the action of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpbc.finance.reads.ledger import Balance, ledger_balances
from openpbc.finance.reads.ledger_files import read_content
from openpbc.finance.reads.need import people
from openpbc.finance.reads.need_on import rows_on
from openpbc.finance.rules import indicative
from openpbc.finance.rules.ledger import GROUP, PRACTICE, Entry, practice_account
from openpbc.finance.rules.ledger_files import read_sums
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Practice
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet


@dataclass(frozen=True)
class Issue:
    """One account of a group and what each practice would get of it, in pence; the shares add up to the account."""

    held: Balance
    shares: Mapping[str, int]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal that issues it."""
        account = self.held.account
        given = (
            Entry(practice_account(code, account.scope, account.service_line), pence)
            for code, pence in self.shares.items()
            if pence
        )
        return (Entry(account.code, -self.held.pence), *given)


@dataclass(frozen=True)
class Issues:
    """What would be issued of a budget line, and the names of the practices that get it."""

    unit: str
    practices: Mapping[str, str]
    parts: tuple[Issue, ...]


def indicative_issue(book: Book, unit: str, method: str, on: date, scope: str = "", path: Path | None = None) -> Issues:
    """Share what the accounts of a budget line hold over its practices; nothing is posted.

    A line that was issued already and holds nothing more gives no parts; one without a budget is a person's mistake.
    """
    if method not in indicative.METHODS:
        raise UserError(
            f"'{method[:30]}' is no way to issue budgets", "method", f"Use {', '.join(indicative.METHODS)}."
        )
    place, year, day = book.place.id, book.place.year, max(on, book.place.year.first)
    members = _members(book, unit, day)
    held = [each for each in ledger_balances(place, str(year), kind=GROUP, unit=unit, scope=scope) if each.pence]
    if not held and not ledger_balances(place, str(year), kind=PRACTICE, unit=unit, scope=scope):
        raise UserError(f"{unit} has no budget to issue", "unit", "Post its budget first.")
    if method == indicative.FROM_FILE and len(held) > 1:
        raise UserError("a file issues one account", "scope", "Say which scope the sums are for.")
    parts = tuple(Issue(each, _shares(book, each, members, method, day, path)) for each in held)
    return Issues(unit, {code: practice.name for code, practice in members.items()}, parts)


def issuable(book: Book) -> tuple[str, ...]:
    """The budget lines that hold money which no practice has been given."""
    balances = ledger_balances(book.place.id, str(book.place.year), kind=GROUP)
    return tuple(sorted({each.account.unit for each in balances if each.pence > 0}))


def _members(book: Book, unit: str, on: date) -> dict[str, Practice]:
    """The practices of a budget line's units on a day."""
    units = {each.code for each in organisations.units(book.place.id) if (each.budget_line or each.code) == unit}
    found = {each.code: each for each in organisations.practices(book.place.id, on) if each.unit in units}
    if not found:
        raise UserError(
            f"no practice belongs to '{unit[:40]}' on {on.isoformat()}", "unit", "Give a budget line with practices."
        )
    return found


def _shares(
    book: Book, held: Balance, members: Mapping[str, Practice], method: str, on: date, path: Path | None
) -> dict[str, int]:
    if method == indicative.BY_LIST:
        return indicative.shared(held.pence, _lists(members))
    if method == indicative.BY_NEED:
        return indicative.shared(held.pence, _weights(book, members, on))
    if path is None:
        raise UserError("the file is missing", "path", "Give a file with practice and amount.")
    found = read_sums(read_content(path), path.name, PRACTICE, lambda code: _check_member(members, code))
    if found.findings:
        raise found.problem
    return indicative.given(held.pence, {row.name: row.pence for row in found.accepted}, members)


def _check_member(members: Mapping[str, Practice], code: str) -> None:
    if code not in members:
        raise UserError(f"'{code[:20]}' is no practice of the group", do="Give its practices' codes.")


def _lists(members: Mapping[str, Practice]) -> dict[str, int]:
    missing = [code for code, practice in members.items() if practice.list_size is None]
    if missing:
        raise UserError(
            f"no list size is known of {', '.join(missing[:5])}", do="Fill in organisations/practices of the place."
        )
    return {code: practice.list_size or 0 for code, practice in members.items()}


def _weights(book: Book, members: Mapping[str, Practice], on: date) -> dict[str, int]:
    """Each practice's weighted people by the formula's overall component."""
    found = rows_on(book, on)
    if isinstance(found, NotSet):
        raise found.problem
    overall = next((each for each in found.columns.weighted if each.overall), found.columns.weighted[0])
    weights = dict.fromkeys(members, 0)
    for row in found.rows:
        code = row.cells[found.columns.practice]
        if code in weights:
            weights[code] += people(row, overall.column)
    return weights
