"""Meetings: when and where a body meets, and who was there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Meeting(models.Model):
    """One meeting of a body; ``revision`` goes up with every change that a calendar shows.

    Every act in a meeting locks this row first, so that two people who act at once come one after the other.
    """

    place = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    held_on = models.DateField()
    starts_at = models.CharField(max_length=5, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="planned")
    revision = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True)
    note_version = models.PositiveIntegerField(default=0)
    roll_version = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    synthetic = models.BooleanField(default=False)
    called_by = models.CharField(max_length=200)
    called_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "body", "number"), name="meeting_number"),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "open", "closed", "cancelled")), name="meeting_state"
            ),
        )


class Attendance(models.Model):
    """One line of a meeting's roll: the seat as it stood when the meeting was opened, and whether its holder is there.

    ``deputy`` is who sits in for the holder, where the terms of reference allow it.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="roll")
    person = models.CharField(max_length=150)
    capacity = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    of = models.CharField(max_length=200, blank=True)
    votes = models.BooleanField()
    presence = models.CharField(max_length=12)
    deputy = models.CharField(max_length=150, blank=True)
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("meeting", "person"), name="attendance_once"),
            models.UniqueConstraint(
                fields=("meeting", "deputy"), condition=~Q(deputy=""), name="attendance_deputy_once"
            ),
        )


class MeetingAction(models.Model):
    """Something that somebody will do by a day, as a meeting agreed; chased until it is done."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    item = models.ForeignKey("Item", on_delete=models.PROTECT, null=True, related_name="actions")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    owner = models.CharField(max_length=150)
    due = models.DateField()
    done_on = models.DateField(null=True)
    outcome = models.CharField(max_length=500, blank=True)
    chased = models.PositiveIntegerField(default=0)
    chased_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "number"), name="meeting_action_number"),)


class Minutes(models.Model):
    """The minutes of a meeting as a later one confirmed them: their text and its hash, fixed for good."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="confirmed")
    at = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="confirms")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    confirmed_by = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField()

    only_added: ClassVar[bool] = True
