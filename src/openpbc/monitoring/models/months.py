"""What is remembered of closed months: which run counts now, and the whole history of closing and reopening."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

STATES = ("closed", "reopened")
POINTS = ("", "flex", "freeze")


class PublishedMonth(models.Model):
    """The run that counts for a month now. A reopened month keeps showing its last run until it is closed again.

    ``basis`` is what the run was made from (checksums of submissions, terms, memberships, book and code), so that a
    later close can tell whether anything has changed since. ``point`` says at which point of the calendar the month was
    closed: at flex, at freeze, or at none (with what was received by then).
    """

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    run_id = models.CharField(max_length=64)
    state = models.CharField(max_length=8)
    point = models.CharField(max_length=6, blank=True)
    basis = models.JSONField()
    # Goes up with every change, so that two people who act at once do not undo each other.
    version = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month"), name="published_month_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="published_month_state"),
            models.CheckConstraint(condition=~Q(run_id="") & Q(version__gte=1), name="published_month_run"),
            models.CheckConstraint(condition=Q(point__in=POINTS), name="published_month_point"),
        )


class MonthEvent(models.Model):
    """One entry of a month's history: closed with a run, or reopened by a decision; never changed afterwards.

    ``decision`` is the number of the recorded decision by which a month was reopened; each reopens once.
    """

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    point = models.CharField(max_length=6, blank=True)
    run_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    decision = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month", "number"), name="month_event_once"),
            models.UniqueConstraint(
                fields=("decision",), condition=Q(decision__isnull=False), name="month_event_decision_once"
            ),
            models.CheckConstraint(condition=Q(point__in=POINTS), name="month_event_point"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="month_event_state"),
            models.CheckConstraint(condition=Q(state="closed") | ~Q(reason=""), name="month_event_reason"),
        )
