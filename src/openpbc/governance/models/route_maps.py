"""Route maps: the ground rules for innovation as groups and commissioner signed them; rows that are only added."""

from __future__ import annotations

from django.db import models

from openpbc.governance.models.documents import KeptDocument


class RouteMap(KeptDocument):
    """One signed version: a file by its hash, the day, the body that signed for the commissioner, and for the groups.

    ``for_groups`` gives by the code of each group that signed the role of whoever did. The latest signed counts.
    """

    place = models.CharField(max_length=60)
    commissioner = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    signed_on = models.DateField()
    for_commissioner = models.CharField(max_length=40)
    for_groups = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "commissioner", "number"), name="route_map_number"),)
