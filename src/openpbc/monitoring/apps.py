"""Django's entry for the room."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Closed months and their history."""

    name = "openpbc.monitoring"
    label = "monitoring"
