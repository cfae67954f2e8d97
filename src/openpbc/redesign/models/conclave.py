"""Reports of the conclave, each the same for everybody to whom it is accountable, and who received which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ConclaveReport(models.Model):
    """One report as it was issued, with a hash of what it says; triggers refuse change and removal."""

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    synthetic = models.BooleanField(default=False)
    issued_by = models.CharField(max_length=200)
    issued_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="conclave_report_once"),
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(issued_by=""), name="conclave_report_complete"),
        )


class ReportReceived(models.Model):
    """That a report was received for one of those to whom the conclave is accountable."""

    report = models.ForeignKey(ConclaveReport, on_delete=models.PROTECT, related_name="received")
    audience = models.CharField(max_length=40)
    by = models.CharField(max_length=200)
    person = models.CharField(max_length=150)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("report", "audience"), name="report_received_once"),)
