"""Private addresses of meetings for calendar programs: made, renewed, ended."""

from __future__ import annotations

import secrets

from django.utils import timezone

from openpbc import audit
from openpbc.governance.models import MeetingFeed
from openpbc.kernel.actor import Actor
from openpbc.organisations.reads import hashed_token


@audit.action("governance.open_meeting_feed")
def open_meeting_feed(*, by: Actor, place: str) -> str:
    """Make a private address of meetings for the one who asks, and give its token once; an earlier one ends."""
    token = secrets.token_urlsafe(24)
    facts = {"token_hash": hashed_token(token), "made_at": timezone.now()}
    MeetingFeed.objects.update_or_create(place=place, sign_in=by.id, defaults=facts)
    audit.note(subject=f"meeting-feed/{place}/{by.id}", after={"open": True})
    return token


@audit.action("governance.close_meeting_feed")
def close_meeting_feed(*, by: Actor, place: str) -> None:
    """End one's private address of meetings."""
    if not MeetingFeed.objects.filter(place=place, sign_in=by.id).delete()[0]:
        audit.nothing_changed()
        return
    audit.note(subject=f"meeting-feed/{place}/{by.id}", after={"open": False})


@audit.action("governance.end_meeting_feed")
def end_meeting_feed(*, by: Actor, place: str, person: str) -> None:
    """End the private address of somebody who holds no role any more for which it could be read."""
    if not MeetingFeed.objects.filter(place=place, sign_in=person).delete()[0]:
        audit.nothing_changed()
        return
    audit.note(subject=f"meeting-feed/{place}/{person}", after={"open": False})
