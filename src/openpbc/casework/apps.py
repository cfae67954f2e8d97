"""Django's entry for the workshop."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Processes and the cases that run along them."""

    name = "openpbc.casework"
    label = "casework"
