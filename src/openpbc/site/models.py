"""What the roof remembers: forms that were sent, and e-mail, so that sending one twice does its work once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class FormReceipt(models.Model):
    """One sent form: a hash over sender, address, idempotency key and content, and where the answer led.

    ``location`` is empty while a claimed form is still at work.
    """

    key = models.CharField(max_length=64, primary_key=True)
    location = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)


class DigestWish(models.Model):
    """That a person wants the day's work by e-mail; whoever has no row gets none."""

    sign_in = models.CharField(max_length=150, unique=True)
    chosen_at = models.DateTimeField()


class Digest(models.Model):
    """The one e-mail of a person and day. It is written down before it leaves, so that it can never leave twice.

    ``begun`` that stays so was cut off while it was sent; nobody knows whether it arrived, and it is not sent again.
    """

    BEGUN, SENT, FAILED = "begun", "sent", "failed"

    sign_in = models.CharField(max_length=150)
    day = models.DateField()
    lines = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=BEGUN)
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sign_in", "day"), name="digest_once_a_day"),
            models.CheckConstraint(condition=models.Q(state__in=("begun", "sent", "failed")), name="digest_state"),
        )
