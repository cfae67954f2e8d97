"""Private addresses under which programs that cannot sign in read meetings, and the news of a body."""

from __future__ import annotations

from openpbc.governance.models import BodyFeed, MeetingFeed
from openpbc.organisations.reads import feeds


def has_feed(place: str, sign_in: str) -> bool:
    """Tell whether a person has a private address of a place's meetings."""
    return feeds.has_feed(MeetingFeed.objects.all(), place, sign_in)


def feed_of(token: str) -> tuple[str, str] | None:
    """Give the place and the sign-in name for which a private address was made; none if there is no such address."""
    return feeds.feed_of(MeetingFeed.objects.all(), token)


def has_body_feed(place: str, body: str, sign_in: str) -> bool:
    """Tell whether a person has a private address of a body's news."""
    return feeds.has_feed(BodyFeed.objects.filter(body=body), place, sign_in)


def body_feed_of(token: str) -> tuple[str, str, str] | None:
    """Give the place, the body and the sign-in name for which a private address was made; none if there is none."""
    row = feeds.feed_row(BodyFeed.objects.all(), token)
    return (row.place, row.body, row.sign_in) if row else None
