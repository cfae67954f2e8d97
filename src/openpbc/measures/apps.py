"""Django's entry for the room."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """How well care is given: measured months, peer groups, entered values, targets."""

    name = "openpbc.measures"
    label = "measures"
