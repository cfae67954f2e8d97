"""Private addresses under which programs that cannot sign in read meetings, and the news of a body."""

from __future__ import annotations

from django.db import models


class MeetingFeed(models.Model):
    """A private address of one person in one place; only a hash of its token is kept."""

    place = models.CharField(max_length=60)
    sign_in = models.CharField(max_length=150)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "sign_in"), name="meeting_feed_once"),)


class BodyFeed(models.Model):
    """A private address of one person for the news of one body; only a hash of its token is kept."""

    place = models.CharField(max_length=60)
    body = models.CharField(max_length=40)
    sign_in = models.CharField(max_length=150)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "body", "sign_in"), name="body_feed_once"),)
