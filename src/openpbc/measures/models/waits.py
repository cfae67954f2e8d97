"""What was received of referral-to-treatment waits: one file a month, and its lines by provider, part and function."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class WaitingFile(models.Model):
    """A received extract of one month; never changed, and the highest number counts.

    ``lines`` = accepted + rejected + excluded; totals are among the accepted.
    """

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    # Findings as rule, level, line, field and sentence, in the order of the lines.
    findings = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month", "number"), name="waiting_file_once"),
            models.CheckConstraint(
                condition=Q(lines=models.F("accepted") + models.F("rejected") + models.F("excluded")),
                name="waiting_file_adds_up",
            ),
        )


class WaitingRow(models.Model):
    """A provider's pathways of one part and treatment function in a received extract, week by week."""

    file = models.ForeignKey(WaitingFile, on_delete=models.PROTECT)
    provider = models.CharField(max_length=20)
    provider_name = models.CharField(max_length=200)
    part = models.CharField(max_length=20)
    tfc = models.CharField(max_length=20)
    tfc_name = models.CharField(max_length=200)
    bands = models.JSONField()
    unknown = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "provider", "part", "tfc"), name="waiting_row_once"),)
