"""What is remembered of the financial plan: every version, its lines, and every change that was made to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.plan_line import METHODS, ORIGINS, RECURRENCES, SCOPES, SECTIONS
from openpbc.finance.rules.plan_versions import APPROVED, DRAFT, STATES, SUPERSEDED, WITHDRAWN


class PlanVersion(models.Model):
    """One version of a place's plan for a year.

    ``basis`` says what it was drafted from (``book/<hash>``, a version's number, or nothing); ``printed`` keeps the
    totals that the published table prints, with its notes. ``revision`` goes up with every change: who changes the
    version names the revision that was looked at, so that two people cannot undo each other.
    """

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=DRAFT)
    # The day that the version bears; when it was made is told apart from that.
    dated = models.DateField()
    scenario = models.CharField(max_length=4000, blank=True)
    deposit_assumed = models.BigIntegerField(null=True)
    parent = models.PositiveIntegerField(null=True)
    basis = models.CharField(max_length=120, blank=True)
    printed = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="plan_version_once"),
            models.UniqueConstraint(
                fields=("place", "year"), condition=Q(state=APPROVED), name="plan_version_one_approved"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="plan_version_state"),
            models.CheckConstraint(condition=~Q(title="") & Q(revision__gte=1), name="plan_version_named"),
            # A plan that left the drafter's desk says on which scenario it stands.
            models.CheckConstraint(
                condition=Q(state__in=(DRAFT, WITHDRAWN)) | ~Q(scenario=""), name="plan_version_scenario"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(APPROVED, SUPERSEDED)) | ~Q(decision=""), name="plan_version_decision"
            ),
        )


class PlanVersionLine(models.Model):
    """One line of a version; amounts in pence, the rate in parts per million."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    section = models.CharField(max_length=20)
    method = models.CharField(max_length=20)
    recurrence = models.CharField(max_length=20, blank=True)
    provisional = models.BooleanField(default=False)
    amount = models.BigIntegerField()
    base = models.BigIntegerField(null=True)
    rate = models.BigIntegerField(null=True)
    rate_source = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    link = models.CharField(max_length=60, blank=True)
    priority = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    citation = models.CharField(max_length=300, blank=True)
    heading = models.CharField(max_length=60, blank=True)
    runs_on = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "code"), name="plan_version_line_once"),
            models.CheckConstraint(condition=Q(section__in=SECTIONS), name="plan_version_line_section"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="plan_version_line_method"),
            models.CheckConstraint(condition=Q(recurrence__in=RECURRENCES), name="plan_version_line_recurrence"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="plan_version_line_origin"),
            models.CheckConstraint(condition=Q(scope__in=SCOPES), name="plan_version_line_scope"),
        )


class PlanChange(models.Model):
    """One change of a version: who did what, when, and what it did to the balance. Never changed afterwards.

    ``revision`` is the one that the change made, so that two changes cannot make the same.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=400)
    effect = models.BigIntegerField(default=0)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "revision"), name="plan_change_once"),
            models.CheckConstraint(condition=~Q(what=""), name="plan_change_told"),
        )
