"""What supporters of a business plan said: that an element does not apply."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case
from openpbc.redesign.rules.completeness import ELEMENTS, SUPPORTERS


class NotApplying(models.Model):
    """That somebody said for the support of one side that an element does not apply, as it stood at a revision.

    It says nothing of a later revision: whoever writes the element anew asks both sides again. Only ever added.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="not_applying")
    part = models.CharField(max_length=20)
    revision = models.PositiveIntegerField()
    side = models.CharField(max_length=12)
    person = models.CharField(max_length=150)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("case", "part", "revision", "side"), name="not_applying_once"),
            models.UniqueConstraint(fields=("case", "part", "revision", "person"), name="not_applying_two_people"),
            models.CheckConstraint(
                condition=Q(part__in=ELEMENTS) & Q(side__in=tuple(SUPPORTERS)), name="not_applying_of_support"
            ),
        )
