"""Registers of the room: barriers, reviews of assessment services, adoption of shared pathways, intentions of cases."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case

BARRIER_STATES = ("open", "in hand", "solved", "not to be solved here")
SCHEME_STATES = ("unknown", "existing", "priority", "ended")
ADOPTED, VARIANT, DECLINED = "adopted", "variant", "declined"


class Barrier(models.Model):
    """Something in the way of commissioning by groups: its owner, what is proposed, and where that stands."""

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    proposal = models.TextField(blank=True)
    state = models.CharField(max_length=30)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="barriers")
    raised_by = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    synthetic = models.BooleanField(default=False)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="barrier_once"),
            models.CheckConstraint(
                condition=Q(state__in=BARRIER_STATES) & ~Q(title="") & ~Q(owner=""), name="barrier_owned"
            ),
        )


class SchemeReview(models.Model):
    """What a group says of one of its assessment services: its state, when it was looked at and with what result."""

    place = models.CharField(max_length=60)
    scheme = models.CharField(max_length=80)
    state = models.CharField(max_length=20)
    reviewed_on = models.DateField(null=True)
    result = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "scheme"), name="scheme_review_once"),
            models.CheckConstraint(condition=Q(state__in=SCHEME_STATES), name="scheme_review_state"),
        )


class Adoption(models.Model):
    """What one group made of a shared pathway: adopted as it is, a local variant with its reason, or declined."""

    place = models.CharField(max_length=60)
    pathway = models.CharField(max_length=60)
    unit = models.CharField(max_length=30)
    answer = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pathway", "unit")
        constraints = (
            models.UniqueConstraint(fields=("place", "pathway", "unit"), name="pathway_adoption_once"),
            models.CheckConstraint(
                condition=Q(answer=ADOPTED) | (Q(answer__in=(VARIANT, DECLINED)) & ~Q(reason="")),
                name="pathway_variant_reason",
            ),
        )


class CaseIntention(models.Model):
    """A commissioning intention that a case serves, by its key in the register."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="intentions")
    key = models.CharField(max_length=20)

    class Meta:
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("case", "key"), name="case_intention_once"),)


class CasePriority(models.Model):
    """A priority of a group's own plan that a case serves, by the group and the priority's code in the plans."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="priorities")
    unit = models.CharField(max_length=30)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ("unit", "code")
        constraints = (models.UniqueConstraint(fields=("case", "unit", "code"), name="case_priority_once"),)
