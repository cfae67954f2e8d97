"""The scenarios that a place can choose from, and one of them by the name that an address gives it."""

from __future__ import annotations

from openpbc.finance.reads.comparing import Choice, published, tried
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book


def choices(book: Book) -> tuple[Choice, ...]:
    """Every scenario that can be chosen."""
    return published(book)


def choice(book: Book, code: str) -> Choice:
    """Give one scenario by its code, or a what-if by its settings; an unknown one is a person's mistake."""
    for each in choices(book):
        if each.code == code:
            return each
    if "=" in code:
        return tried(book, code)
    raise UserError(f"there is no scenario '{code[:40]}'", do="Choose one from the list.")
