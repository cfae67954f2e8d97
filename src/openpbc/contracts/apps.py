"""Django's entry for the room."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contracts and their activity plans."""

    name = "openpbc.contracts"
    label = "contracts"
