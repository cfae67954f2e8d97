"""Files that somebody sent and that do not count yet, and which files were mended from which."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A file on its way: its folder, named by the code, holds the file and what came of checking it.

    ``scope`` is the provider whose people sent it, empty for the commissioner's own. Everybody has so many slots, and
    a slot holds one draft, so that no two requests at once can open more. A draft that is received or cancelled is
    gone; the log keeps that it was there.
    """

    place = models.CharField(max_length=60)
    code = models.CharField(max_length=12)
    scope = models.CharField(max_length=6, blank=True)
    made_by = models.CharField(max_length=100)
    made_by_name = models.CharField(max_length=200)
    slot = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mends = models.CharField(max_length=64, blank=True)
    mended = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "code"), name="draft_code"),
            models.UniqueConstraint(fields=("place", "made_by", "slot"), name="draft_slot"),
            models.CheckConstraint(
                condition=Q(mends="", mended=0) | (~Q(mends="") & Q(mended__gt=0)), name="draft_mends_whole"
            ),
        )


class Mending(models.Model):
    """A submission that was made from a former one by mending lines of it."""

    place = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    former = models.CharField(max_length=64)
    lines = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "sha256"), name="mending_once"),
            models.CheckConstraint(condition=Q(lines__gt=0), name="mending_lines"),
        )
