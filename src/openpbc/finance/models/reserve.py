"""What is planned for the deposit: when it comes back, to whom, and for what purpose."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.reserve import KINDS


class Reserve(models.Model):
    """The schedule of one place's deposit; its revision goes up with each change, so two cannot change it at once."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    revision = models.PositiveIntegerField(default=0)
    changed_by_name = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)
    change = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "year"), name="reserve_once"),)


class ReserveCall(models.Model):
    """One call on the reserve: a return to one group in one year for one purpose; ``journal`` when it was posted."""

    reserve = models.ForeignKey(Reserve, on_delete=models.PROTECT, related_name="calls")
    number = models.PositiveIntegerField()
    unit = models.CharField(max_length=40)
    returned_in = models.CharField(max_length=7)
    kind = models.CharField(max_length=9)
    purpose = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    pence = models.BigIntegerField()
    withdrawn = models.BooleanField(default=False)
    journal = models.PositiveIntegerField(null=True)
    journal_year = models.CharField(max_length=7, blank=True)

    class Meta:
        ordering = ("reserve", "number")
        constraints = (
            models.UniqueConstraint(fields=("reserve", "number"), name="reserve_call_once"),
            models.CheckConstraint(condition=Q(pence__gt=0, kind__in=KINDS), name="reserve_call_sound"),
        )
