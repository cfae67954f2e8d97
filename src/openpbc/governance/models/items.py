"""Items of meetings: what is put, its papers by hash, what was declared, who voted how, and the record of the decision.

Triggers keep the record of a decision and its votes as they are (``triggers.py``).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.governance.models.decisions import Decision
from openpbc.governance.models.meetings import Meeting


class Item(models.Model):
    """One item: it waits for a meeting, stands on the agenda of one, is decided, or was taken back.

    ``version`` goes up with every change; ``proposing`` is the unit whose matter it is. ``asked_by`` says who recorded
    that everybody was asked for interests, even where none was declared.
    """

    place = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="items")
    number = models.IntegerField(null=True)
    matter = models.CharField(max_length=200, blank=True, db_index=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="decision")
    private = models.BooleanField(default=False)
    proposing = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, default="waiting")
    version = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True)
    asked_by = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="item")
    # The minutes that this item confirms, and the urgent action that it ratifies.
    minutes_of = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="confirming_items")
    urgent = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="ratified_in")
    reason = models.CharField(max_length=500, blank=True)
    synthetic = models.BooleanField(default=False)
    put_by = models.CharField(max_length=200)
    put_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            # One matter waits for one body at a time: two bodies can never decide it at once.
            models.UniqueConstraint(
                fields=("place", "matter"),
                condition=Q(state__in=("waiting", "listed")) & ~Q(matter=""),
                name="item_open_once",
            ),
            models.UniqueConstraint(
                fields=("meeting", "number"), condition=Q(meeting__isnull=False), name="item_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "withdrawn")) | Q(meeting__isnull=False), name="item_has_meeting"
            ),
        )


class Paper(models.Model):
    """One version of a paper of an item: a file by its hash. A newer version takes ``current`` from the older."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("item", "name", "version"), name="paper_version"),
            models.UniqueConstraint(fields=("item", "name"), condition=Q(current=True), name="paper_current"),
        )


class Declaration(models.Model):
    """An interest that somebody declared at an item, and what the chair ruled of it for that item."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="declarations")
    person = models.CharField(max_length=150)
    what = models.CharField(max_length=500)
    ruling = models.CharField(max_length=20)
    declared_by = models.CharField(max_length=200)
    declared_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "person", "what"), name="declaration_once"),)


class Ballot(models.Model):
    """One person's vote on an item, and the hash of the papers on which it was cast."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="ballots")
    person = models.CharField(max_length=150)
    choice = models.CharField(max_length=10)
    papers = models.CharField(max_length=64)
    cast_by = models.CharField(max_length=200)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "person"), name="ballot_once"),)


class DecisionRecord(models.Model):
    """All that stood behind a decision when it was taken, and the hash of it; never changed."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="record")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="record")
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    only_added: ClassVar[bool] = True
