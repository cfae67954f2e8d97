"""Appeals against decisions, and their being taken back; both are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.governance.models.decisions import Decision


class Appeal(models.Model):
    """An appeal of a group or a practice against a decision."""

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    appellant = models.CharField(max_length=30)
    grounds = models.TextField()
    lodged_by = models.CharField(max_length=200)
    person = models.CharField(max_length=150)
    lodged_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="appeal_number"),
            models.UniqueConstraint(fields=("decision", "appellant"), name="appeal_once"),
            models.CheckConstraint(condition=~Q(grounds="") & ~Q(appellant=""), name="appeal_complete"),
        )


class AppealEnd(models.Model):
    """That an appeal was taken back before it was decided."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True
