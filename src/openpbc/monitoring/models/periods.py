"""Which months' positions are locked, how that came about, and which information packs were sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

PERIOD_STATES = ("locked", "reopened")


class PeriodBook(models.Model):
    """One row a place and year: the last locked month. Whoever enters or locks takes this row first."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    locked_through = models.CharField(max_length=7, blank=True)
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "year"), name="period_book_once"),)


class PeriodEvent(models.Model):
    """One entry of a position's history: locked on a basis with its figures, or reopened for a reason.

    ``basis`` names the runs, the last ledger journal, the last entry and the profiles; ``figures`` keeps what the
    position said, so that two locks can be laid beside each other.
    """

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    basis = models.JSONField()
    figures = models.JSONField()
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month", "number"), name="period_event_once"),
            models.CheckConstraint(condition=Q(state__in=PERIOD_STATES), name="period_event_state"),
            models.CheckConstraint(condition=Q(state="locked") | ~Q(reason=""), name="period_event_reason"),
        )


class PackSent(models.Model):
    """The day on which a group's information pack of a month was sent."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    unit = models.CharField(max_length=40)
    sent_on = models.DateField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "month", "unit"), name="pack_sent_once"),)
