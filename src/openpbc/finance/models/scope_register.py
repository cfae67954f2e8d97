"""The scope register: every budget item by group, in or out of the scope of fair shares, and what is proposed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openpbc.finance.rules.scope_moves import BASES, SCOPES

STATES = ("open", "agreed", "refused", "withdrawn")


class ScopeItem(models.Model):
    """A budget item; ``scope_first`` and ``basis_first`` are those of the draft budgets, which stand in the papers."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    folded = models.CharField(max_length=150)
    note = models.TextField(blank=True)
    scope_first = models.CharField(max_length=3)
    scope = models.CharField(max_length=3)
    basis_first = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    revision = models.PositiveIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    changed_by_name = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("place", "year", "number")
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="scope_item_once"),
            models.UniqueConstraint(
                fields=("place", "year", "folded"), condition=Q(withdrawn=False), name="scope_item_title"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=SCOPES, scope_first__in=SCOPES, basis__in=BASES, basis_first__in=BASES),
                name="scope_item_words",
            ),
        )


class ScopeAmount(models.Model):
    """What one group has of an item as the draft budgets share it, last year and this year, in pence."""

    item = models.ForeignKey(ScopeItem, on_delete=models.PROTECT, related_name="amounts")
    unit = models.CharField(max_length=40)
    last = models.BigIntegerField()
    this = models.BigIntegerField()

    class Meta:
        ordering = ("item", "unit")
        constraints = (
            models.UniqueConstraint(fields=("item", "unit"), name="scope_amount_once"),
            models.CheckConstraint(condition=Q(last__gte=0, this__gte=0), name="scope_amount_not_negative"),
        )


class ScopeProposal(models.Model):
    """A proposal to move an item, or to share it on another basis; an item has one open proposal at a time."""

    item = models.ForeignKey(ScopeItem, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    wanted = models.CharField(max_length=10)
    reason = models.TextField()
    unit = models.CharField(max_length=40, blank=True)
    by_id = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, default="open")
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("item", "number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="scope_proposal_once"),
            models.UniqueConstraint(fields=("item",), condition=Q(state="open"), name="scope_proposal_one_open"),
            models.CheckConstraint(
                condition=Q(state__in=STATES, wanted__in=(*SCOPES, *BASES)), name="scope_proposal_words"
            ),
        )
