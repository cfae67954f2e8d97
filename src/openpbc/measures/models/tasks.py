"""What is done about a provider that misses a target: an action with an owner."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class VarianceTask(models.Model):
    """An action for one measure of one provider: who does what by when; open until it is ended with what came of it."""

    place = models.CharField(max_length=60)
    measure = models.CharField(max_length=20)
    provider = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    month = models.CharField(max_length=7)
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=100)
    due = models.DateField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=300, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "measure", "provider", "number"), name="variance_task_once"),
            models.CheckConstraint(condition=~Q(what="") & ~Q(owner=""), name="variance_task_said"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="variance_task_outcome",
            ),
        )
