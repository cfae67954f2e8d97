"""What a file of sums would post into the ledger, and everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from openpbc.finance.reads.ledger_owners import owners
from openpbc.finance.rules.ledger import ALLOCATION, account_name
from openpbc.finance.rules.ledger_files import SumsRead, read_sums, whole_file
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book


def read_content(path: Path) -> bytes:
    """Read a file's bytes; one that cannot be read is a person's mistake."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError("there is no such file", str(path), "Check its name and folder.") from error
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", str(path)) from error


def opening_file(book: Book, path: Path) -> SumsRead:
    """Say what a file of opening balances would post, and what is wrong with it; nothing is posted."""
    return read_opening(book, read_content(path), path.name)


def read_opening(book: Book, content: bytes, name: str) -> SumsRead:
    """Read opening balances: a row an account with its sum in pounds, all together nought."""
    known = owners(book.place.id, book.place.year.first)

    def check(code: str) -> None:
        known.check(account_name(code))

    found = read_sums(content, name, "account", check)
    below = [row for row in found.accepted if row.pence < 0 and account_name(row.name).kind != ALLOCATION]
    findings = [
        whole_file("LED-04", name, f"Row {row.line}: {row.name} may not begin below nought ({pounds(row.pence)}).")
        for row in below
    ]
    total = sum(row.pence for row in found.accepted)
    if not found.findings and total:
        sentence = (
            f"The sums add up to {pounds(total)} and must add up to nought: the account '{ALLOCATION}' takes the other "
            f"side of all money, {pounds(-total)} more than it has in the file."
        )
        findings.append(whole_file("LED-04", name, sentence))
    kept = tuple(row for row in found.accepted if row not in below)
    return SumsRead(found.name, found.rows, kept, (*found.findings, *findings))
