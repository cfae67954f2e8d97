"""The ledger as it is remembered: accounts, lines and the journals that post them. Rows are only ever added.

A journal's lines are written first and its own row last: that row is the posting, and the database refuses it unless
the lines stand, add up to nought and follow what is there (see ``finance.triggers``).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from openpbc.finance.rules.ledger import ACCOUNT_KINDS, ALLOCATION, JOURNAL_KINDS


class LedgerAccounts(models.QuerySet["LedgerAccount"]):
    """Finds accounts with where they stand."""

    def with_heads(self) -> LedgerAccounts:
        """Add each account's last line: ``head_number`` and ``head_balance``, found without reading its history."""
        last = LedgerLine.objects.filter(account=OuterRef("pk")).order_by("-number")
        return self.annotate(
            head_number=Subquery(last.values("number")[:1]), head_balance=Subquery(last.values("balance_after")[:1])
        )


class LedgerAccount(models.Model):
    """An account of one place and financial year; its code says what it is."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    code = models.CharField(max_length=130)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    unit = models.CharField(max_length=40, blank=True)
    practice = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=12, blank=True)
    service_line = models.CharField(max_length=40, blank=True)
    may_go_below = models.BooleanField(default=False)

    objects = LedgerAccounts.as_manager()
    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("place", "year", "code")
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "code"), name="ledger_account_once"),
            models.CheckConstraint(condition=Q(kind__in=tuple(ACCOUNT_KINDS)), name="ledger_account_kind"),
            models.CheckConstraint(
                condition=Q(may_go_below=True, kind=ALLOCATION) | (Q(may_go_below=False) & ~Q(kind=ALLOCATION)),
                name="ledger_account_floor",
            ),
        )


class LedgerLine(models.Model):
    """One entry on an account; ``number`` counts the account's lines, ``position`` those of the journal."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="lines", db_index=False)
    # Checked at the commit: lines come first, and without their journal they cannot stay.
    journal = models.ForeignKey("LedgerJournal", on_delete=models.PROTECT, related_name="entries", db_index=False)
    position = models.PositiveIntegerField()
    number = models.PositiveBigIntegerField()
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField()

    posted_by: ClassVar[str] = "journal"
    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("account", "number"), name="ledger_line_once"),
            models.UniqueConstraint(fields=("journal", "position"), name="ledger_line_position_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_amount"),
        )


class LedgerJournal(models.Model):
    """The posting of a journal; its id is its address: place, year and number."""

    id = models.CharField(max_length=90, primary_key=True)
    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    on = models.DateField()
    reason = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    key = models.CharField(max_length=200, blank=True)
    lines = models.PositiveIntegerField()
    by_id = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    posts: ClassVar[tuple[str, ...]] = ("LedgerLine",)
    only_added: ClassVar[bool] = True

    class Meta:
        ordering = ("place", "year", "number")
        indexes = (models.Index(fields=("place", "year", "source"), name="ledger_journal_source"),)
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="ledger_journal_once"),
            models.UniqueConstraint(fields=("place", "year", "key"), condition=~Q(key=""), name="ledger_key_once"),
            models.CheckConstraint(condition=Q(kind__in=tuple(JOURNAL_KINDS)), name="ledger_journal_kind"),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_journal_reason"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="ledger_reversal_of",
            ),
        )
