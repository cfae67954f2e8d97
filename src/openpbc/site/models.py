"""What the roof remembers: forms that were sent, so that sending one twice does its work once."""

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
