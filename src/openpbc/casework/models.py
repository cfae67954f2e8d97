"""What casework remembers: diagrams by the hash of their content, cases, and each case's way along its diagram."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Definition(models.Model):
    """A diagram, kept for good under the SHA-256 of its text; triggers refuse change and removal."""

    hash = models.CharField(max_length=64, primary_key=True)
    process = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    text = models.TextField()
    stored_at = models.DateTimeField()

    only_added: ClassVar[bool] = True


class InForce(models.Model):
    """Which diagram new cases of a place take, version after version; a place without one takes that of its packs."""

    place = models.CharField(max_length=60)
    process = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    reason = models.TextField()
    stored_by = models.CharField(max_length=200)
    stored_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        # the second of two people who store a version at once has seen an older one
        constraints = (models.UniqueConstraint(fields=("place", "process", "number"), name="in_force_once"),)


class Case(models.Model):
    """One case. ``version`` counts its moves: who has not seen the last one cannot make the next."""

    place = models.CharField(max_length=60)
    process = models.CharField(max_length=60)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT)
    subject = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    kept = models.TextField()
    ended = models.CharField(max_length=60, blank=True)
    started_by = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_what = models.CharField(max_length=500)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "process", "subject"), condition=Q(closed_at__isnull=True), name="one_open_case"
            ),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(title=""), name="case_complete"),
        )
        indexes = (models.Index(fields=("place", "subject"), name="case_by_subject"),)


class Passage(models.Model):
    """One stay of a case at one step: since when, until when, with what outcome. The clocks are read from these.

    ``due`` stands in a column of its own, so that what is late can be asked of all cases at once.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    place = models.CharField(max_length=60)
    token = models.CharField(max_length=64)
    step = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    lane = models.CharField(max_length=60, blank=True)
    holds = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)
    due = models.DateField(null=True)
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "token"), name="passage_once"),)
        indexes = (
            models.Index(fields=("place", "lane"), condition=Q(left_at__isnull=True), name="passage_waiting"),
            models.Index(fields=("due",), condition=Q(left_at__isnull=True), name="passage_due"),
        )
