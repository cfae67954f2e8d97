"""Issuing indicative budgets: what a group's accounts hold goes to its practices, all of it, to the penny."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpbc import audit
from openpbc.finance.actions.posting import Posted, append
from openpbc.finance.reads.ledger import Balance, ledger_balances
from openpbc.finance.reads.ledger_files import read_content
from openpbc.finance.reads.need import people
from openpbc.finance.reads.need_on import rows_on
from openpbc.finance.rules import indicative
from openpbc.finance.rules.ledger import GROUP, PRACTICE, Draft, Entry, practice_account
from openpbc.finance.rules.ledger_files import read_sums
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Practice
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet


@audit.action("finance.issue_indicative")
def issue_indicative(
    *, by: Actor, place: str, unit: str, method: str, on: date, reason: str, scope: str = "", path: Path | None = None
) -> tuple[Posted, ...]:
    """Issue what the accounts of a budget line hold to its practices, one journal an account.

    ``method`` is registered-list, need-weighted or file; a file (practice, amount in pounds) is for one ``scope``. What
    was issued before stays; where nothing is left to issue, nothing changes.
    """
    if method not in indicative.METHODS:
        raise UserError(
            f"'{method[:30]}' is no way to issue budgets", "method", f"Use {', '.join(indicative.METHODS)}."
        )
    book = organisations.book(place)
    year = book.place.year
    members = _members(book, unit, max(on, year.first))
    held = [each for each in ledger_balances(place, str(year), kind=GROUP, unit=unit, scope=scope) if each.pence]
    if not held:
        if not ledger_balances(place, str(year), kind=PRACTICE, unit=unit, scope=scope):
            raise UserError(f"{unit} has no budget to issue", "unit", "Post its budget first.")
        audit.nothing_changed()
        return ()
    if method == indicative.FROM_FILE and len(held) != 1:
        raise UserError("a file issues one account", "scope", "Say which scope the sums are for.")
    drafts = []
    for each in held:
        shares = _shares(book, each, members, method, max(on, year.first), path)
        entries = [Entry(each.account.code, -each.pence)]
        entries += [
            Entry(practice_account(code, each.account.scope, each.account.service_line), pence)
            for code, pence in shares.items()
            if pence
        ]
        seen = {each.account.code: each.number}
        drafts.append(Draft("indicative", tuple(entries), on, reason, f"method/{method}", seen=seen))
    posted = append(by, place, year, drafts)
    audit.note(
        subject=f"ledger/{place}/{year}/{posted[0].number}",
        after={"unit": unit, "method": method, "practices": len(members), "journals": [each.number for each in posted]},
        reason=reason,
    )
    return posted


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
