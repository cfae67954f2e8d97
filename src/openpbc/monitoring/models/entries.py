"""What people enter where no record of care arrives: actuals, accruals and forecasts; and how a budget is profiled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

KINDS = ("actual", "accrual", "forecast")
UPLOAD_STATES = ("refused", "checked", "entered")


class Entry(models.Model):
    """One amount entered for a month, a budget line or practice and a service line; never changed afterwards.

    Entries of one cell (month, unit, practice, service line, kind) count 1, 2, 3 in ``number``: whoever enters second
    without having seen the first collides, and a correction is a further entry that holds the difference alone. An
    empty unit is the commissioner's own level.
    """

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    unit = models.CharField(max_length=40, blank=True)
    practice = models.CharField(max_length=20, blank=True)
    service_line = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    pence = models.BigIntegerField()
    source = models.CharField(max_length=300)
    corrects = models.BooleanField(default=False)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "month", "unit", "practice", "service_line", "kind", "number"), name="entry_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="entry_kind"),
            models.CheckConstraint(condition=~Q(source="") & Q(number__gte=1), name="entry_source"),
        )
        indexes = (models.Index(fields=("place", "month"), name="entry_month"),)


class Profile(models.Model):
    """How the year's budget of a service line is spread over the months; the highest number counts."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    service_line = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=20)
    # Twelve whole numbers of basis points, April first, for an entered profile; empty for the others.
    points = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "service_line", "number"), name="profile_once"),
        )


class Upload(models.Model):
    """A file of entries as it was read: refused whole with a sentence a row, or checked and then entered whole."""

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8)
    # Rows as they were sent, each with what was read from it or the sentences that say what is wrong.
    rows = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="upload_once"),
            models.CheckConstraint(condition=Q(state__in=UPLOAD_STATES), name="upload_state"),
        )
