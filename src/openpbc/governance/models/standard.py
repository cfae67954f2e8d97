"""What groups say of themselves against the minimum operating standard: rows that are only added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StandardAssessment(models.Model):
    """One assessment of a group by itself; the highest number counts, earlier ones stay readable.

    ``said`` keeps the points as they were: a list of key, words, result (met, partly, not met, not answered) and note.
    """

    place = models.CharField(max_length=60)
    unit = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    assessed_on = models.DateField()
    said = models.JSONField()
    synthetic = models.BooleanField(default=False)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "unit", "number"), name="standard_assessment_once"),)
