"""What tests of activity stand on: the memberships of a place as its book has them, and small files in its layout."""

from __future__ import annotations

from datetime import date

from openpbc.activity.flow.reference import MemberRow
from openpbc.rulebook.reader import Book

PLACE = "west-herts-2008"


def members_of(book: Book) -> list[MemberRow]:
    """Give the memberships of a place's book as attribution takes them."""
    lines = {row["code"]: row["budget_line"] for row in book.need_table("organisations.units")}
    return [
        MemberRow(
            practice=row["code"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
            unit=row["unit"],
            budget_line=lines.get(row["unit"], ""),
            commissioner=row["commissioner"],
            postcode=row["postcode"],
        )
        for row in book.need_table("organisations.practices")
    ]
