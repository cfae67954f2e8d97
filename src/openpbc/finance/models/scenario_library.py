"""Scenarios that people saved: a name for settings of fair shares. Every wording that one ever had is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SavedScenario(models.Model):
    """A saved scenario as it stands; ``folded`` is its title as titles are told apart."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    folded = models.CharField(max_length=150)
    revision = models.PositiveIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    made_by_id = models.CharField(max_length=200)

    class Meta:
        ordering = ("place", "year", "number")
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="saved_scenario_once"),
            models.UniqueConstraint(
                fields=("place", "year", "folded"), condition=Q(withdrawn=False), name="saved_scenario_title"
            ),
        )


class ScenarioRevision(models.Model):
    """One wording of a saved scenario; rows are only ever added, so whoever named one can still read it."""

    scenario = models.ForeignKey(SavedScenario, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    query = models.TextField()
    withdrawn = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by_id = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("scenario", "revision")
        constraints = (models.UniqueConstraint(fields=("scenario", "revision"), name="scenario_revision_once"),)
