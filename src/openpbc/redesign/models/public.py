"""What the public is told of approved cases: the plain summary as it was published, and that it was taken off."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case


class PublicSummary(models.Model):
    """The plain summary of a case as it was published; a later number takes the place of the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="public")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    area = models.CharField(max_length=100)
    groups = models.JSONField()
    text = models.TextField()
    published_by = models.CharField(max_length=200)
    published_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="public_summary_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(title=""), name="public_summary_complete"),
        )


class PublicSummaryReason(models.Model):
    """Why a change did not go on, in the words for the public, and at which end of the case they were written."""

    summary = models.OneToOneField(PublicSummary, on_delete=models.PROTECT, related_name="why")
    stage = models.CharField(max_length=30)
    reason = models.CharField(max_length=500)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(reason="") & ~Q(stage=""), name="public_reason_said"),)


class PublicSummaryEnd(models.Model):
    """That a published summary was taken off the public page, by whom and why."""

    summary = models.OneToOneField(PublicSummary, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True
