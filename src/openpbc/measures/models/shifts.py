"""Why a shift in coding is no question any more: the reason that somebody found in the case mix."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ShiftReason(models.Model):
    """The case-mix reason of one shift; kept for good, once."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    provider = models.CharField(max_length=20)
    hrg = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month", "provider", "hrg"), name="shift_reason_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="shift_reason_said"),
        )
