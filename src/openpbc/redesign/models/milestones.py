"""Milestones of the review of acute services, and the cases that hang on one: each change is a further row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case


class Milestone(models.Model):
    """What was said of one milestone; the highest number counts. Triggers refuse change and removal.

    A milestone of the rulebook has no row until somebody moves it. ``due`` is the last day of the month where
    ``to_month`` says that no day is known; an ``area`` that is empty is every area of the place.
    """

    place = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    area = models.CharField(max_length=40, blank=True)
    due = models.DateField(null=True)
    to_month = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    dropped = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    synthetic = models.BooleanField(default=False)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("code", "number")
        constraints = (
            models.UniqueConstraint(fields=("place", "code", "number"), name="milestone_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="milestone_named"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="milestone_moved_why"),
            models.CheckConstraint(condition=Q(due__isnull=False) | Q(to_month=False), name="milestone_month_of_a_day"),
        )


class CaseMilestone(models.Model):
    """On which milestone a case hangs; the highest number counts, and an empty code says that it hangs on none."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=20, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="case_milestone_once"),)
