"""Whose a private address is under which calendar programs read; each room keeps the rows of its own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from openpbc.kernel.sight import everywhere, see
from openpbc.organisations.reads import hashed_token


def has_feed(rows: QuerySet[Any], place: str, sign_in: str) -> bool:
    """Tell whether a person has a private address in a place."""
    return rows.filter(place=place, sign_in=sign_in).exists()


def feed_of(rows: QuerySet[Any], token: str) -> tuple[str, str] | None:
    """Give the place and the sign-in name for which a private address was made; none if there is no such address."""
    row = feed_row(rows, token)
    return (row.place, row.sign_in) if row else None


def feed_row(rows: QuerySet[Any], token: str) -> Any | None:
    """Give the row of a private address, and see its place alone from here on; none if there is no such address."""
    with everywhere("a private address tells by its token alone whose it is, and in which place"):
        row = rows.filter(token_hash=hashed_token(token)).first()
    see((row.place,) if row else ())
    return row
