"""Peer groups: named lists of providers with a period, versioned."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PeerGroup(models.Model):
    """One version of a named peer group; never changed, and the highest version counts.

    ``first`` and ``last`` are the months over which the peers are compared; empty means the months of the year so far.
    """

    place = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    providers = models.JSONField()
    first = models.CharField(max_length=7, blank=True)
    last = models.CharField(max_length=7, blank=True)
    method = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "code", "version"), name="peer_group_once"),
            models.CheckConstraint(condition=~Q(reason="") & Q(version__gte=1), name="peer_group_reason"),
        )
