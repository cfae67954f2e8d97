"""Who leads the commissioning for a group in a case, and what was handed over when procurement began: only added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case


class CommissioningLead(models.Model):
    """Who speaks for a group as commissioner in a case, from the redesign into procurement; the highest number counts.

    Nobody who may bid is named. A later one takes over for a reason that everybody can read.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leads")
    unit = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    person = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("unit", "number")
        constraints = (
            models.UniqueConstraint(fields=("case", "unit", "number"), name="commissioning_lead_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="commissioning_lead_reason"),
        )


class Handover(models.Model):
    """What went over when procurement began: who advises, who wrote the specification, who no longer sees the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers")
    number = models.PositiveIntegerField()
    facts = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="handover_once"),)
