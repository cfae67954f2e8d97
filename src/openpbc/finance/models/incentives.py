"""What is remembered of the incentive scheme and of the innovation fund's bids; their money is in the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.incentives import BASES, LEVELS

BID_STATES = ("asked", "awarded", "refused", "withdrawn")


class SchemeCompetency(models.Model):
    """A competency of the incentive scheme, with what showing it earns (none: not set)."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    basis = models.CharField(max_length=10)
    amount = models.BigIntegerField(null=True)
    part_pays = models.BooleanField(default=False)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "code"), name="competency_once"),
            models.CheckConstraint(condition=Q(basis__in=BASES), name="competency_basis"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="competency_amount"),
        )


class Achievement(models.Model):
    """What a unit has shown of a competency; the newest row counts, earlier ones stay."""

    competency = models.ForeignKey(SchemeCompetency, on_delete=models.PROTECT, related_name="achievements")
    unit = models.CharField(max_length=30)
    level = models.CharField(max_length=10)
    evidence = models.CharField(max_length=500)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(level__in=LEVELS) & ~Q(evidence=""), name="achievement_level"),
        )


class InnovationBid(models.Model):
    """A bid for the innovation fund, and what was decided; payments are journals of the ledger that name it."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    unit = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    asked = models.BigIntegerField()
    awarded = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=500, blank=True)
    evaluation = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="innovation_bid_once"),
            models.CheckConstraint(condition=Q(state__in=BID_STATES) & Q(asked__gt=0), name="innovation_bid_state"),
            models.CheckConstraint(
                condition=(Q(state="awarded") & Q(awarded__gt=0)) | (~Q(state="awarded") & Q(awarded__isnull=True)),
                name="innovation_bid_awarded",
            ),
        )
