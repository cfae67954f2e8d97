"""What every finance explanation carries beside its steps: the book that it was made from."""

from __future__ import annotations

from openpbc.kernel.money import percent_text, thousands
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book


def book_evidence(book: Book, *paths: str) -> tuple[tuple[str, str], ...]:
    """Name the book and the pack files that an explanation rests on."""
    known = book.known_on.isoformat() if book.known_on else "all that is known"
    files = {file.path: file.sha256 for file in book.files}
    named = tuple((f"file {path}", files.get(path, "not there")) for path in dict.fromkeys(paths) if path)
    return (("place", book.place.id), ("book", book.hash), ("known on", known), *named)


def shown(value: int, unit: str) -> str:
    """Write a value as the published tables do."""
    return percent_text(value, 2) if unit in ("percent", "ppm") else f"£{thousands(value)} thousand"


def no_figure(address: str) -> UserError:
    """The sentence for an address that leads nowhere."""
    return UserError(f"'{address[:80]}' names no figure", do="Open the figure from its page again.")
