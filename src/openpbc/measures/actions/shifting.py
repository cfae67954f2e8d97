"""Answers a question about a shift in coding with the reason in the case mix."""

from __future__ import annotations

from django.db import IntegrityError
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.measures.models import ShiftReason
from openpbc.measures.reads.shifts import shifts
from openpbc.organisations import reads as organisations


@audit.action("measures.answer_shift")
def answer_shift(*, by: Actor, place: str, month: Month, provider: str, hrg: str, reason: str) -> None:
    """Keep the case-mix reason of a shift, which then is no question any more."""
    found = next((e for e in shifts(organisations.book(place), month) if (e.provider, e.hrg) == (provider, hrg)), None)
    if found is None:
        raise UserError(f"there is no question about {hrg} at {provider} in {month.name}", do="Look at the list again.")
    if found.reason:
        raise Stale(f"it was answered already: {found.reason}", where="reason", do="Look at the list again.")
    try:
        ShiftReason.objects.create(
            place=place, month=str(month), provider=provider, hrg=hrg, reason=reason, by=by.name[:200],
            at=timezone.now(),
        )  # fmt: skip
    except IntegrityError as error:
        raise Stale("somebody else answered it meanwhile", where="reason", do="Look at the list again.") from error
    audit.note(subject=f"shift/{place}/{month}/{provider}/{hrg}", after={"reason": reason}, reason=reason)
