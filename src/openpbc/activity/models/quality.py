"""What is remembered of the quality of received files: counts, never a row."""

from __future__ import annotations

from django.db import models


class FileQuality(models.Model):
    """How good the fields of one received file were when it was first measured, and by which book.

    ``counts`` maps each field to its records that are valid, a stand-in, invalid and missing.
    """

    place = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    book = models.CharField(max_length=64)
    counts = models.JSONField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "sha256"), name="file_quality_once"),)
