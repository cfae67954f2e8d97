"""Joint work as it is remembered: items with their money, milestones, and what each was in the years before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.joint import KINDS, STATES, TARGETS


class JointItem(models.Model):
    """An investment or a transfer in the year in which it stands now; ``revision`` goes up with each change."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    partner = models.CharField(max_length=200)
    # Empty in rows from before partners were chosen from the register, and for one that it does not hold.
    partner_code = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=10, blank=True)
    target_name = models.CharField(max_length=200, blank=True)
    council = models.CharField(max_length=30, blank=True)
    commissioner = models.CharField(max_length=30, blank=True)
    pence = models.BigIntegerField(null=True)
    may_run_on = models.BooleanField(default=False)
    state = models.CharField(max_length=10)
    due = models.DateField(null=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    pooled_funds = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("place", "code"), name="joint_item_once"),
            models.CheckConstraint(
                condition=Q(kind__in=tuple(KINDS), state__in=STATES, target__in=("", *TARGETS)) & ~Q(title=""),
                name="joint_item_kind",
            ),
        )


class JointMilestone(models.Model):
    """A dated step of an item, and the day on which it was reached."""

    item = models.ForeignKey(JointItem, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=300)
    due = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ("due", "number")
        constraints = (models.UniqueConstraint(fields=("item", "number"), name="joint_milestone_once"),)


class JointYear(models.Model):
    """What an item was in a year that it has left: rows are only ever added."""

    item = models.ForeignKey(JointItem, on_delete=models.PROTECT, related_name="years")
    year = models.CharField(max_length=7)
    state = models.CharField(max_length=10)
    pence = models.BigIntegerField(null=True)
    left_by = models.CharField(max_length=200)
    left_at = models.DateTimeField()

    class Meta:
        ordering = ("year",)
        constraints = (models.UniqueConstraint(fields=("item", "year"), name="joint_year_once"),)
