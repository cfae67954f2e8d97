"""What is remembered of the returns that providers send beside their records: that they came, when, in what detail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

DETAILS = ("totals", "specialty")


class ReturnReceipt(models.Model):
    """A return that came; several of one month are kept, and the best detail counts."""

    place = models.CharField(max_length=60)
    provider = models.CharField(max_length=6)
    month = models.CharField(max_length=7)
    code = models.CharField(max_length=20)
    detail = models.CharField(max_length=10)
    arrived_on = models.DateField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "provider", "month", "code", "detail"), name="return_receipt_once"
            ),
            models.CheckConstraint(condition=Q(detail__in=DETAILS), name="return_receipt_detail"),
        )
