"""What is remembered of groups' commissioning plans: priorities, plans with items, support, and what was published."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.commissioning import ITEM_STATES, PRIORITY_KINDS, STATES, SUPPORT_FIELDS


class Priority(models.Model):
    """Something that plans are to deliver: named once, however many groups take it up."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    policy_source = models.CharField(max_length=60, blank=True)
    aim = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "code"), name="priority_once"),
            models.CheckConstraint(condition=Q(kind__in=PRIORITY_KINDS) & ~Q(title=""), name="priority_kind"),
        )


class GroupPlan(models.Model):
    """The plan of one unit for one year; ``revision`` goes up with every change of it or of its items."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    unit = models.CharField(max_length=30)
    state = models.CharField(max_length=10)
    context = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "unit"), name="group_plan_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="group_plan_state"),
        )


class GroupPlanItem(models.Model):
    """One item: what the group will do, what it costs (none: not costed), and which priority it serves."""

    plan = models.ForeignKey(GroupPlan, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, related_name="items")
    scope = models.CharField(max_length=3)
    cost = models.BigIntegerField(null=True)
    runs_on = models.BooleanField(default=False)
    state = models.CharField(max_length=10)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="group_plan_item_once"),
            models.CheckConstraint(
                condition=Q(state__in=ITEM_STATES) & Q(scope__in=("in", "out")), name="group_plan_item_state"
            ),
        )


class SupportRequest(models.Model):
    """Help that a group asks the commissioner for, and who gives it (empty: nobody yet)."""

    plan = models.ForeignKey(GroupPlan, on_delete=models.PROTECT, related_name="requests")
    field = models.CharField(max_length=20)
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=Q(field__in=SUPPORT_FIELDS), name="support_request_field"),)


class SupportRole(models.Model):
    """A role of the commissioner's staff that works for a unit, with its hours a week."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    unit = models.CharField(max_length=30)
    role = models.CharField(max_length=200)
    hours = models.PositiveIntegerField()

    class Meta:
        ordering = ("unit", "role")
        constraints = (models.UniqueConstraint(fields=("place", "year", "unit", "role"), name="support_role_once"),)


class PublishedPlan(models.Model):
    """A plan as it was published: a copy that later changes of the plan leave alone."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    unit = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    published_on = models.DateField()
    published_by = models.CharField(max_length=200)
    body = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "unit", "version"), name="published_plan_once"),
        )
