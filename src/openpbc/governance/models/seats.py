"""Bodies as people keep them: their terms of reference, version by version, and who holds which seat."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openpbc.governance.models.documents import KeptDocument


class Terms(KeptDocument):
    """One version of a body's terms of reference: a file by its hash, in force from a day until the next version's.

    From the first version's first day the body decides in its meetings only, and its decisions are recorded there.
    """

    place = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    in_force_from = models.DateField()
    deputies = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "body", "number"), name="terms_number"),
            models.UniqueConstraint(fields=("place", "body", "in_force_from"), name="terms_day"),
        )


class Seat(models.Model):
    """One person's seat in a body; ``of`` is the unit or the organisation for which they sit there."""

    place = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    person = models.CharField(max_length=150)
    capacity = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    of = models.CharField(max_length=200, blank=True)
    votes = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    synthetic = models.BooleanField(default=False)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    ended_by = models.CharField(max_length=200, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            # Two seats of one person in one body without an end collide here, on any isolation level.
            models.UniqueConstraint(
                fields=("place", "body", "person"), condition=Q(valid_to__isnull=True), name="seat_held_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="seat_days"
            ),
            models.CheckConstraint(
                condition=Q(votes=False) | ~Q(capacity__in=("secretary", "in attendance")), name="seat_votes"
            ),
        )
