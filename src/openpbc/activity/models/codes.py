"""What is remembered of providers' own codes: every mapping that somebody recorded, when, in place of what, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openpbc.activity.rules.local_codes import KINDS


class LocalCodeRecord(models.Model):
    """One record of what a code stands for, on two clocks; never changed, a correction is a further record.

    ``valid_*`` are the first and last day of care for which it holds, ``known_from`` is when it was recorded. Without a
    ``national`` code it says that the code stands for nothing.
    """

    place = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    provider = models.CharField(max_length=6)
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    national = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    known_from = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    reason = models.TextField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "kind", "provider", "code", "number"), name="local_code_once"),
            models.CheckConstraint(condition=Q(kind__in=tuple(KINDS)), name="local_code_kind"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(provider="") & ~Q(reason=""), name="local_code_said"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="local_code_in_order"
            ),
        )
