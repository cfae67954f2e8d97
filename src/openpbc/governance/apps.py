"""Django's entry for the room."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Bodies and the record of their decisions."""

    name = "openpbc.governance"
    label = "governance"
