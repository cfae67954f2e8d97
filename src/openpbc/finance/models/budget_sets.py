"""Budget sets: what every pound of a year's allocation is for, from draft to the decision that puts it in force."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class BudgetSet(models.Model):
    """One set of budgets of a place's year; ``revision`` goes up with every change, so that nobody overwrites another.

    ``settings`` is the query of the scenario that it was drafted from, ``decision`` the record that approved it.
    """

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    scenario = models.CharField(max_length=60)
    settings = models.CharField(max_length=2000)
    plan_version = models.PositiveIntegerField(null=True)
    allocation = models.BigIntegerField()
    allocation_address = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12, default="draft")
    revision = models.PositiveIntegerField(default=1)
    decision = models.BigIntegerField(null=True)
    supersedes = models.PositiveIntegerField(null=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="budget_set_number"),
            # One set counts. Two that come into force at once collide here, on any isolation level.
            models.UniqueConstraint(
                fields=("place", "year"), condition=Q(state="approved"), name="budget_set_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decision__isnull=False), name="budget_set_approved_by_decision"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "proposed", "approved", "superseded", "withdrawn")),
                name="budget_set_state",
            ),
        )


class BudgetSetLine(models.Model):
    """What one account is to hold; ``drafted`` is what the draft said, ``parts`` where that came from."""

    budget_set = models.ForeignKey(BudgetSet, on_delete=models.CASCADE, related_name="lines")
    account = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    pence = models.BigIntegerField()
    drafted = models.BigIntegerField()
    # A list of [words, pence, address]; the pence add up to what was drafted.
    parts = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("budget_set", "account"), name="budget_set_line_once"),
            models.CheckConstraint(condition=Q(pence__gte=0), name="budget_set_line_amount"),
        )


class BudgetSetChange(models.Model):
    """One step of a set's history. Two people who change one revision at once collide on its number."""

    budget_set = models.ForeignKey(BudgetSet, on_delete=models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=12)
    account = models.CharField(max_length=120, blank=True)
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("budget_set", "revision"), name="budget_set_change_once"),)
