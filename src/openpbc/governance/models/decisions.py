"""Decisions, which are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Decision(models.Model):
    """One recorded decision of one body; triggers refuse change and removal, a mistake is corrected by a new record."""

    place = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    # The last day of the month where ``to_month`` says that no day is known; of older records, nothing says so.
    taken_on = models.DateField()
    to_month = models.BooleanField(null=True)
    minute = models.CharField(max_length=60)
    # The address of what was decided on, empty where the program holds no such thing; the title says it in words.
    matter = models.CharField(max_length=200, blank=True, db_index=True)
    title = models.CharField(max_length=200)
    outcome = models.CharField(max_length=20)
    text = models.TextField()
    # One correction each, so that two people who correct one record at once do not leave two truths.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    synthetic = models.BooleanField(default=False)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "body", "taken_on", "minute", "matter"),
                condition=Q(replaces__isnull=True) & ~Q(matter=""),
                name="decision_on_matter_once",
            ),
            models.UniqueConstraint(
                fields=("place", "body", "taken_on", "minute", "title"),
                condition=Q(replaces__isnull=True, matter=""),
                name="decision_on_title_once",
            ),
            models.CheckConstraint(
                condition=~Q(minute="") & ~Q(title="") & ~Q(text="") & ~Q(body=""), name="decision_complete"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="withdrawn") | Q(replaces__isnull=False), name="decision_withdrawn_was_there"
            ),
        )


class Decider(models.Model):
    """One person of a decision that was written into the register: they took part in it, or left for an interest.

    Of a decision that was taken in a meeting kept here, the record of its item tells this.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="people")
    person = models.CharField(max_length=150)
    left = models.BooleanField(default=False)

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=("decision", "person"), name="decider_once"),)
