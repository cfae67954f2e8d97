"""Private addresses under which calendar programs read meetings."""

from __future__ import annotations

from openpbc.governance import models
from openpbc.organisations.reads import hashed_token


def has_feed(place: str, sign_in: str) -> bool:
    """Tell whether a person has a private address of a place's meetings."""
    return models.MeetingFeed.objects.filter(place=place, sign_in=sign_in).exists()


def feed_of(token: str) -> tuple[str, str] | None:
    """Give the place and the sign-in name for which a private address was made; none if there is no such address."""
    row = models.MeetingFeed.objects.filter(token_hash=hashed_token(token)).first()
    return (row.place, row.sign_in) if row else None
