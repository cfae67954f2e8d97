"""What people say of a position and what they will do about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

TASK_STATES = ("open", "done", "dropped")


class Note(models.Model):
    """What the owner of a line says of its variance; a later note of the same line stands above the earlier ones."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    unit = models.CharField(max_length=40, blank=True)
    service_line = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    text = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "month", "unit", "service_line", "number"), name="note_once"),
            models.CheckConstraint(condition=~Q(text=""), name="note_text"),
        )


class Task(models.Model):
    """An action that was agreed on a position: what, which role does it, by when, and how far it is."""

    place = models.CharField(max_length=60)
    month = models.CharField(max_length=7)
    unit = models.CharField(max_length=40, blank=True)
    service_line = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300)
    role = models.CharField(max_length=40)
    due = models.DateField()
    state = models.CharField(max_length=8)
    outcome = models.CharField(max_length=300, blank=True)
    # Goes up with every change, so that two people who act at once do not undo each other.
    revision = models.PositiveIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=TASK_STATES), name="task_state"),
            models.CheckConstraint(condition=~Q(text="") & Q(revision__gte=1), name="task_text"),
        )
