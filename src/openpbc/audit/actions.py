"""The writes of the log beside the events themselves: stamps of its head, and what kept one from being given."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.utils import timezone

from openpbc import audit
from openpbc.audit.chain import Head
from openpbc.audit.models import Stamp, StampTrouble
from openpbc.kernel.actor import Actor

_LONGEST = 500


@audit.action("audit.keep_stamp")
def keep_stamp(*, by: Actor, head: Head, at: datetime, authority: str, answer: bytes) -> bool:
    """Keep the authority's answer about a head; false if another run kept one of the same head first.

    The event follows the stamped head and moves the chain on by one: the next stamp covers it, and nothing asks for
    one because of it.
    """
    facts = {"hash": head.hash, "at": at, "authority": authority, "answer": answer}
    _, new = Stamp.objects.get_or_create(sequence=head.sequence, defaults=facts)
    if not new:
        audit.nothing_changed()
        return False
    told = {"head": str(head), "at": at.isoformat(), "authority": authority, "sha256": sha256(answer).hexdigest()}
    audit.note(subject=f"stamp/{head.sequence}", after=told)
    return True


@audit.action("audit.keep_trouble")
def keep_trouble(*, by: Actor, head: Head, why: str) -> None:
    """Keep why no stamp of a head was given, unless it is what was kept last and no stamp was given since."""
    why = why[:_LONGEST]
    last = StampTrouble.objects.order_by("-id").first()
    if last and last.why == why and not Stamp.objects.filter(sequence__gt=last.sequence).exists():
        audit.nothing_changed()
        return
    StampTrouble.objects.create(sequence=head.sequence, why=why, at=timezone.now())
    audit.note(subject=f"stamp/{head.sequence}", after={"not_given": why})
