"""Which months are measured, and by which run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class MeasuredMonth(models.Model):
    """A month as it was measured and so released, from a published run; never changed, the highest number counts."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    source_run = models.CharField(max_length=64)
    run_id = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month", "number"), name="measured_month_once"),
            models.CheckConstraint(condition=~Q(run_id="") & Q(number__gte=1), name="measured_month_run"),
        )
