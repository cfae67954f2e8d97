"""What waits because it came after the freeze, and what was decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from openpbc.activity import models
from openpbc.activity.flow.drafting import Preview
from openpbc.activity.reads.calendar import dates, moment_of
from openpbc.activity.reads.submissions import Submission, frozen, submissions, versions_of
from openpbc.activity.rules.versions import WAITING, received
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table


@dataclass(frozen=True)
class LateDecision:
    """What was decided on a late file: by whom, when, why, and who agreed for the co-ordinating commissioner."""

    sha256: str
    accepted: bool
    coordinator: str
    agreed_by: str
    reason: str
    decided_by: str
    decided_at: datetime


def late_decision(place: str, sha256: str) -> LateDecision | None:
    """Give the decision on a file, none while it waits or was never late."""
    row = models.LateDecision.objects.filter(place=place, sha256=sha256).first()
    return _decision(row) if row else None


def late_decisions(place: str) -> dict[str, LateDecision]:
    """Give every decision of a place by the hash of its file."""
    return {row.sha256: _decision(row) for row in models.LateDecision.objects.filter(place=place)}


def waiting(place: str, month: Month | None = None) -> list[Submission]:
    """List the files that wait for a decision, in order of arrival."""
    return [each for each in submissions(place, month) if each.standing == WAITING]


def would_wait(book: Book, preview: Preview) -> bool:
    """Tell whether a file that was looked at would wait for a decision if it were received now."""
    if not preview.month or preview.already:
        return False
    place, month = book.place.id, Month.parse(preview.month)
    kind = {"provider": preview.provider, "stream": preview.stream, "month": preview.month}
    held = versions_of(models.Submission.objects.filter(place=place, **kind).order_by("id"))
    freeze = moment_of(book, dates(book, month).freeze)
    return received(timezone.now(), len(held) + 1, held, freeze, frozen(place, month), preview.changes).late


def coordinator(place: str, provider: str) -> str:
    """Give the commissioner that co-ordinates a provider's contract, empty where none is known."""
    listed = organisations.book(place).table("organisations.providers")
    rows = listed.rows if isinstance(listed, Table) else ()
    return next((row["coordinator"] for row in rows if row["code"] == provider), "")


def _decision(row: models.LateDecision) -> LateDecision:
    return LateDecision(**{name: getattr(row, name) for name in LateDecision.__dataclass_fields__})
