"""The profile of disclosure control that an audience's figures pass through, as a book has it."""

from __future__ import annotations

from openpbc.kernel.disclosure import Profile
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book

PROFILES, AUDIENCES = "people.disclosure_profiles", "people.disclosure_audiences"
PUBLIC, ROLES = "public", "roles"


def profile(book: Book, code: str) -> Profile:
    """Give a profile by its name."""
    known = book.need_table(PROFILES).keyed("code")
    if code not in known:
        raise UserError(f"there is no profile of disclosure control '{code[:40]}'", do=f"Known: {', '.join(known)}.")
    row = known[code]
    return Profile(code, int(row["threshold"]), int(row["rounding"]))


def profile_for(book: Book, audience: str) -> Profile:
    """Give the profile for an audience; one that the book does not name is treated as the public."""
    audiences = book.need_table(AUDIENCES).keyed("code")
    return profile(book, audiences.get(audience, audiences[PUBLIC])["profile"])
