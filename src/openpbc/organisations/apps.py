"""Django's entry for the room."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, people and roles."""

    name = "openpbc.organisations"
    label = "organisations"
