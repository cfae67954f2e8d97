"""Notes of consultation on what falls on primary care, and how commissioning intentions stand: rows are only added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.rules.consulting import INTENTION_STATES


class Consultation(models.Model):
    """That a body was asked on a day and what it said, or why it was not asked; triggers refuse change and removal.

    ``about`` is the address of a case, an intention or a barrier.
    """

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    about = models.CharField(max_length=120)
    body = models.CharField(max_length=30)
    asked = models.BooleanField()
    on = models.DateField(null=True)
    said = models.CharField(max_length=500)
    synthetic = models.BooleanField(default=False)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("place", "about"), name="consultation_about"),)
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="consultation_once"),
            models.CheckConstraint(condition=~Q(said="") & ~Q(body="") & ~Q(about=""), name="consultation_said"),
            models.CheckConstraint(
                condition=Q(asked=True, on__isnull=False) | Q(asked=False, on__isnull=True), name="consultation_dated"
            ),
        )


class IntentionState(models.Model):
    """How people say that an intention stands; the highest number counts. Triggers refuse change and removal."""

    place = models.CharField(max_length=60)
    key = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    synthetic = models.BooleanField(default=False)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("key", "number")
        constraints = (
            models.UniqueConstraint(fields=("place", "key", "number"), name="intention_state_once"),
            models.CheckConstraint(
                condition=Q(state__in=INTENTION_STATES) & ~Q(reason=""), name="intention_state_reasoned"
            ),
        )
