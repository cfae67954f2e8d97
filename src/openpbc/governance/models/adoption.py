"""What each group says of the process of a place: rows that are only added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ProcessAnswer(models.Model):
    """Whether one group agrees a diagram, by its hash; the highest number counts, a no has its reason."""

    place = models.CharField(max_length=60)
    process = models.CharField(max_length=64)
    unit = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    agreed = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "process", "unit", "number"), name="process_answer_once"),
            models.CheckConstraint(condition=Q(agreed=True) | ~Q(reason=""), name="process_answer_reason"),
        )
