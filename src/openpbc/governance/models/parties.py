"""Whom a matter concerns, what the chair ruled, and who opened which of its papers: rows that are only added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.governance.rules.withholding import RULINGS


class MatterParties(models.Model):
    """The organisations that a matter concerns; the list with the highest number counts."""

    place = models.CharField(max_length=60)
    matter = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    parties = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "matter", "number"), name="parties_once"),)


class Ruling(models.Model):
    """What was ruled of a person in a matter, or what they declared themselves; the highest number counts."""

    place = models.CharField(max_length=60)
    matter = models.CharField(max_length=200)
    person = models.CharField(max_length=150, db_index=True)
    number = models.PositiveIntegerField()
    ruling = models.CharField(max_length=20)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ruling__in=tuple(RULINGS)), name="ruling_kind"),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_with_reason"),
            models.UniqueConstraint(fields=("place", "matter", "person", "number"), name="ruling_once"),
        )


class Opening(models.Model):
    """That a person opened something of a matter; once a day and thing."""

    place = models.CharField(max_length=60)
    matter = models.CharField(max_length=200)
    person = models.CharField(max_length=150)
    what = models.CharField(max_length=200)
    day = models.DateField()
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "matter", "person", "what", "day"), name="opening_once"),
        )
