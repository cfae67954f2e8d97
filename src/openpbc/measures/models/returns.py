"""Returns that providers send, as they were received."""

from __future__ import annotations

from django.db import models


class ReceivedReturn(models.Model):
    """A provider's return of one month; never changed, and the highest number counts.

    ``rows`` are specialty, band and count.
    """

    place = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    provider = models.CharField(max_length=20)
    month = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    rows = models.JSONField()
    file_name = models.CharField(max_length=200)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "code", "provider", "month", "number"), name="return_once"),
        )
