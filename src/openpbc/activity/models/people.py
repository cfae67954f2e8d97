"""Who opted out of uses beyond their own care: pseudonyms alone, under the key of each purpose."""

from __future__ import annotations

from django.db import models


class OptOutList(models.Model):
    """The list of opt-outs that counts in a place; a new one replaces it whole."""

    place = models.CharField(max_length=60, unique=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    people = models.BigIntegerField()


class OptOut(models.Model):
    """One person for one purpose; ``key`` names the key under which the pseudonym was made, and gives nothing away."""

    place = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)
    key = models.CharField(max_length=20)
    pid = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "purpose", "pid"), name="opt_out_once"),)
