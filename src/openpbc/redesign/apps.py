"""Django's entry for the room."""

from django.apps import AppConfig


class RedesignConfig(AppConfig):
    """Cases of redesign, their papers and their way to a decision."""

    name = "openpbc.redesign"
    label = "redesign"
