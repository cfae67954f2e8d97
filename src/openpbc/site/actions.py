"""Every write of the roof: who wants the day's work by e-mail, and which mails left."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.site.models import Digest, DigestWish


@audit.action("site.choose_digest")
def choose_digest(*, by: Actor, wants: bool) -> None:
    """Ask for the day's work by e-mail, or end it; asking twice changes nothing."""
    if wants == DigestWish.objects.filter(sign_in=by.id).exists():
        audit.nothing_changed()
        return
    if wants:
        DigestWish.objects.get_or_create(sign_in=by.id, defaults={"chosen_at": timezone.now()})
    else:
        DigestWish.objects.filter(sign_in=by.id).delete()
    audit.note(subject=f"digest/{by.id}", before={"wanted": not wants}, after={"wanted": wants})


@audit.action("site.begin_digest")
def begin_digest(*, by: Actor, sign_in: str, day: date, lines: int) -> bool:
    """Write down that a mail is about to leave; false if one of that person and day was written down before."""
    facts = {"lines": lines, "at": timezone.now()}
    _, new = Digest.objects.get_or_create(sign_in=sign_in, day=day, defaults=facts)
    if not new:
        audit.nothing_changed()
        return False
    audit.note(subject=f"digest/{sign_in}/{day}", after={"lines": lines, "state": Digest.BEGUN})
    return True


@audit.action("site.end_digest")
def end_digest(*, by: Actor, sign_in: str, day: date, why: str = "") -> None:
    """Write down that a mail left, or why it did not."""
    state = Digest.FAILED if why else Digest.SENT
    Digest.objects.filter(sign_in=sign_in, day=day).update(state=state, why=why[:200])
    audit.note(subject=f"digest/{sign_in}/{day}", after={"state": state, "why": why[:200]})
