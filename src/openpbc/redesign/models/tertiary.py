"""What was said of a case and tertiary flows: rows are only ever added, and the last one counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case
from openpbc.redesign.rules.tertiary import ASKED_BY


class TertiaryWord(models.Model):
    """Whether a case changes a tertiary flow, and who requires that; triggers refuse change and removal."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tertiary")
    number = models.PositiveIntegerField()
    changes = models.BooleanField()
    asked_by = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="tertiary_word_once"),
            models.CheckConstraint(
                condition=Q(asked_by__in=("", *ASKED_BY)) & ~Q(reason="") & (Q(changes=True) | Q(asked_by="")),
                name="tertiary_word_reasoned",
            ),
        )
