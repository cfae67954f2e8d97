"""What happens to a case that was handed in: its frozen versions, reviews, comments, agreements and blocks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openpbc.redesign.models.cases import Case
from openpbc.redesign.rules.transitions import ROUTES

RETURNED, MORE_WORK, WAIVED = "returned", "more-work", "waived"


class Version(models.Model):
    """A case as it was handed in, with the hash of its text. Only ever added; triggers refuse change and removal."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    book_hash = models.CharField(max_length=64)
    frozen_by = models.CharField(max_length=200)
    frozen_at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="redesign_version_once"),)


class Review(models.Model):
    """The sheet of one function on one version: returned, asking for more work, or waived."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    function = models.CharField(max_length=40)
    outcome = models.CharField(max_length=20)
    text = models.TextField()
    reviewer = models.CharField(max_length=200)
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ("function",)
        constraints = (
            models.UniqueConstraint(fields=("version", "function"), name="redesign_review_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=(RETURNED, MORE_WORK, WAIVED)) & ~Q(text=""), name="redesign_review_outcome"
            ),
        )


class Comment(models.Model):
    """A comment on a part, for a function or as a member of the group, and the reply to it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    part = models.CharField(max_length=20)
    function = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_by = models.CharField(max_length=200, blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="redesign_comment_says"),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="redesign_reply_dated",
            ),
        )


class Agreement(models.Model):
    """What one group said of one version: yes with its route, or no with its reason."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="agreements")
    unit = models.CharField(max_length=30)
    agreed = models.BooleanField()
    route = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    person = models.CharField(max_length=150)
    at = models.DateTimeField()
    # An agreement lapses when the body approves another route: the group has to agree that one.
    lapsed = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("version", "unit"), condition=Q(lapsed=False), name="redesign_agreement_once"
            ),
            models.CheckConstraint(
                condition=Q(agreed=True, route__in=tuple(ROUTES)) | (Q(agreed=False, route="") & ~Q(reason="")),
                name="redesign_agreement_route",
            ),
        )


class Block(models.Model):
    """What keeps a case from going on, with its owner; cleared with a word on how."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="blocks")
    what = models.TextField()
    owner = models.CharField(max_length=200)
    raised_by = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    resolution = models.TextField(blank=True)
    cleared_by = models.CharField(max_length=200, blank=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(cleared_at__isnull=True), name="redesign_block_open_once"
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(owner=""), name="redesign_block_owned"),
        )
