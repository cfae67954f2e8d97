"""What may be asked of the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.db.models.functions import Substr

from openpbc.audit.chain import FIELDS, Head, Verdict
from openpbc.audit.chain import verify as verify_chain
from openpbc.audit.models import AuditEvent, ChainHead, Stamp

DAYS = 31  # how far the public list and its feed go back; whoever reads the feed keeps what is older


@dataclass(frozen=True)
class Event:
    """One audit event as others may see it; ``before`` and ``after`` are JSON values."""

    sequence: int
    event_id: str
    root_id: str
    at: str
    actor_id: str
    actor_name: str
    acting_for: str
    roles: tuple[str, ...]
    action: str
    subject: str
    before: object
    after: object
    reason: str
    hash: str


@dataclass(frozen=True)
class DayHead:
    """The head of the chain when a day was over; days are those of UTC, in which events are dated."""

    day: date
    head: Head


def head() -> Head:
    """Give the head of the chain as the database keeps it; sequence 0 when nothing was ever written."""
    row = ChainHead.objects.filter(id=1).first()
    return Head(row.sequence, row.hash) if row else Head()


def daily_heads(before: date, days: int) -> tuple[DayHead, ...]:
    """Give the head at the end of each day that has events, among so many ``days`` before one; the latest first.

    A day that is over has its head for good: whoever kept it can later show that the log was cut or written anew.
    """
    first = before - timedelta(days=days)
    held = AuditEvent.objects.filter(at__gte=first.isoformat(), at__lt=before.isoformat())
    last = held.order_by().values(day=Substr("at", 1, 10)).annotate(last=Max("sequence")).values_list("last", flat=True)
    rows = (
        AuditEvent.objects.filter(sequence__in=list(last)).order_by("-sequence").values_list("at", "sequence", "hash")
    )
    return tuple(DayHead(date.fromisoformat(at[:10]), Head(sequence, hash_)) for at, sequence, hash_ in rows)


def verify(anchors: Iterable[Head] = ()) -> Verdict:
    """Verify the whole chain against its head, the heads that were stamped, and any noted outside the system.

    Whether the stamps themselves hold is what ``stamps.check`` tells.
    """
    stamped = (Head(*row) for row in Stamp.objects.values_list("sequence", "hash"))
    return verify_chain(rows(), head(), [*anchors, *stamped])


def rows() -> Iterator[dict[str, object]]:
    """Give every event exactly as stored, in order: what an export holds and what verification needs."""
    names = (*FIELDS, "previous_hash", "hash")
    yield from AuditEvent.objects.order_by("sequence").values(*names).iterator(chunk_size=5000)


def events(*, subject: str = "", action: str = "", actor: str = "", after: int = 0, limit: int = 100) -> list[Event]:
    """List events, newest first; ``after`` keeps those with a higher sequence number.

    ``subject`` and ``action`` match from the start (``action="organisations."`` gives a whole room).
    """
    chosen = AuditEvent.objects.filter(sequence__gt=after, subject__startswith=subject, action__startswith=action)
    if actor:
        chosen = chosen.filter(actor_id=actor)
    return [_event(row) for row in chosen.order_by("-sequence")[:limit]]


def _event(row: AuditEvent) -> Event:
    kept = ("sequence", "event_id", "root_id", "at", "actor_id", "actor_name", "acting_for", "action", "subject")
    return Event(
        **{name: getattr(row, name) for name in kept},
        roles=tuple(row.roles.split(",")) if row.roles else (),
        before=json.loads(row.before),
        after=json.loads(row.after),
        reason=row.reason,
        hash=row.hash,
    )
