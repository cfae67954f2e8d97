"""Sign-ins as events, and the failures by which guessing is slowed down."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.organisations.models import SignInAttempt
from openpbc.organisations.rules.guessing import WINDOW_MINUTES, name_hash


@audit.action("organisations.sign_in")
def record_sign_in(*, by: Actor, address: str) -> None:
    """Record that somebody signed in, and forget the failures before."""
    SignInAttempt.objects.filter(address=address, name_hash=name_hash(by.id)).delete()
    audit.note(subject=f"user/{by.id}")


@audit.action("organisations.sign_out")
def record_sign_out(*, by: Actor) -> None:
    """Record that somebody signed out."""
    audit.note(subject=f"user/{by.id}")


@audit.action("organisations.refuse_sign_in")
def refuse_sign_in(*, by: Actor, sign_in: str, address: str) -> None:
    """Record a failed sign-in; the name is kept as a hash."""
    SignInAttempt.objects.create(name_hash=name_hash(sign_in), address=address)
    audit.note(subject=f"sign-in/{name_hash(sign_in)[:12]}", after={"address": address})


@audit.action("organisations.forget_attempts")
def forget_attempts(*, by: Actor) -> None:
    """Remove failed sign-ins that no longer count."""
    removed, _ = SignInAttempt.objects.filter(at__lte=timezone.now() - timedelta(minutes=WINDOW_MINUTES)).delete()
    if removed:
        audit.note(after={"removed": removed})
    else:
        audit.nothing_changed()
