"""Django's entry for the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The hash-chained log of every write."""

    name = "openpbc.audit"
    label = "audit"
