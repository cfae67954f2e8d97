"""A case of redesign: the priority from which it comes, the groups and people concerned, its parts, and its way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.rules.completeness import PARTS
from openpbc.redesign.rules.membership import BOTH, CLINICIAN, COMMISSIONS, KINDS, PROVIDES, SUB_KINDS
from openpbc.redesign.rules.transitions import STAGES, TRANSITIONS, VARIANTS

LIMIT_PART = "limits"


class Case(models.Model):
    """One case; ``revision`` goes up with every change of its own facts and with every step that it takes.

    ``process`` is the number of the running process that carries it, ``held_from`` the stage to which a case on hold
    goes back.
    """

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    area = models.CharField(max_length=100)
    need = models.TextField()
    evidence = models.TextField(blank=True)
    acute_review = models.CharField(max_length=200, blank=True)
    earlier_work = models.TextField(blank=True)
    long_term_condition = models.BooleanField(default=False)
    variant = models.CharField(max_length=20)
    pathway = models.CharField(max_length=60, blank=True)
    proposed_by = models.CharField(max_length=30)
    lead_group = models.CharField(max_length=30, blank=True)
    stage = models.CharField(max_length=30)
    held_from = models.CharField(max_length=30, blank=True)
    decided_route = models.CharField(max_length=30, blank=True)
    refusals = models.PositiveIntegerField(default=0)
    process = models.PositiveIntegerField(null=True)
    synthetic = models.BooleanField(default=False)
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="case_once"),
            models.CheckConstraint(
                condition=Q(stage__in=tuple(STAGES)) & Q(variant__in=tuple(VARIANTS)), name="case_stage"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(area="") & ~Q(need=""), name="case_named"),
        )


class ConcernedGroup(models.Model):
    """A group that a case concerns; its rank (1 is first) is given when it agrees the case as a priority."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="groups")
    unit = models.CharField(max_length=30)
    rank = models.PositiveIntegerField(null=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("unit",)
        constraints = (
            models.UniqueConstraint(fields=("case", "unit"), name="concerned_group_once"),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | (Q(rank__gte=1) & Q(agreed_at__isnull=False)), name="concerned_rank"
            ),
        )


class Member(models.Model):
    """A member of the joint group; one who left keeps the row, with the day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    person = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    sub_kind = models.CharField(max_length=20, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    leads = models.BooleanField(default=False)
    # Commissioner, provider or both; empty only in rows from before it was asked.
    side = models.CharField(max_length=12, blank=True)
    # Whether the member may take part in a bid to give the service beyond what a practice is contracted for already;
    # where there is a side, it follows from that.
    may_bid = models.BooleanField(default=False)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "person"), condition=Q(left_on__isnull=True), name="redesign_member_once"
            ),
            models.UniqueConstraint(
                fields=("case",), condition=Q(left_on__isnull=True, leads=True), name="redesign_lead_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=tuple(KINDS))
                & (Q(kind=CLINICIAN, sub_kind__in=tuple(SUB_KINDS)) | (~Q(kind=CLINICIAN) & Q(sub_kind=""))),
                name="redesign_member_kind",
            ),
            # Whoever commissions and provides may bid, nobody else: one cannot be said without the other.
            models.CheckConstraint(
                condition=Q(side="") | Q(side=BOTH, may_bid=True) | Q(side__in=(COMMISSIONS, PROVIDES), may_bid=False),
                name="redesign_member_side",
            ),
        )


class Waiver(models.Model):
    """A seat that a joint group does without, with who said so when, and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="waivers")
    kind = models.CharField(max_length=30)
    reason = models.CharField(max_length=500)
    waived_on = models.DateField()
    waived_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("case", "kind"), name="redesign_waiver_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="redesign_waiver_reason"),
        )


class Part(models.Model):
    """One part of a case as it is being written; each has a revision of its own, so that several people can write."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parts")
    code = models.CharField(max_length=20)
    body = models.JSONField()
    revision = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "code"), name="redesign_part_once"),
            models.CheckConstraint(condition=Q(code__in=(*PARTS, LIMIT_PART)), name="redesign_part_code"),
        )


class Passage(models.Model):
    """One step that a case took: which way, from where to where, by whom, when and why. Only ever added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="passages")
    way = models.CharField(max_length=6)
    start = models.CharField(max_length=30, blank=True)
    to = models.CharField(max_length=30)
    version = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    person = models.CharField(max_length=150)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=Q(way__in=("T00", *TRANSITIONS)), name="redesign_passage_way"),)
