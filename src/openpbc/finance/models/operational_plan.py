"""The commissioner's operational plan as it is remembered: what it holds, who acts, and what is still missing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.operational_plan import KINDS, STATES


class OperationalEntry(models.Model):
    """A pledge, a productivity plan or a document, with its action and state; ``revision`` goes up with each change."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    action = models.CharField(max_length=500, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True)
    missing = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "code"), name="operational_entry_once"),
            models.CheckConstraint(
                condition=Q(kind__in=tuple(KINDS), state__in=STATES) & ~Q(title=""), name="operational_entry_kind"
            ),
        )
