"""Private addresses of meetings for calendar programs: made, renewed, ended."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance.models import MeetingFeed
from openpbc.kernel.actor import Actor
from openpbc.organisations.actions import feeds

_SUBJECT = "meeting-feed"


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
