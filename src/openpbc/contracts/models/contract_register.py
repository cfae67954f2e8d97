"""What is remembered of contracts: terms as the rulebook gives them, and every version of the activity plan."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STREAMS = ("apc", "op", "ae")
ARRANGEMENTS = ("LOCAL", "BLOCK")


class Contract(models.Model):
    """A provider's contract in one financial year; an empty coordinator means that none is agreed."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    provider = models.CharField(max_length=6)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    form = models.CharField(max_length=60)
    mechanism = models.CharField(max_length=20)
    coordinator = models.CharField(max_length=5, blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    multi_professional = models.BooleanField(default=False)
    left_before_treatment = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "provider"), name="contract_once"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="contract_in_order",
            ),
            models.CheckConstraint(condition=~Q(provider="") & ~Q(title=""), name="contract_named"),
        )


class LocalPrice(models.Model):
    """What a contract pays beside the tariff; ``price_pence`` is null where no amount is agreed."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="local_prices")
    stream = models.CharField(max_length=3)
    pod = models.CharField(max_length=12, blank=True)
    code = models.CharField(max_length=6, blank=True)
    arrangement = models.CharField(max_length=5)
    price_pence = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("contract", "stream", "pod", "code"), name="local_price_once"),
            models.CheckConstraint(condition=Q(stream__in=STREAMS), name="local_price_stream"),
            models.CheckConstraint(condition=Q(arrangement__in=ARRANGEMENTS), name="local_price_arrangement"),
            models.CheckConstraint(
                condition=Q(price_pence__isnull=True) | (Q(price_pence__gte=0) & Q(arrangement="LOCAL")),
                name="local_price_amount",
            ),
        )


class ActivityPlan(models.Model):
    """One version of a place's activity plan for a year, known by the checksum of the file that it came in."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "sha256"), name="activity_plan_version_once"),
            models.UniqueConstraint(fields=("place", "year"), condition=Q(current=True), name="activity_plan_current"),
        )


class PlanLine(models.Model):
    """Planned units of activity in a month and the charge that is expected for each, in whole pence."""

    plan = models.ForeignKey(ActivityPlan, on_delete=models.CASCADE, related_name="lines")
    provider = models.CharField(max_length=6)
    unit = models.CharField(max_length=30)
    stream = models.CharField(max_length=3)
    pod = models.CharField(max_length=12)
    month = models.CharField(max_length=7)
    activity = models.BigIntegerField()
    price_pence = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "provider", "unit", "stream", "pod", "month"), name="plan_line_once"
            ),
            models.CheckConstraint(condition=Q(stream__in=STREAMS), name="plan_line_stream"),
            models.CheckConstraint(condition=Q(activity__gte=0), name="plan_line_activity"),
            models.CheckConstraint(condition=Q(price_pence__gte=0), name="plan_line_price"),
        )
