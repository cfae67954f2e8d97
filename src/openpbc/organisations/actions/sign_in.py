"""Sign-ins as events, and the slowing down of guessing without locking anybody else out."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.organisations.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 5
PER_ADDRESS = 100


def name_hash(sign_in: str) -> str:
    """Hash a sign-in name: what was typed there may be a password in the wrong field."""
    return hashlib.sha256(sign_in.strip().lower().encode()).hexdigest()


def must_wait(sign_in: str, address: str) -> bool:
    """Tell whether this address has failed too often: for this account, or for many accounts together.

    Failures are counted by address, so that a rival who guesses elsewhere cannot lock the owner out.
    """
    recent = SignInAttempt.objects.filter(address=address, at__gt=timezone.now() - WINDOW)
    if recent.filter(name_hash=name_hash(sign_in)).count() >= PER_ACCOUNT_AND_ADDRESS:
        return True
    return recent.count() >= PER_ADDRESS


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
    removed, _ = SignInAttempt.objects.filter(at__lte=timezone.now() - WINDOW).delete()
    if removed:
        audit.note(after={"removed": removed})
    else:
        audit.nothing_changed()
