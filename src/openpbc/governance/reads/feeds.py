"""Private addresses under which calendar programs read meetings."""

from __future__ import annotations

from openpbc.governance.models import MeetingFeed
from openpbc.organisations.reads import feeds


def has_feed(place: str, sign_in: str) -> bool:
    """Tell whether a person has a private address of a place's meetings."""
    return feeds.has_feed(MeetingFeed.objects.all(), place, sign_in)


def feed_of(token: str) -> tuple[str, str] | None:
    """Give the place and the sign-in name for which a private address was made; none if there is no such address."""
    return feeds.feed_of(MeetingFeed.objects.all(), token)
