"""Decides on files that came after the freeze, and freezes a month."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.models import FrozenMonth, LateDecision, Submission
from openpbc.activity.reads.submissions import versions_of
from openpbc.activity.rules.versions import COUNTS, REFUSED, WAITING, Change, accepted
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month, moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations


@audit.action("activity.decide_late")
def decide_late(*, by: Actor, place: str, sha256: str, accept: bool, reason: str, agreed_by: str = "") -> str:
    """Accept or refuse a file that came after the freeze; gives the sentence that tells what became of it.

    The co-ordinating commissioner of the provider's contract decides: where that is this place, whoever acts agrees for
    it; elsewhere ``agreed_by`` names who agreed. An accepted file counts from now on, and a month that is closed takes
    it in only when it is reopened. Deciding the same again changes nothing.
    """
    found = reads.submission(place, sha256)
    known = reads.late_decision(place, found.sha256)
    if known is not None:
        return _again(known, accept)
    if found.standing != WAITING:
        raise UserError("this file waits for no decision", found.file_name, "Look at the files that wait.")
    why, coordinator = texts.passage(reason, "the reason", field="reason"), reads.coordinator(place, found.provider)
    agreed = by.name if coordinator == organisations.book(place).place.commissioner else agreed_by
    agreed = texts.line(agreed, "who agreed for the co-ordinating commissioner", field="agreed")
    try:
        with transaction.atomic():
            LateDecision.objects.create(
                place=place, sha256=found.sha256, accepted=accept, coordinator=coordinator, agreed_by=agreed,
                reason=why, decided_by=by.name[:200], decided_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        known = reads.late_decision(place, found.sha256)  # somebody was faster by a moment
        if known is None:
            raise
        return _again(known, accept)
    change = _settle(found, accept)
    audit.note(
        subject=f"submission/{place}/{found.sha256}",
        before={"standing": WAITING},
        after={"standing": change.standing, "coordinator": coordinator, "agreed_by": agreed},
        reason=why,
    )
    return _told(found, change)


def _again(known: reads.LateDecision, accept: bool) -> str:
    if known.accepted == accept:
        audit.nothing_changed()
        return "That was decided before; nothing changed."
    what = "accepted" if known.accepted else "refused"
    raise Stale(f"{known.decided_by} {what} this file on {moment_text(timezone.localtime(known.decided_at))}")


def _settle(found: reads.Submission, accept: bool) -> Change:
    """Give the file its standing; the locks keep two who accept two files of one kind in a row."""
    kind = {name: getattr(found, name) for name in ("place", "provider", "month", "stream")}
    rows = Submission.objects.select_for_update().filter(**kind).order_by("id")
    held = versions_of(rows)
    change = accepted(found.sha256, held) if accept else Change(REFUSED)
    now = timezone.now()
    if change.supersedes:
        Submission.objects.filter(place=found.place, sha256__in=change.supersedes).update(
            superseded_at=now, superseded_by=found.sha256
        )
    Submission.objects.filter(place=found.place, sha256=found.sha256).update(
        standing=change.standing,
        superseded_by=change.superseded_by,
        superseded_at=now if change.superseded_by else None,
    )
    return change


def _told(found: reads.Submission, change: Change) -> str:
    if change.standing != COUNTS:
        return f"{found.file_name} is refused; it stays in the log and changes nothing."
    month = Month.parse(found.month)
    return f"{found.file_name} is accepted and counts from now on. Where {month.name} is closed, it must be reopened."


@audit.action("activity.freeze_month")
def freeze_month(*, by: Actor, place: str, month: Month) -> None:
    """Remember that a month was closed at the freeze; what comes from then on is late."""
    _, fresh = FrozenMonth.objects.get_or_create(place=place, month=str(month), defaults={"frozen_at": timezone.now()})
    if not fresh:
        audit.nothing_changed()
    audit.note(subject=f"month/{place}/{month}", after={"frozen": fresh})
