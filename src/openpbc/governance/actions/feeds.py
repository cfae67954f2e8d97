"""Private addresses of meetings for calendar programs, and of a body's news for feed readers: made, renewed, ended."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance.models import BodyFeed, MeetingFeed
from openpbc.governance.reads.seats import find_body
from openpbc.kernel.actor import Actor
from openpbc.organisations.actions import feeds
from openpbc.organisations.reads import book

_SUBJECT, _BODY = "meeting-feed", "body-feed"


@audit.action("governance.open_meeting_feed")
def open_meeting_feed(*, by: Actor, place: str) -> str:
    """Make a private address of meetings for the one who asks, and give its token once; an earlier one ends."""
    return feeds.open_feed(MeetingFeed.objects.all(), _SUBJECT, place, by.id)


@audit.action("governance.close_meeting_feed")
def close_meeting_feed(*, by: Actor, place: str) -> None:
    """End one's private address of meetings."""
    feeds.end_feed(MeetingFeed.objects.all(), _SUBJECT, place, by.id)


@audit.action("governance.end_meeting_feed")
def end_meeting_feed(*, by: Actor, place: str, person: str) -> None:
    """End the private address of somebody who holds no role any more for which it could be read."""
    feeds.end_feed(MeetingFeed.objects.all(), _SUBJECT, place, person)


@audit.action("governance.open_body_feed")
def open_body_feed(*, by: Actor, place: str, body: str) -> str:
    """Make a private address of a body's news for the one who asks, and give its token once; an earlier one ends."""
    code = find_body(book(place), body).code
    return feeds.open_feed(BodyFeed.objects.all(), _BODY, place, by.id, body=code)


@audit.action("governance.close_body_feed")
def close_body_feed(*, by: Actor, place: str, body: str) -> None:
    """End one's private address of a body's news."""
    feeds.end_feed(BodyFeed.objects.all(), _BODY, place, by.id, body=find_body(book(place), body).code)


@audit.action("governance.end_body_feed")
def end_body_feed(*, by: Actor, place: str, body: str, person: str) -> None:
    """End the private address of somebody who holds no role any more for which it could be read."""
    feeds.end_feed(BodyFeed.objects.all(), _BODY, place, person, body=body)
