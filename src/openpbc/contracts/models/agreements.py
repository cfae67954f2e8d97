"""Agreements with partners and the voluntary sector as they are remembered, and every time one was looked at."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openpbc.contracts.rules.agreements import HOLDERS, RECORDS, SECTORS, STATES


class Agreement(models.Model):
    """One agreement, whatever the year; ``revision`` goes up with each change and each record of it."""

    place = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    partner = models.CharField(max_length=200)
    # Empty for a voluntary body that the register does not hold, and for what was typed before partners came from it.
    partner_code = models.CharField(max_length=30, blank=True)
    sector = models.CharField(max_length=10)
    holder = models.CharField(max_length=10)
    held_with = models.CharField(max_length=200, blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    pence_a_year = models.BigIntegerField(null=True)
    term_reason = models.CharField(max_length=500, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")
    state = models.CharField(max_length=10)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("ends", "code")
        constraints = (
            models.UniqueConstraint(fields=("place", "code"), name="agreement_once"),
            models.CheckConstraint(
                condition=Q(sector__in=tuple(SECTORS), holder__in=HOLDERS, state__in=STATES) & ~Q(title=""),
                name="agreement_kind",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="agreement_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(starts__isnull=False, ends__isnull=False), name="agreement_dated"
            ),
            models.CheckConstraint(condition=Q(pence_a_year__gte=0), name="agreement_sum"),
        )


class AgreementRecord(models.Model):
    """One review, monitoring meeting or Compact check; rows are only ever added."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=10)
    on = models.DateField()
    in_order = models.BooleanField()
    note = models.CharField(max_length=500)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("on", "pk")
        constraints = (models.CheckConstraint(condition=Q(kind__in=tuple(RECORDS)), name="agreement_record_kind"),)
