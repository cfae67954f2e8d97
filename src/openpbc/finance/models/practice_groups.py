"""Custom groups of practices: whose they are, who may see them, and their members with dates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PracticeGroup(models.Model):
    """A group of practices that somebody put together; ``revision`` goes up with every change."""

    place = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=150)
    owner_name = models.CharField(max_length=150)
    shared = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    closed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "owner", "name"), condition=Q(closed_on__isnull=True), name="practice_group_once"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(owner=""), name="practice_group_named"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_why=""), name="practice_group_closed_with_reason"
            ),
        )


class PracticeGroupMember(models.Model):
    """A practice in a group between two days, both included."""

    group = models.ForeignKey(PracticeGroup, on_delete=models.CASCADE, related_name="members")
    practice = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ("practice", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("group", "practice", "valid_from"), name="practice_group_member_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="practice_group_member_in_order",
            ),
        )
