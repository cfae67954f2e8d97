"""What the audit log remembers: events that are only ever added, and the head of their chain."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """One write. There are no foreign keys, so that the log outlives the data; triggers refuse change and removal."""

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.CharField(max_length=32, unique=True)
    root_id = models.CharField(max_length=32, db_index=True)
    # Text, not a timestamp: the hash must be rebuilt from exactly what was written, on any database.
    at = models.CharField(max_length=32)
    actor_id = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200)
    acting_for = models.CharField(max_length=100, blank=True)
    roles = models.TextField(blank=True)
    action = models.CharField(max_length=100, db_index=True)
    subject = models.CharField(max_length=300, blank=True, db_index=True)
    before = models.TextField()
    after = models.TextField()
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("sequence",)
        constraints = (models.CheckConstraint(condition=Q(sequence__gte=1), name="audit_sequence_from_one"),)
        indexes = (models.Index(fields=("at",), name="audit_event_at"),)


class ChainHead(models.Model):
    """The one row that names the last event: the lock that orders writers, and the witness of a cut tail."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="audit_one_head"),)


class Stamp(models.Model):
    """A head that a time-stamping authority stamped, with its answer as it came; triggers refuse change and removal."""

    sequence = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    # What the answer says, written out so that lists need not read it; a check holds the two together.
    at = models.DateTimeField()
    authority = models.CharField(max_length=253)
    answer = models.BinaryField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("sequence",)


class StampTrouble(models.Model):
    """Why no stamp of a head was given, once for as long as the reason stays the same."""

    sequence = models.BigIntegerField()
    why = models.CharField(max_length=500)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("id",)
