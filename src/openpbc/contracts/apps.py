"""Django's entry for the room."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contracts and their activity plans."""

    name = "openpbc.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Hand the terms that pricing needs to the room that prices."""
        from openpbc.activity.reads import terms_come_from
        from openpbc.contracts.reads import terms

        terms_come_from(terms)
