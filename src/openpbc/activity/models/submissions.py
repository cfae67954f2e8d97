"""What is remembered of activity: which files were received, and which runs were made from them.

The rows themselves lie in the warehouse; nothing here says anything about a patient.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

STREAMS = ("apc", "op", "ae", "acm", "plcm", "drplcm", "deplcm")
COUNTS, WAITING, REFUSED = "counts", "waiting", "refused"


class Submission(models.Model):
    """One received file, known by the hash of its bytes; provider and month are empty for an extract without them.

    Of the whole files of one provider, month and stream that count, one is current; an earlier one is superseded and
    kept, and so are the changes before it. A
    file that came after the freeze is late: it waits, and counts only when somebody has accepted it.
    """

    place = models.CharField(max_length=60)
    provider = models.CharField(max_length=6, blank=True)
    month = models.CharField(max_length=7, blank=True)
    stream = models.CharField(max_length=6)
    layout = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    # A file of changes replaces and deletes single records of those before it; every other one is the whole month.
    changes = models.BooleanField(default=False)
    lines = models.BigIntegerField()
    unparsed = models.BigIntegerField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=200)
    # When it arrived, by which it is judged: the moment it was received, unless somebody states that it came earlier.
    arrived_at = models.DateTimeField()
    arrival_stated = models.BooleanField(default=False)
    standing = models.CharField(max_length=8, default=COUNTS)
    late = models.BooleanField(default=False)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "sha256"), name="submission_once"),
            models.UniqueConstraint(
                fields=("place", "provider", "month", "stream"),
                condition=Q(superseded_at__isnull=True, standing=COUNTS, changes=False) & ~Q(month=""),
                name="submission_one_current",
            ),
            models.CheckConstraint(condition=Q(stream__in=STREAMS), name="submission_stream"),
            models.CheckConstraint(
                condition=Q(lines__gt=0) & Q(unparsed__gte=0) & Q(unparsed__lte=F("lines")), name="submission_lines"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True, superseded_by="")
                | (Q(superseded_at__isnull=False) & ~Q(superseded_by="")),
                name="submission_superseded_whole",
            ),
            models.CheckConstraint(condition=Q(month="") | ~Q(provider=""), name="submission_of_a_provider"),
            models.CheckConstraint(
                condition=Q(standing=COUNTS) | Q(standing__in=(WAITING, REFUSED), late=True), name="submission_standing"
            ),
            models.CheckConstraint(condition=Q(arrived_at__lte=F("received_at")), name="submission_arrived_first"),
        )


class LateDecision(models.Model):
    """What was decided on a file that came after the freeze: once each, by a named person, for a reason.

    ``coordinator`` is the commissioner that co-ordinates the provider's contract (empty: none is known), ``agreed_by``
    who agreed for it.
    """

    place = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    accepted = models.BooleanField()
    coordinator = models.CharField(max_length=6, blank=True)
    agreed_by = models.CharField(max_length=200)
    reason = models.TextField()
    decided_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "sha256"), name="late_decision_once"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(agreed_by=""), name="late_decision_complete"),
        )


class FrozenMonth(models.Model):
    """A month that was closed at the freeze: what arrives after its date from then on is late."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "month"), name="frozen_month_once"),)


class MonthRun(models.Model):
    """A run that was made for a month of a place; which of them counts is for monitoring to say."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    run_id = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "month", "run_id"), name="month_run_once"),)
