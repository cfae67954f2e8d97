"""What is remembered of the planning calendar: entries of people's own, what became of each, and who follows it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.planning_calendar import KINDS, PRECISIONS


class CalendarEntry(models.Model):
    """An entry that people added, or what they recorded about one of the rulebook (then ``event`` is empty).

    ``revision`` goes up with every change, so that two people who act at once do not undo each other.
    """

    place = models.CharField(max_length=60)
    code = models.CharField(max_length=30)
    event = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    sort_date = models.DateField(null=True)
    ends = models.DateField(null=True)
    precision = models.CharField(max_length=20, blank=True)
    remind_days = models.PositiveSmallIntegerField(null=True)
    happened_on = models.DateField(null=True)
    evidence = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "code"), name="calendar_entry_once"),
            models.CheckConstraint(
                condition=Q(event="") | (Q(sort_date__isnull=False) & Q(kind__in=KINDS) & Q(precision__in=PRECISIONS)),
                name="calendar_entry_dated",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="calendar_entry_revision"),
        )


class CalendarFeed(models.Model):
    """A private address under which a person's calendar program reads the planning calendar; only a hash is kept."""

    place = models.CharField(max_length=60)
    sign_in = models.CharField(max_length=150)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "sign_in"), name="calendar_feed_once"),)
