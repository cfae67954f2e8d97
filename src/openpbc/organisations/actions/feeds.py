"""Makes and ends private addresses under which programs that cannot sign in read; each room keeps the rows of its own.

The audited actions are those of the rooms; what is done here happens within one of them.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from openpbc import audit
from openpbc.organisations.reads import hashed_token


def open_feed(rows: QuerySet[Any], subject: str, place: str, sign_in: str, **of: str) -> str:
    """Make a private address and give its token once; an earlier one of the same person ends.

    ``of`` names what it is about, where one person has several in a place.
    """
    token = secrets.token_urlsafe(24)
    facts = {"token_hash": hashed_token(token), "made_at": timezone.now()}
    rows.update_or_create(place=place, sign_in=sign_in, **of, defaults=facts)
    audit.note(subject="/".join((subject, place, *of.values(), sign_in)), after={"open": True})
    return token


def end_feed(rows: QuerySet[Any], subject: str, place: str, sign_in: str, **of: str) -> None:
    """End the private address of a person; without one nothing changes."""
    if not rows.filter(place=place, sign_in=sign_in, **of).delete()[0]:
        audit.nothing_changed()
        return
    audit.note(subject="/".join((subject, place, *of.values(), sign_in)), after={"open": False})
