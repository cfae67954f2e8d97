"""What is remembered of people who were shown who a patient is: who looked at which record, when and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Unmasking(models.Model):
    """One record whose patient was shown to one person; never changed. It names the record and nobody in it.

    ``number`` counts those of one person, so that two asked for at the same moment cannot both be the last allowed.
    """

    place = models.CharField(max_length=60)
    practice = models.CharField(max_length=30)
    month = models.CharField(max_length=7)
    stream = models.CharField(max_length=6)
    file = models.CharField(max_length=12)
    line = models.BigIntegerField()
    who = models.CharField(max_length=200)
    who_name = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    reason = models.TextField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "who", "number"), name="unmasking_once"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(practice=""), name="unmasking_said"),
        )
