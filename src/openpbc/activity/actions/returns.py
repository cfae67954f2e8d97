"""Records that a return came."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.models import ReturnReceipt
from openpbc.activity.rules.returns import DETAILS
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations


@audit.action("activity.record_return")
def record_return(
    *, by: Actor, place: str, provider: str, month: Month, code: str, detail: str, arrived_on: date
) -> None:
    """Record that a provider's return of a month came, as totals or by specialty; the same again changes nothing."""
    book = organisations.book(place)
    if provider not in reads.expected(book):
        raise UserError(f"no returns are expected of '{provider[:20]}'", "provider", "Choose a provider.")
    if month.year_of != book.place.year:
        raise UserError(f"{month} lies outside {book.place.year.label}", "month", "Choose a month of that year.")
    if code not in {each.code for each in reads.return_kinds(book)}:
        raise UserError(f"there is no return '{code[:20]}'", "code", "Choose one of those listed.")
    if detail not in DETAILS:
        raise UserError(f"'{detail[:20]}' is no detail", "detail", f"Use {' or '.join(DETAILS)}.")
    if arrived_on > timezone.localdate():
        raise UserError(f"{arrived_on:%-d %B %Y} has not come yet", "arrived_on", "Record what has come.")
    key = {"place": place, "provider": provider, "month": str(month), "code": code, "detail": detail}
    facts = {"arrived_on": arrived_on, "recorded_by": by.name[:200], "recorded_at": timezone.now()}
    with transaction.atomic():
        _, fresh = ReturnReceipt.objects.get_or_create(**key, defaults=facts)
    if not fresh:
        audit.nothing_changed()
    audit.note(subject=f"return/{place}/{provider}/{month}/{code}", after=key | {"arrived_on": str(arrived_on)})
