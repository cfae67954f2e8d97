"""What no record tells: values that people enter, with their source, and targets agreed with a provider."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class EnteredValue(models.Model):
    """Numerator and denominator of a measure for one holder and period; never changed, the highest number counts.

    ``provider`` is empty for the whole place. ``period`` is a month (2008-09) or a financial year (2008/09). Whoever
    enters without having seen the last number collides with it.
    """

    place = models.CharField(max_length=60)
    measure = models.CharField(max_length=20)
    provider = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    source = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "measure", "provider", "period", "number"), name="entered_value_once"
            ),
            models.CheckConstraint(
                condition=~Q(source="") & Q(number__gte=1) & Q(numerator__gte=0) & Q(denominator__gte=0),
                name="entered_value_source",
            ),
        )


class LocalTarget(models.Model):
    """A target agreed with one provider, or the waiver of one for a reason; the highest number counts.

    ``ppm`` is the rate in parts per million; it is empty for a target of the best quarter and for a waiver.
    """

    place = models.CharField(max_length=60)
    measure = models.CharField(max_length=20)
    provider = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    ppm = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "measure", "provider", "number"), name="local_target_once"),
            models.CheckConstraint(condition=~Q(reason="") & Q(number__gte=1), name="local_target_reason"),
        )
