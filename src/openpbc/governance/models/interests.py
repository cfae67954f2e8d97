"""Declared interests and what was said of them later: rows that are only added, so that the history is the register."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openpbc.governance.rules.interests import NATURES

REVIEWED, ENDED, TOLD = "reviewed", "ended", "told"


class Interest(models.Model):
    """One interest as its holder declared it; what changes later is an event beside it."""

    place = models.CharField(max_length=60)
    person = models.CharField(max_length=150, db_index=True)
    organisation = models.CharField(max_length=200)
    nature = models.CharField(max_length=30)
    # What the person is there, such as partner or director: shown to everybody. The detail is for staff alone.
    role = models.CharField(max_length=100)
    detail = models.TextField(blank=True)
    held_from = models.DateField()
    held_to = models.DateField(null=True)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(nature__in=tuple(NATURES)), name="interest_nature"),
            models.CheckConstraint(
                condition=~Q(person="") & ~Q(organisation="") & ~Q(role=""), name="interest_complete"
            ),
            models.CheckConstraint(
                condition=Q(held_to__isnull=True) | Q(held_to__gte=F("held_from")), name="interest_in_order"
            ),
        )


class InterestEvent(models.Model):
    """That an interest was confirmed as it stands, ended on a day (once), or was told late and the chair knows."""

    interest = models.ForeignKey(Interest, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)
    last_day = models.DateField(null=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=(REVIEWED, ENDED, TOLD)), name="interest_event_kind"),
            models.CheckConstraint(
                condition=Q(kind=REVIEWED, last_day__isnull=True)
                | (Q(kind=TOLD, last_day__isnull=True) & ~Q(reason=""))
                | (Q(kind=ENDED, last_day__isnull=False) & ~Q(reason="")),
                name="interest_event_complete",
            ),
            models.UniqueConstraint(fields=("interest",), condition=Q(kind=ENDED), name="interest_ended_once"),
        )


class NilReturn(models.Model):
    """That a person declared to have no interest."""

    place = models.CharField(max_length=60)
    person = models.CharField(max_length=150, db_index=True)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)

    only_added: ClassVar[bool] = True


class Link(models.Model):
    """What connects: an organisation that owns another, or two people of one household.

    The row with the highest number on the same two counts.
    """

    place = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    one = models.CharField(max_length=200)
    other = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    held_from = models.DateField()
    held_to = models.DateField(null=True)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=("owner", "household")), name="link_kind"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="link_of_two"),
            models.UniqueConstraint(fields=("place", "kind", "one", "other", "number"), name="link_once"),
        )
