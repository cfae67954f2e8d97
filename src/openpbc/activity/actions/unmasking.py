"""Shows a practice who one of its own patients is: with a reason, a few an hour, and told to others at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.models import Unmasking
from openpbc.activity.reads import RecordOf
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError


@audit.action("activity.unmask")
def unmask(*, by: Actor, record: RecordOf, reason: str) -> None:
    """Let somebody of a practice see who the patient of one of its records is, for some minutes.

    Who may ask for which practice is for the address to say. The log and the commissioner's list name the record, who
    asked and why; they name no patient.
    """
    why = texts.passage(reason, "the reason", field="reason")
    now = timezone.now()
    if not reads.is_of_practice(record):
        raise UserError(
            "this record is of no patient of the practice", "reason", "Choose one from the practice's list."
        )
    until = reads.wait_until(record.place, by.id, now)
    if until is not None:
        raise UserError(
            "you have been shown as many patients as one person may be in an hour",
            "reason",
            f"Wait until {timezone.localtime(until):%H:%M}.",
        )
    held = Unmasking.objects.filter(place=record.place, who=by.id).order_by("-number")
    number = held.values_list("number", flat=True).first() or 0
    facts = vars(record) | {"month": str(record.month)}
    try:
        with transaction.atomic():
            Unmasking.objects.create(**facts, who=by.id, who_name=by.name[:200], number=number + 1, at=now, reason=why)
    except IntegrityError as error:
        raise Stale("you asked for another patient at the same moment", "reason", "Ask again.") from error
    audit.note(
        subject=f"record/{record.place}/{record.month}/{record.stream}/{record.file}/{record.line}",
        after={"shown_to": by.name, "practice": record.practice},
        reason=why,
    )
