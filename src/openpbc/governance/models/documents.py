"""What is kept of every signed or adopted document: its file by hash, and who recorded it when; never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptDocument(models.Model):
    """The columns that versions of documents share."""

    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)
    synthetic = models.BooleanField(default=False)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        abstract = True
