"""Schemes of delegation, since when each is in force, and the level at which each matter is decided: only added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.governance.rules.delegation import LEVELS, SCOPES


class Scheme(models.Model):
    """One version of a place's scheme, as the decision table that was uploaded."""

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    table = models.TextField()
    sha256 = models.CharField(max_length=64)
    scope = models.CharField(max_length=10)
    answers = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    by_person = models.CharField(max_length=150)
    acting_for = models.CharField(max_length=150, null=True)  # a new column that keeps the table's triggers

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="scheme_once"),
            models.CheckConstraint(condition=Q(scope__in=tuple(SCOPES)), name="scheme_scope"),
        )


class SchemeForce(models.Model):
    """That a scheme is in force from a day on, by a recorded decision."""

    scheme = models.OneToOneField(Scheme, on_delete=models.PROTECT, related_name="force")
    place = models.CharField(max_length=60)
    valid_from = models.DateField()
    decision = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "valid_from"), name="scheme_in_force_once"),)


class MatterLevel(models.Model):
    """The level at which a matter is decided, with all that it was worked out from; the highest number counts."""

    place = models.CharField(max_length=60)
    matter = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    level = models.CharField(max_length=2)
    scheme = models.PositiveIntegerField()
    value_pence = models.BigIntegerField(null=True)
    effective_pence = models.BigIntegerField(null=True)
    route = models.CharField(max_length=60)
    unit = models.CharField(max_length=40, blank=True)
    specialty = models.CharField(max_length=60, blank=True)
    facts = models.JSONField()
    because = models.TextField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "matter", "number"), name="matter_level_once"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="matter_level_kind"),
        )
